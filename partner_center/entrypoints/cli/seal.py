"""Seal the hours that ended ten minutes ago or more."""

from __future__ import annotations

import argparse
import sys

from django.conf import settings
from django.utils import timezone

from partner_center.ledger import seals


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--public-key", action="store_true", help="only print the public key of the seals")


def run(options: argparse.Namespace) -> int:
    if not settings.SEAL_KEY:
        print("PARTNER_CENTER_SEAL_KEY is not set: base64 of 32 random bytes", file=sys.stderr)
        return 1
    key = seals.signing_key(settings.SEAL_KEY)
    if options.public_key:
        print(seals.public_text(key.public_key()))
        return 0
    sealed = seals.seal_due(timezone.now(), key)
    print(f"已封印 {len(sealed)} 个小时 / sealed {len(sealed)} hours")
    return 0
