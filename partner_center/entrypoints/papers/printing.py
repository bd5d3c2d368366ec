"""Setting a paper: the template gets it as data, so that no word in it is ever taken for an instruction."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from partner_center.entrypoints.papers.blocks import Block
from partner_center.kernel.errors import Conflict

TEMPLATE = Path(__file__).with_name("paper.typ")
FONTS = Path(__file__).with_name("fonts")
FACES = 2


class NoFonts(Conflict):
    """The faces papers are set in are not there; without them every Chinese character would be an empty box."""


@dataclass(frozen=True)
class Fact:
    """A line of the box below a text; `code` for what is compared letter by letter."""

    label: str
    value: str
    code: bool = False


@dataclass(frozen=True)
class Paper:
    """A document: its head, its text, a box of facts below, and what each page says at its foot."""

    title: str
    language: str
    head: tuple[str, ...]
    body: list[Block]
    foot: str
    box: str = ""
    facts: tuple[Fact, ...] = ()
    note: str = ""
    wide: bool = False


def pdf(paper: Paper, at: datetime) -> bytes:
    """The paper as PDF, made at an instant.

    Raises: NoFonts.
    """
    import typst  # takes long to load, and few processes ever print

    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"paper": json.dumps(asdict(paper), ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )


def _fonts() -> Path:
    if len(list(FONTS.glob("NotoSansSC-*.ttf"))) < FACES:
        raise NoFonts("paper_fonts_missing")
    return FONTS
