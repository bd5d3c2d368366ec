"""The vendor's own colour, darkened until white text on it can be read."""

from __future__ import annotations

import re

READABLE = 4.5
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")


def readable(colour: str) -> str:
    """The colour as `#rrggbb`, dark enough for white text (WCAG AA); nothing for what is no colour."""
    match = _HEX.fullmatch(colour.strip())
    if match is None:
        return ""
    parts = [int(match[1][at : at + 2], 16) for at in (0, 2, 4)]
    while 1.05 / (_luminance(parts) + 0.05) < READABLE:
        parts = [part * 19 // 20 for part in parts]
    return "#" + "".join(f"{part:02x}" for part in parts)


def _luminance(parts: list[int]) -> float:
    shares = [part / 255 for part in parts]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
