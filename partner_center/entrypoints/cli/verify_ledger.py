"""Recompute the ledger's sums, balances, digests and seals; name what does not fit."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from partner_center.entrypoints.cli.acting import product
from partner_center.ledger import seals
from partner_center.ledger.verify import verify


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--public-key", action="append", default=[], help="a key that seals are signed with (base64)")
    parser.add_argument("--seals", type=Path, help="the seals outside the database (default: the data folder's)")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(options: argparse.Namespace) -> int:
    file = options.seals or seals.seals_file()
    found = verify(product("verify the ledger"), _keys(options.public_key), file if file.exists() else None)
    if options.json:
        print(json.dumps([dataclasses.asdict(finding) for finding in found], ensure_ascii=False))
    else:
        for finding in found:
            print(f"{finding.kind}  {finding.subject}  {finding.detail}")
        print(f"发现 {len(found)} 处不符 / {len(found)} findings" if found else "账本核验通过 / The ledger is sound")
    return 1 if found else 0


def _keys(given: list[str]) -> list[Ed25519PublicKey]:
    keys = [seals.public_key(text) for text in given]
    if settings.SEAL_KEY:
        keys.append(seals.signing_key(settings.SEAL_KEY).public_key())
    return keys
