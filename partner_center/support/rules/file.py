"""What may be attached to a ticket. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from partner_center.kernel.rules import Rule, RuleTable
from partner_center.support.rules.book import BOOK


@dataclass(frozen=True)
class FilesFacts:
    """Files that come with a message, together."""

    files: int
    most_files: int
    on_ticket: int
    most_on_ticket: int


@dataclass(frozen=True)
class FileFacts:
    """One file: what its bytes are, and what its name says."""

    name: str
    size: int
    most_size: int
    kind: str
    endings: tuple[str, ...]
    ending: str
    pixels: tuple[int, int] | None
    most_side: int
    most_pixels: int


FILES: RuleTable[FilesFacts] = BOOK.table(
    Rule(
        "L-251.files",
        "too_many_files",
        lambda f: f.files <= f.most_files,
        lambda f: {"actual": f.files, "required": f.most_files},
    ),
    Rule(
        "L-251.files_in_all",
        "too_many_files_in_all",
        lambda f: f.files == 0 or f.on_ticket + f.files <= f.most_on_ticket,
        lambda f: {"actual": f.on_ticket + f.files, "required": f.most_on_ticket},
    ),
)


def _bounded(facts: FileFacts) -> bool:
    if facts.pixels is None:
        return True
    width, height = facts.pixels
    return min(width, height) > 0 and max(width, height) <= facts.most_side and width * height <= facts.most_pixels


FILE: RuleTable[FileFacts] = BOOK.table(
    Rule(
        "L-251.size",
        "file_size",
        lambda f: 0 < f.size <= f.most_size,
        lambda f: {"name": f.name, "actual": f.size, "required": f.most_size},
    ),
    # What is empty or was not read for its size is told that alone.
    Rule(
        "L-251.type",
        "file_type",
        lambda f: bool(f.kind) or not 0 < f.size <= f.most_size,
        lambda f: {"name": f.name},
    ),
    Rule(
        "L-251.truthful",
        "file_name_lies",
        lambda f: not f.kind or f.ending in ("", *f.endings),
        lambda f: {"name": f.name, "actual": f.kind, "required": f.ending},
    ),
    Rule(
        "L-251.pixels", "image_size", _bounded, lambda f: {"name": f.name, "actual": f.pixels, "required": f.most_side}
    ),
)
