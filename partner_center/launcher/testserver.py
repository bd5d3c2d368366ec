"""A PostgreSQL server for tests and for developers: started, its address printed, stopped with Ctrl-C.

With a command after `--` it runs that command with DATABASE_URL set, unless it already is, and with a data folder that
is thrown away, so that no test can find the demo's database; then it ends with the command's exit code.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from partner_center.launcher import ports, postgres
from partner_center.launcher.errors import CannotStart


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m partner_center.launcher.testserver", description=__doc__)
    parser.add_argument("--port", type=int, default=54329, help="the port to listen on (default: 54329)")
    parser.add_argument("--data", type=Path, help="a folder to keep (default: a temporary one)")
    parser.add_argument("command", nargs="*", help="a command to run with DATABASE_URL set")
    options = parser.parse_args()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.default_int_handler)
    try:
        return run(options.command) if options.command else serve(options.port, options.data)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def run(command: Sequence[str]) -> int:
    """Run a command with a database and a data folder of its own."""
    with contextlib.ExitStack() as stack:
        env = dict(os.environ)
        env["PARTNER_CENTER_DATA"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="pc-test-"))
        if not env.get("DATABASE_URL"):
            env["DATABASE_URL"] = stack.enter_context(postgres.start_temporary()).url()
            env.pop("DATABASE_APP_URL", None)
        return subprocess.run(command, env=env, check=False).returncode


def serve(port: int, data: Path | None) -> int:
    """Serve until stopped."""
    if not ports.is_free(port):
        raise CannotStart(f"Port {port} is in use.")
    with _server(port, data) as server:
        print(server.url(), flush=True)
        assert server.process is not None
        return server.process.wait()


@contextlib.contextmanager
def _server(port: int, data: Path | None) -> Iterator[postgres.Server]:
    if data is None:
        with postgres.start_temporary(port) as server:
            yield server
        return
    server = postgres.Server(data.absolute(), password="postgres", settings=postgres.THROWAWAY)
    try:
        server.start(port)
        yield server
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
