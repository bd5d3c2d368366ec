"""A world that is committed, and a mail server that really listens."""

from __future__ import annotations

import email
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from partner_center.demo import mail
from tests.entrypoints.world import World

Inbox = Callable[[], list[EmailMessage]]


def free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


@pytest.fixture
def world(committing_db: str, channel_stage: Any) -> World:
    return replace(channel_stage.world)


@pytest.fixture
def inbox(tmp_path: Path, settings: Any) -> Iterator[Inbox]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    taking = mail.server("127.0.0.1", settings.EMAIL_PORT, tmp_path / "mail")
    taking.start()

    def read() -> list[EmailMessage]:
        files = sorted((tmp_path / "mail").glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]  # type: ignore[misc]

    yield read
    taking.stop()
