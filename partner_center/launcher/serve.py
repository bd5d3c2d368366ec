"""The processes of a running installation, started, watched and stopped."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from partner_center.launcher import processes
from partner_center.launcher.errors import CannotStart

BIN = Path(sys.executable).parent
_LONGEST_PAUSE = 30.0
_STEADY_AFTER = 60.0


def web(host: str, port: int) -> list[str | Path]:
    """One process with four threads; past that, production puts more processes behind a proxy."""
    return [BIN / "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1",
            "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
            "partner_center.config.wsgi:application"]  # fmt: skip


def command(*arguments: str) -> list[str | Path]:
    return [BIN / "partner-center", *arguments]


class Service:
    """A process that is started again, with growing pauses, whenever it ends."""

    def __init__(self, name: str, command: Sequence[str | Path], env: Mapping[str, str], logs: Path) -> None:
        self.name, self.command, self.env, self.log = name, command, env, logs / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.started = self.due = 0.0
        self.pause = 0.5

    def start(self) -> None:
        with processes.open_log(self.log) as log:
            self.process = processes.spawn(self.command, log, env=self.env)
        self.started = time.monotonic()

    def watch(self) -> None:
        """Start the process again if it ended and its pause is over."""
        if self.process is None:
            if time.monotonic() >= self.due:
                self.start()
        elif self.process.poll() is not None:
            self._ended(self.process)

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        processes.kill_group(process)
        steady = time.monotonic() - self.started > _STEADY_AFTER
        self.pause = 0.5 if steady else min(self.pause * 2, _LONGEST_PAUSE)
        self.due = time.monotonic() + self.pause
        self.process = None
        print(
            f"{self.name} ended ({_how(process.returncode)}) and starts again in {self.pause:.0f} s: {self.log}",
            flush=True,
        )


def stop(services: Sequence[Service]) -> None:
    """Tell all to stop before waiting for any."""
    running = [service.process for service in services if service.process is not None]
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        processes.stop(process)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


class Task:
    """A command of the application that comes to an end, and what it prints."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.name, self.log = arguments[0], log
        with processes.open_log(log) as out:
            self.process = processes.spawn(command(*arguments), out, env=env, told=True)

    def result(self) -> str:
        """Wait for its end."""
        printed, _ = self.process.communicate()
        if self.process.returncode:
            raise CannotStart.see(f"partner-center {self.name} failed", self.log)
        return printed.decode()

    def stop(self) -> None:
        processes.stop(self.process)


def wait_for(url: str, service: Service, seconds: float = 60) -> None:
    """Wait until the page answers 200, for as long as the service lives."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if service.process is None or service.process.poll() is not None:
            break
        if _answers(url):
            return
        time.sleep(0.05)
    raise CannotStart.see("The web server does not answer", service.log)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
