"""What must not stand in the repository, and what must be translatable."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import PACKAGE, held, texts

TEMPLATES = PACKAGE / "entrypoints" / "web" / "templates"
THIS = "tests/architecture/test_words.py"
MACHINE_MADE = ("node_modules/", "partner_center/entrypoints/web/static/", "docs/pictures/")
# Put together from parts, so that this file does not itself name what it forbids.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]
REGISTRY_OPTIONS = re.compile(r"--(extra-)?index-url|--registry[ =]|\bregistry\s*=\s*http", re.IGNORECASE)
HOME_PATHS = re.compile(r"""(?<![\w.<{/-])/(?:home|root|Users|work|mnt)/[a-z]""")
LEFT_BEHIND = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b|\bprint\(.*DEBUG|<<<<<<< |>>>>>>> ")
CJK = re.compile(r"[\u3400-\u9fff]")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
TRANSLATED = re.compile(r"\{%-?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", re.DOTALL)
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
RAW = re.compile(r"<(script|style|svg|pre|code)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
ENTITY = re.compile(r"&\w+;")
# What a macro puts into a tag stands outside of one in its own file.
ATTRIBUTE = re.compile(r"""[\w-]+="[^"]*"|\b(required|checked|selected|disabled|data-[a-z-]+)\b""")
WORDS = re.compile(r"[A-Za-z]{2,}")
SPOKEN = re.compile(r"""\b(?:title|alt|placeholder|aria-label|aria-description)=["']([^"'{]*[A-Za-z]{2,}[^"'{]*)["']""")


def templates() -> list[tuple[str, str]]:
    return [
        (path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(TEMPLATES.rglob("*.html"))
    ]


def _visible(text: str) -> str:
    for pattern in (RAW, TAG, ENTITY, ATTRIBUTE):
        text = pattern.sub(" ", text)
    return text


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}  {match.group(0)!r}"
        for name, text in texts()
        if name != THIS and not name.startswith(MACHINE_MADE)
        for match in pattern.finditer(text)
    ]


def test_no_registrys_address_is_named() -> None:
    """Law: no file names the address of a package registry, nor an option that sets one.

    Why: where packages come from is the machine's own setting; a repository that names one does not build behind
    another. Instead let the clients' configuration decide.
    """
    hosts = re.compile("|".join(re.escape(host) for host in REGISTRIES))
    assert found(hosts) + found(REGISTRY_OPTIONS) == []


def test_no_path_of_somebodys_machine() -> None:
    """Law: no absolute path below somebody's home or working folder. Instead: relative to the repository."""
    assert found(HOME_PATHS) == []


def test_nothing_is_left_behind() -> None:
    """Law: no notes to self and no traces of a merge. Why: they outlive the one who knew. Instead: do it or drop it."""
    assert found(LEFT_BEHIND) == []


@pytest.mark.parametrize(("name", "text"), templates(), ids=lambda each: each if len(each) < 60 else "")
def test_templates_hold_no_script_and_no_style(name: str, text: str) -> None:
    """Law: no inline script, no inline style sheet, no handler in an attribute.

    Why: the content security policy refuses them, and so does the reader of a diff. Instead: a file below static.
    """
    bare = COMMENT.sub("", text)
    assert not re.search(r"<style\b", bare)
    assert not re.search(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)", bare)
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", CODE.sub("", bare))
    assert "javascript:" not in bare


def test_nothing_is_called_safe_without_a_reason() -> None:
    """Law: `|safe` carries a comment on its line that begins with `safe:`.

    Why: it switches off the one thing that stands between a partner's text and a script. Instead pass markup made by
    a macro, which is escaped already.
    """
    for name, text in templates():
        for number, line in enumerate(text.splitlines(), 1):
            assert not re.search(r"\|\s*safe\b", line) or "{# safe:" in line, f"{name}:{number}"


def test_every_word_of_a_template_can_be_translated() -> None:
    """Law: what a page says stands in `_("…")` or `{% trans %}`; no Chinese and no bare English in a template.

    Why: both languages are complete, and a bare word is in one of them only. Instead wrap it; data come as values.
    """
    breaches = {}
    for name, text in templates():
        without = COMMENT.sub("", text)
        if CJK.search(without):
            breaches[f"{name}:cjk"] = CJK.findall(without)[0]
        rest = CODE.sub(" ", TRANSLATED.sub(" ", without))
        bare = [*SPOKEN.findall(rest), *WORDS.findall(_visible(rest))]
        if bare:
            breaches[f"{name}:bare"] = " | ".join(bare[:5])
    held("untranslated", breaches)
