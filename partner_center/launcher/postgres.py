"""A PostgreSQL server of our own: made, started, stopped, and started again after anything was killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

from partner_center.launcher import binaries, identity, ports, processes
from partner_center.launcher.errors import CannotStart

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # A socket's path may not exceed 107 bytes, and its folder would be one more thing to clear away.
    "unix_socket_directories": "",
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


class Server:
    """One data folder and the server on it."""

    def __init__(self, home: Path, *, password: str, settings: dict[str, str] | None = None) -> None:
        self.identity = identity.current()
        self.home = identity.place(home, self.identity)
        self.data = self.home / "data"
        self.password = password
        self.settings = SETTINGS | (settings or {})
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, port: int = 0) -> None:
        """Start the server, making its data folder first where there is none."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.identity.own(self.home)
        made = (self.data / "PG_VERSION").exists()
        major = int((self.data / "PG_VERSION").read_text()) if made else None
        self.programs = identity.programs(binaries.choose(major), self.identity)
        if not made:
            self._initialise()
        stale = clear_stale(self.data)
        self.port = ports.free(port or self.port)
        self._launch(attempts=6 if stale else 1)

    def _initialise(self) -> None:
        """Make the data folder; an interrupted attempt is cleared away first."""
        shutil.rmtree(self.data, ignore_errors=True)
        secret = self.home / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if self.identity.uid is not None:
            os.chown(secret, self.identity.uid, -1)
        command = ["initdb", f"--pgdata={self.data}", "--username=postgres", f"--pwfile={secret}",
                   "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions",
                   *_locale(self.programs.major)]  # fmt: skip
        try:
            self._run(command)
        finally:
            secret.unlink()

    def _run(self, command: list[str]) -> None:
        with processes.open_log(self.log) as log:
            child = self._spawn(command, log)
            if child.wait():
                raise CannotStart.see(f"{command[0]} failed", self.log)

    def _spawn(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        name, *arguments = command
        return processes.spawn(
            [*self.identity.prefix, self.programs / name, *arguments], log,
            death=signal.SIGINT, uid=self.identity.uid,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TMPDIR": str(self.home)},
        )  # fmt: skip

    @property
    def log(self) -> Path:
        """The server's own messages, beside its folder: inside it the server could put a link in the file's place."""
        return self.home.with_suffix(".log")

    def _launch(self, attempts: int) -> None:
        """Start the server; while a killed one's children are still leaving it may take another attempt."""
        settings = [f"--{name}={value}" for name, value in self.settings.items()]
        for left in reversed(range(attempts)):
            with processes.open_log(self.log) as log:
                self.process = self._spawn(["postgres", "-D", str(self.data), "-p", str(self.port), *settings], log)
            if self._wait_ready():
                return
            time.sleep(1 if left else 0)
        raise CannotStart.see("PostgreSQL did not start", self.log)

    def _wait_ready(self) -> bool:
        """Wait for as long as the server lives: recovery after a crash takes what it takes."""
        assert self.process is not None
        while self.process.poll() is None:
            if status(self.data) == "ready":
                return True
            time.sleep(0.02)
        return False

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End sessions and shut down cleanly; nothing is lost if it has to be killed."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGINT, patience=60)
            self.process = None

    def url(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        return f"postgresql://{quote(user)}:{password or self.password}@127.0.0.1:{self.port}/{quote(database)}"


def _locale(major: int) -> list[str]:
    """C.UTF-8 of PostgreSQL's own from 17 on, so that sorting and upper case do not depend on the machine."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8" if os.uname().sysname == "Linux" else "--no-locale"]


def status(data: Path) -> str:
    """What the server last wrote about itself in its pid file: `starting`, `ready`, `stopping` or nothing."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return ""
    return lines[7].strip() if len(lines) > 7 else ""


def clear_stale(data: Path, patience: float = 60) -> bool:
    """Remove a dead server's pid file, stopping the server first if it lives on; say whether there was one.

    PostgreSQL itself takes an unreaped zombie, or another program that got the number, for a living server.
    """
    file = data / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        file.unlink(missing_ok=True)
        return False
    until = time.monotonic() + patience
    while _is_server(pid, data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        if time.monotonic() > until:
            raise CannotStart(f"A PostgreSQL server (process {pid}) still uses {data} and does not stop.")
        time.sleep(0.1)
    file.unlink(missing_ok=True)
    return True


def _is_server(pid: int, data: Path) -> bool:
    return str(data) in (processes.command_of(pid) or "")


@contextlib.contextmanager
def start_temporary(port: int = 0) -> Iterator[Server]:
    """A server for tests: no durability, a folder of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pc-pg-"))
    # Nobody must be able to get to the server's own folder below it.
    folder.chmod(0o711)
    server = Server(folder / "pg", password="postgres", settings=THROWAWAY)
    try:
        server.start(port)
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
