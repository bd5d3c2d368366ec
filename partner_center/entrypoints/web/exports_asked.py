"""The button that leads from a list to its export, as narrowed as the list is."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from partner_center.exports.kinds import may_export
from partner_center.kernel.actor import Actor


def export_href(actor: Actor, kind: str, params: Mapping[str, str]) -> str:
    """Where the list is asked for as a file; nothing for who may not."""
    if not may_export(actor, kind, masked=True):
        return ""
    kept = urlencode({name: value for name, value in params.items() if value})
    return reverse("new-export", args=[kind]) + (f"?{kept}" if kept else "")
