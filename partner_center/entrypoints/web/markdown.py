"""Markdown as HTML: of agreements and other texts that staff write. Raw HTML in it is shown, never run."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup


@cache
def _reader() -> MarkdownIt:
    # Without links and images nothing in a text can lead anywhere or fetch anything.
    return MarkdownIt("zero", {"html": False}).enable(
        ["heading", "list", "emphasis", "table", "blockquote", "hr", "newline", "escape"]
    )


def html(text: str) -> Markup:
    """The text as HTML; headings begin one level down, below the page's own."""
    return Markup(_reader().render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>"))  # noqa: S704 - html is off


def tokens(text: str) -> list[Token]:
    """The same text as it was read, for what is no page."""
    return _reader().parse(text)
