"""Reading policy packs from their files."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from partner_center.kernel.working_days import WorkCalendar
from partner_center.policy.rules import Pack, in_force, read_calendar, read_pack

PACKS, CALENDARS = Path(__file__).parent / "packs", Path(__file__).parent / "calendars"


class NoPack(LookupError):
    """There is no pack for a site, which only a broken installation can cause."""


@cache
def packs(site: str) -> tuple[Pack, ...]:
    """Every version of a site's pack, oldest first.

    Raises: NoPack.
    """
    found = [read_pack(path.read_text(encoding="utf-8")) for path in sorted((PACKS / site).glob("*.toml"))]
    if not found:
        raise NoPack(site)
    return tuple(sorted(found, key=lambda pack: pack.effective_from))


@cache
def sites() -> tuple[str, ...]:
    return tuple(sorted(folder.name for folder in PACKS.iterdir() if folder.is_dir()))


def pack(site: str, at: datetime) -> Pack:
    """The site's pack in force at an instant, so that past periods replay with the version of their time."""
    return in_force(packs(site), at)


def texts(site: str) -> tuple[str, ...]:
    """The names of the agreements whose texts a site's pack brings, as `code-number`."""
    return tuple(sorted(path.name.removesuffix(".zh.md") for path in (PACKS / site / "agreements").glob("*.zh.md")))


def text(site: str, name: str) -> tuple[str, str]:
    """An agreement's text of the pack: Chinese, English, as Markdown. Raises: NoPack."""
    if name not in texts(site):
        raise NoPack(f"{site}: {name}")
    folder = PACKS / site / "agreements"
    zh, en = ((folder / f"{name}.{language}.md").read_text(encoding="utf-8") for language in ("zh", "en"))
    return zh, en


@cache
def calendar(site: str) -> WorkCalendar:
    """The site's working days: each published year is a file of its own; a file that names no year holds always."""
    files = sorted((CALENDARS / site).glob("*.toml"))
    return read_calendar({file.stem: file.read_text(encoding="utf-8") for file in files})
