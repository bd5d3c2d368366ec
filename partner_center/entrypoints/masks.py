"""What stands for a hidden value, on pages and in files. Pure."""

from __future__ import annotations

NONE = "—"
SHORT, LONG = 4, 8


def mask(text: str) -> str:
    """What stands for a hidden value: `139 **** 4471`, `li****@demo.example`, `赵 **`."""
    if not text:
        return NONE
    if "@" in text:
        name, _, host = text.partition("@")
        return f"{name[:2]}****@{host}"
    if len(text) <= SHORT:
        return f"{text[0]} {'*' * (len(text) - 1)}" if len(text) > 1 else "*"
    return f"{text[:3]} **** {text[-4:]}" if len(text) > LONG else f"{text[:2]}****"
