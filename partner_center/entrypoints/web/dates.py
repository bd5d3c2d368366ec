"""Dates as plain text in the page's zone, for what components and messages are fed with."""

from __future__ import annotations

from datetime import datetime

from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.jinja import zone


def start_day(value: datetime | None) -> str:
    return formats.start_day(value, zone())


def moment(value: datetime | None) -> str:
    return formats.moment(value, zone())


def moment_with_zone(value: datetime) -> str:
    """For texts that leave the page, such as mails."""
    return f"{moment(value)} ({formats.zone_label(zone(), value)})"
