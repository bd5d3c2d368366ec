"""The demo's mail server: takes every mail over real SMTP and keeps it as a file, for the page of received mails."""

from __future__ import annotations

import os
import signal
import threading
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from partner_center.kernel.ids import new_id

MOST_KEPT = 2000
LARGEST = 5 * 1024 * 1024


class Keeper:
    """Writes each mail to the folder as it came, with the envelope it was sent in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        sent = BytesParser(policy=policy.SMTP).parsebytes(envelope.original_content)
        sent["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.keep(sent.as_bytes())
        return "250 OK"

    def keep(self, content: bytes) -> Path:
        """Write in one step, so that no reader sees half a mail; the oldest beyond the limit go."""
        target = self.folder / f"{new_id()}.eml"
        draft = target.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
        draft.replace(target)
        for old in sorted(self.folder.glob("*.eml"))[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
        return target


def server(host: str, port: int, folder: Path) -> Controller:
    """The server, not yet started."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Controller(Keeper(folder), hostname=host, port=port, data_size_limit=LARGEST, ident="Partner Center demo")


def serve(host: str, port: int, folder: Path) -> None:
    """Take mail until a signal says stop."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    taking = server(host, port, folder)
    taking.start()
    try:
        stop.wait()
    finally:
        taking.stop()
