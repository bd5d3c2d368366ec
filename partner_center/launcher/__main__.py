"""`./run`: from an empty folder to a running installation, and back to rest with Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from partner_center.launcher import (
    assets,
    banner,
    database,
    environment,
    folder,
    messages,
    ports,
    postgres,
    processes,
    secrets,
    serve,
)
from partner_center.launcher.errors import CannotStart

Env = dict[str, str]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Set up and run Partner Center.")
    parser.add_argument("--port", type=int, help="the port of the pages (default: last time's, or 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--data", help="the folder for the database, keys and logs (default: var)")
    parser.add_argument("--fresh", action="store_true", help="throw the folder away first")
    return parser.parse_args()


def main() -> int:
    chosen = options()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.default_int_handler)
    try:
        with contextlib.ExitStack() as stack:
            try:
                supervise(*start(chosen, stack))
            finally:
                # A second Ctrl-C must not leave half of it running.
                for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(name, signal.SIG_IGN)
    except CannotStart as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def say(text: str) -> None:
    print(text, flush=True)


Running = tuple[Sequence[serve.Service], postgres.Server | None]


def start(chosen: argparse.Namespace, stack: contextlib.ExitStack) -> Running:
    """Bring everything up in order; the stack takes it down again in the reverse order."""
    data = environment.data_dir(chosen.data)
    if chosen.fresh and os.environ.get("DATABASE_URL"):
        raise CannotStart("--fresh does not empty a database given by DATABASE_URL; empty it yourself.")
    folder.claim(data, fresh=chosen.fresh, stack=stack)
    fetching = assets.begin(data, fonts=False)
    if fetching is not None:
        stack.callback(processes.stop, fetching)
    values = secrets.complete(environment.read(data))
    server = resolve_database(data, values, stack)
    env = publish(data, values, chosen)
    say("Preparing the database" + (" and the demo world." if env["PARTNER_CENTER_DEMO"] == "1" else "."))
    preparing = serve.Task(["prepare"], env, data / "logs" / "prepare.log")
    stack.callback(preparing.stop)
    messages.compile_all()
    assets.finish(fetching, data, fonts=False)
    running = serve_all(chosen, data, env, preparing, stack)
    fetch_fonts(data, stack)
    return running, server


def fetch_fonts(data: Path, stack: contextlib.ExitStack) -> None:
    """What papers are set in comes while the pages are served already; until then a paper says that it must wait."""
    fetching = assets.begin(data, fonts=True)
    if fetching is not None:
        stack.callback(processes.stop, fetching)

    def wait() -> None:
        with contextlib.suppress(CannotStart):
            assets.finish(fetching, data, fonts=True)

    threading.Thread(target=wait, daemon=True).start()


def resolve_database(data: Path, values: Env, stack: contextlib.ExitStack) -> postgres.Server | None:
    """The database of DATABASE_URL, or else one of our own; its two addresses go into the values."""
    passwords = secrets.passwords(data)
    if owner_url := os.environ.get("DATABASE_URL"):
        app_url = database.given(owner_url, os.environ.get("DATABASE_APP_URL", ""), passwords["app"])
        values |= {"DATABASE_URL": owner_url, "DATABASE_APP_URL": app_url}
        return None
    say("Starting PostgreSQL.")
    server = postgres.Server(data / "postgres", password=passwords["superuser"])
    stack.callback(server.stop)
    server.start(urlsplit(values.get("DATABASE_URL", "")).port or 0)
    owner_url, app_url = database.embedded(server, passwords["owner"], passwords["app"])
    values |= {"DATABASE_URL": owner_url, "DATABASE_APP_URL": app_url}
    return server


def publish(data: Path, values: Env, chosen: argparse.Namespace) -> Env:
    """Settle the addresses, write the environment file, and return what the processes are given."""
    kept = urlsplit(values.get("PARTNER_CENTER_ADDRESS", "")).port or 0
    chosen.port = ports.for_web(chosen.port, kept, chosen.host)
    smtp = urlsplit(values.get("PARTNER_CENTER_SMTP_URL", "")).port or 0
    values |= {
        "PARTNER_CENTER_DATA": str(data),
        "PARTNER_CENTER_DEMO": os.environ.get("PARTNER_CENTER_DEMO", values.get("PARTNER_CENTER_DEMO", "1")),
        "PARTNER_CENTER_ADDRESS": f"http://127.0.0.1:{chosen.port}",
        "PARTNER_CENTER_INTL_ADDRESS": f"http://intl.localhost:{chosen.port}",
        "PARTNER_CENTER_SMTP_URL": f"smtp://127.0.0.1:{ports.free(smtp)}",
    }
    environment.write(data, values)
    decided = ("DATABASE_URL", "DATABASE_APP_URL", "PARTNER_CENTER_DATA")
    return values | os.environ | {name: values[name] for name in decided}


def serve_all(
    chosen: argparse.Namespace, data: Path, env: Env, preparing: serve.Task, stack: contextlib.ExitStack
) -> list[serve.Service]:
    """Start the processes, wait for the first page, and say where it is."""
    demo = env["PARTNER_CENTER_DEMO"] == "1"
    commands = {"web": serve.web(chosen.host, chosen.port), "worker": serve.command("worker")}
    if demo and "PARTNER_CENTER_SMTP_URL" not in os.environ:
        commands["demo-smtp"] = serve.command("demo-smtp")
    services = [serve.Service(name, command, env, data / "logs") for name, command in commands.items()]
    stack.callback(serve.stop, services)
    # The pages are loaded while the database is prepared; nobody is told of them before.
    services[0].start()
    credentials = preparing.result()
    for service in services[1:]:
        service.start()
    host = "127.0.0.1" if chosen.host == "0.0.0.0" else chosen.host  # noqa: S104 - compared, not listened on
    serve.wait_for(f"http://{host}:{chosen.port}/healthz", services[0])
    say(banner.started(env, credentials))
    return services


def supervise(services: Sequence[serve.Service], server: postgres.Server | None) -> None:
    """Watch until a signal says stop."""
    while True:
        time.sleep(0.25)
        if server is not None and not server.alive():
            say("PostgreSQL ended and starts again.")
            server.start()
        for service in services:
            service.watch()


if __name__ == "__main__":
    sys.exit(main())
