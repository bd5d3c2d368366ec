"""Everything the database needs before the first page: tables, grants, in a demo its world; tells the sign-ins."""

from __future__ import annotations

import argparse

from django.conf import settings

from partner_center.entrypoints.cli import demo_credentials, load_demo, ownership


def configure(parser: argparse.ArgumentParser) -> None:
    """No options: what is to be done follows from the environment."""


def run(options: argparse.Namespace) -> int:
    ownership.migrate()
    ownership.grant()
    ownership.become_application()
    if not settings.DEMO:
        return 0
    load_demo.load()
    return demo_credentials.run(argparse.Namespace(json=True))
