"""The folder of everything one installation keeps, used by one launcher at a time."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from pathlib import Path

from partner_center.launcher import environment, identity
from partner_center.launcher.errors import CannotStart


def claim(data: Path, *, fresh: bool, stack: contextlib.ExitStack) -> None:
    """Make the folder and hold its lock until the stack ends; `fresh` empties it first."""
    empty_first = fresh and data.exists() and any(data.iterdir())
    if empty_first and not _ours(data):
        raise CannotStart(f"{data} was not made by ./run; --fresh does not empty it.")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = stack.enter_context((data / "lock").open("a"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        address = environment.read(data).get("PARTNER_CENTER_ADDRESS", "another address")
        raise CannotStart(f"It is already running with this folder, at {address}") from None
    if empty_first:
        empty(data)
    # Where PostgreSQL has to run as nobody, it must be able to pass through.
    data.chmod(0o700 if identity.current().uid is None else 0o711)
    (data / "logs").mkdir(mode=0o700, exist_ok=True)


def _ours(data: Path) -> bool:
    return any((data / name).exists() for name in ("lock", "passwords", "environment"))


def empty(data: Path) -> None:
    """Remove all that is kept, but not the lock that is held."""
    shutil.rmtree(identity.place(data / "postgres", identity.current()), ignore_errors=True)
    for path in data.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()
