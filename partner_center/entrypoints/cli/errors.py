"""The one table from a verb's no to a message on the terminal and an exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from partner_center.entrypoints.refusals import problems
from partner_center.kernel.errors import Conflict, DomainError, NotAllowed, NotFound, Refused

EXIT: dict[type[DomainError], int] = {Refused: 3, NotAllowed: 4, NotFound: 5, Conflict: 6}
LABELS = {"zh": ("规则", "补救", "对象"), "en": ("Rule", "Remedy", "Subject")}


def explained(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """Run a command; what the business refuses is told in full, with the exit code of its kind."""
    try:
        return run(options)
    except DomainError as error:
        print(told(error, getattr(options, "language", "zh")), file=sys.stderr)
        return exit_code(error)


def exit_code(error: DomainError) -> int:
    return next((code for kind, code in EXIT.items() if isinstance(error, kind)), 1)


def told(error: DomainError, language: str) -> str:
    """Every reason with its rule and remedy."""
    rule, remedy, subject = LABELS[language]
    lines: list[str] = []
    for problem in problems(error, "zh" if language == "zh" else "en"):
        named = f"{rule} {problem.rule} ({problem.code})" if problem.rule else problem.code
        lines += [f"{named}: {problem.message}", f"    {remedy}: {problem.remedy}"]
        lines += [f"    {subject}: {problem.subject}"] if problem.subject else []
    return "\n".join(lines)
