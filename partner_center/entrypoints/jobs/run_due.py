"""Do at once all that is due at a business time: the schedule's verbs, reactions, and the mails that follow."""

from __future__ import annotations

import argparse
import json
import sys

from django.utils import timezone

from partner_center.entrypoints.jobs import queue
from partner_center.entrypoints.jobs.reactions import react
from partner_center.entrypoints.jobs.schedule import SCHEDULE
from partner_center.entrypoints.options import instant
from partner_center.kernel.actor import system_actor


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", type=instant, help="the business time, ISO 8601 (default: now)")
    parser.add_argument("--only", choices=[entry.name for entry in SCHEDULE], help="only this entry of the schedule")
    parser.add_argument("--no-mail", action="store_true", help="leave queued mails to the worker")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    at = options.at or timezone.now()
    done = {entry.name: entry.verb(at) for entry in SCHEDULE if options.only in (None, entry.name)}
    done["reactions"] = 0
    while looked_at := react(system_actor("reactions", at)):
        done["reactions"] += looked_at
    if not options.no_mail:
        queue.drain()
    lines = [json.dumps(done)] if options.json else [f"{name:<24} {count}" for name, count in done.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if done.get("verify-ledger") else 0
