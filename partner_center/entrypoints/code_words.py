"""What the fixed codes of limits are called, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def word(code: str, language: str) -> str:
    """A code's name; a code without one stands for itself, and none at all for nothing said."""
    known = _words().get(code)
    return known["zh" if language == "zh" else "en"] if known else code or "—"


def listed(codes: Iterable[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(word(code, language) for code in codes) or "—"
