"""Child processes that never outlive the launcher."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(how: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the child this signal when the parent dies, even by kill -9 (Linux)."""
    parent = os.getpid()

    def tie() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, how)
            if os.getppid() != parent:
                os._exit(1)

    return tie


def spawn(
    command: Sequence[str | Path],
    log: IO[bytes],
    *,
    env: Mapping[str, str] | None = None,
    death: signal.Signals = signal.SIGTERM,
    uid: int | None = None,
    told: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches the launcher only and it decides the order.

    What it prints goes to the log; `told`, to whoever reads its `stdout`.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if told else log,
        stderr=log,
        env=env,
        cwd="/",
        start_new_session=True,
        preexec_fn=dies_with_parent(death),
        user=uid,
        group=uid,
        extra_groups=None if uid is None else [],
    )


def open_log(path: Path, keep: int = 8 * 1024 * 1024) -> IO[bytes]:
    """Append to a log; a large one is set aside first, so that two files are the most there ever is."""
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > keep:
            path.replace(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def stop(child: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, patience: float = 10) -> None:
    """Ask the child to stop; what is left of its group after the wait is killed."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and what it left behind: an orphan would keep its port or its connections."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def command_of(pid: int) -> str | None:
    """The command line of a living process; None for one that is gone or a zombie."""
    folder = Path("/proc") / str(pid)
    if not Path("/proc/self/stat").exists():
        return _command_from_ps(pid)
    try:
        state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        return (
            None if state in "ZX" else (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except (FileNotFoundError, ProcessLookupError):
        return None


def _command_from_ps(pid: int) -> str | None:
    answer = subprocess.run(["ps", "-p", str(pid), "-o", "stat=,args="], capture_output=True, text=True, check=False)
    state, _, command = answer.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else command.strip()
