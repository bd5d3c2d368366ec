"""The demo's mail server: a real one, which keeps what it gets and sends nothing on."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_PORT = 1025


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="the port to listen on (default: that of PARTNER_CENTER_SMTP_URL)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")


def run(options: argparse.Namespace) -> int:
    from partner_center.demo import mail

    folder = Path(os.environ.get("PARTNER_CENTER_DATA", "var")) / "mail"
    port = options.port or urlsplit(os.environ.get("PARTNER_CENTER_SMTP_URL", "")).port or DEFAULT_PORT
    print(f"smtp://{options.host}:{port} -> {folder}", file=sys.stderr, flush=True)
    mail.serve(options.host, port, folder)
    return 0
