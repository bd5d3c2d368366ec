"""What the launcher says when it cannot go on."""

from __future__ import annotations

from pathlib import Path
from typing import Self


class CannotStart(Exception):
    """Something the person at the keyboard has to change; the message says what."""

    @classmethod
    def see(cls, what: str, log: Path, lines: int = 15) -> Self:
        """With the end of the log, which says why."""
        end = "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
        return cls(f"{what}; its messages are in {log}:\n{end}")
