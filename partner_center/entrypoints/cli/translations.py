"""Messages of the console: extract them from Python and templates, keep the Chinese catalogue, compile it."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[2]
WEB = PACKAGE / "entrypoints" / "web"
SOURCES = (PACKAGE / "entrypoints", PACKAGE / "demo")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
LOCALE = "zh_Hans"
OPTIONS = {
    "--check": "missing, fuzzy, unused or HTML-bearing messages; exit 1 if there are any (so without any option)",
    "--update": "put new messages into the catalogue, take unused ones out",
    "--compile": "write the .mo file beside the catalogue; it is not kept in the repository",
}
HEADER = "# Chinese of the console. Sorted by message; python -m partner_center.entrypoints.cli.translations --update"
VOLATILE = tuple(
    f'"{field}'
    for field in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Generated-By",
        "Report-Msgid",
        "Project-Id",
    )
)
_HTML = re.compile(r"</?[a-z][^>]*>|&[a-z]+;")
_HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def catalogue_path(web: Path = WEB) -> Path:
    return web / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def extracted(sources: Sequence[Path] = SOURCES) -> Catalog:
    """Every message in the sources, without places: several people edit the catalogue at once."""
    with (WEB / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    catalog = Catalog(locale=LOCALE)
    for source in (each for each in sources if each.exists()):
        for _file, _line, message, _comments, context in extract_from_dir(
            source, methods, options, KEYWORDS, directory_filter=lambda folder: Path(folder).name != "__pycache__"
        ):
            catalog.add(message, context=context)
    return catalog


def kept(path: Path) -> Catalog:
    """The catalogue as it stands."""
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def problems(template: Catalog, catalog: Catalog) -> Iterator[str]:
    """What is wrong, one line each."""
    for message in (each for each in template if each.id):
        found = catalog.get(message.id, message.context)
        said = "; ".join(_texts(message.id))
        if found is None or not all(_texts(found.string)) or not found.string:
            yield f"missing: {said}"
        elif found.fuzzy:
            yield f"fuzzy: {said}"
        else:
            yield from _wrong_holes(found)
        if any(_HTML.search(text) for text in _texts(message.id)):
            yield f"HTML in a message: {said}"
    for message in (each for each in catalog if each.id):
        if template.get(message.id, message.context) is None:
            yield f"unused: {'; '.join(_texts(message.id))}"


def _wrong_holes(message: Message) -> Iterator[str]:
    asked = set(_HOLE.findall(_texts(message.id)[-1]))
    for text in _texts(message.string):
        if set(_HOLE.findall(text)) != asked:
            yield f"other placeholders: {text}"
        if _HTML.search(text):
            yield f"HTML in a translation: {text}"


def _texts(text: str | Sequence[str] | None) -> list[str]:
    return [text or ""] if isinstance(text, str | None) else list(text)


def update(template: Catalog, path: Path) -> None:
    """New messages come in without a translation, unused ones go; nothing is guessed."""
    before, after = kept(path), Catalog(locale=LOCALE, header_comment=HEADER, fuzzy=False)
    for message in (each for each in template if each.id):
        found = before.get(message.id, message.context)
        after.add(message.id, found.string if found else "", context=message.context)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, after, width=120, no_location=True, omit_header=False, sort_output=True, include_lineno=False)
    path.write_text(_without_dates(path.read_text(encoding="utf-8")), encoding="utf-8")


def _without_dates(text: str) -> str:
    """The header without what differs from one run to the next."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(VOLATILE))


def compile_catalogue(path: Path) -> Path:
    """The binary catalogue which the console reads."""
    target = path.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, kept(path))
    return target


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="translations", description=__doc__.splitlines()[0] if __doc__ else "")
    for option, effect in OPTIONS.items():
        parser.add_argument(option, action="store_true", help=effect)
    asked = parser.parse_args(arguments)
    path = catalogue_path()
    if asked.compile and not (asked.update or asked.check):
        compile_catalogue(path)
        return 0
    template = extracted()
    if asked.update:
        update(template, path)
    if asked.compile:
        compile_catalogue(path)
    found = list(problems(template, kept(path)))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found and not asked.update else 0


if __name__ == "__main__":
    raise SystemExit(main())
