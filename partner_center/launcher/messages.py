"""Compiles the message catalogues; only their sources are kept in the repository."""

from __future__ import annotations

from pathlib import Path

from partner_center.launcher.environment import ROOT


def compile_all(root: Path = ROOT / "partner_center") -> int:
    """Compile every catalogue that is newer than what was made of it; returns how many."""
    stale = [source for source in root.glob("**/LC_MESSAGES/*.po") if _stale(source)]
    for source in stale:
        _compile(source)
    return len(stale)


def _stale(source: Path) -> bool:
    made = source.with_suffix(".mo")
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> None:
    # Imported here: on most starts there is nothing to compile.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parent.parent.name)
    draft = source.with_suffix(".mo.draft")
    with draft.open("wb") as out:
        write_mo(out, catalogue)
    draft.replace(source.with_suffix(".mo"))
