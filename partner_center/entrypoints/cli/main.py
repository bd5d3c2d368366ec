"""`partner-center COMMAND`: one command an operator's verb."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from partner_center.entrypoints.cli.commands import COMMANDS, Command
from partner_center.launcher import environment

USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0 if words else USAGE
    command = COMMANDS.get(words[0])
    if command is None:
        print(f"partner-center: no such command: {words[0]}\n\n{overview()}", file=sys.stderr)
        return USAGE
    try:
        return call(words[0], command, words[1:])
    except BrokenPipeError:
        # Whoever read the output (head, less) has seen enough; nothing more can be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def overview() -> str:
    """The commands with what each is for."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.zh} / {command.en}" for name, command in COMMANDS.items()]
    exits = "Exit codes: 0 done, 1 findings, 2 usage, 3 refused by a rule, 4 not allowed, 5 not found, 6 conflict."
    head = "usage: partner-center COMMAND [options]     (partner-center COMMAND --help)"
    return "\n".join([head, "", *lines, "", exits])


def call(name: str, command: Command, words: Sequence[str]) -> int:
    """Set the command up as it asks for, and run it."""
    load_environment()
    if command.as_owner:
        os.environ["PARTNER_CENTER_AS_OWNER"] = "1"
    if command.django:
        set_up_django()
    module = import_module(command.module)
    parser = argparse.ArgumentParser(prog=f"partner-center {name}", description=f"{command.zh} / {command.en}.")
    module.configure(parser)
    options = parser.parse_args(words)
    if not command.django:
        return int(module.run(options))
    from partner_center.entrypoints.cli.errors import explained

    return explained(module.run, options)


def load_environment() -> None:
    """Where no database is named, take the installation's own environment file."""
    if not os.environ.get("DATABASE_URL"):
        environment.load()


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partner_center.config.settings")
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
