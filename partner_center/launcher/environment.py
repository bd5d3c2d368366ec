"""The environment file: what the launcher made and other commands need, kept in DATA with mode 0600."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def data_dir(given: str | os.PathLike[str] | None = None) -> Path:
    """The folder of everything this installation keeps: as given, as the environment says, or `var`."""
    return Path(given or os.environ.get("PARTNER_CENTER_DATA") or ROOT / "var").expanduser().absolute()


def read(data: Path, name: str = "environment") -> dict[str, str]:
    """The values the file holds; empty where there is none."""
    try:
        text = (data / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if line and not line.startswith("#"))
    return {key.strip(): value for key, sign, value in pairs if sign}


def write(data: Path, values: Mapping[str, str], name: str = "environment") -> None:
    """Replace the file in one step, readable by its owner only from its first byte on."""
    if bad := [key for key, value in values.items() if "\n" in value or "=" in key]:
        raise ValueError(f"not one line each: {', '.join(bad)}")
    draft = data / f"{name}.draft"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.writelines(f"{key}={value}\n" for key, value in sorted(values.items()))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(data / name)


def load(data: str | os.PathLike[str] | None = None) -> None:
    """Put the file's values into the environment where it does not say otherwise."""
    folder = data_dir(data)
    try:
        values = read(folder)
    except PermissionError:
        return
    for key, value in values.items():
        os.environ.setdefault(key, value)
    os.environ.setdefault("PARTNER_CENTER_DATA", str(folder))
