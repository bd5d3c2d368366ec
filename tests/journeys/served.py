"""The product as it is run: web server and mail server as processes and sockets of their own."""

from __future__ import annotations

import base64
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from partner_center.demo import mail
from partner_center.launcher import serve
from tests.conftest import APP_PASSWORD, APP_ROLE, ROOT, _server

LONGEST_START = 30.0


@dataclass(frozen=True)
class Served:
    """Where it is found, on each of its two sites."""

    china: str
    international: str
    data: Path = Path()
    environment: Mapping[str, str] = field(default_factory=dict)

    def mails(self, to: str) -> list[EmailMessage]:
        """What the product has mailed to somebody, newest first; what waits to be sent is sent before."""
        sending = serve.command("run-due", "--only", "sweep-throttle")
        subprocess.run(sending, env=dict(self.environment), cwd=ROOT, check=True, capture_output=True, timeout=60)
        files = sorted((self.data / "mail").glob("*.eml"), reverse=True)
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [mail for mail in found if mail["To"] == to]  # type: ignore[misc]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(database: str, data: Path) -> Iterator[Served]:
    """The product on a free port, as the application's role, with a mailbox that really takes mail."""
    port, smtp = free_port(), free_port()
    where = Served(f"http://127.0.0.1:{port}", f"http://intl.localhost:{port}")
    mails = mail.server("127.0.0.1", smtp, data / "mail")
    mails.start()
    environment = _environment(database, data, smtp, where)
    where = replace(where, data=data, environment=environment)
    with (data / "web.log").open("wb") as log:
        process = subprocess.Popen(serve.web("127.0.0.1", port), env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait(where, process, data / "web.log")
            yield where
        finally:
            process.terminate()
            process.wait(10)
            mails.stop()


def _environment(database: str, data: Path, smtp: int, where: Served) -> dict[str, str]:
    at = _server()
    inherited = {k: value for k, value in os.environ.items() if not k.startswith(("PARTNER_CENTER", "DATABASE"))}
    url = f"postgresql://{APP_ROLE}:{APP_PASSWORD}@{at['HOST']}:{at['PORT']}/{database}"
    return inherited | {
        "DATABASE_URL": url,
        "DATABASE_APP_URL": url,
        "PARTNER_CENTER_DATA": str(data),
        "PARTNER_CENTER_DEMO": "1",
        "PARTNER_CENTER_ADDRESS": where.china,
        "PARTNER_CENTER_INTL_ADDRESS": where.international,
        "PARTNER_CENTER_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        "PARTNER_CENTER_SECRET_KEY": secrets.token_urlsafe(32),
        "PARTNER_CENTER_FIELD_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }


def _wait(where: Served, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{where.china}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"the product does not start: {log.read_text(errors='replace')[-2000:]}")
