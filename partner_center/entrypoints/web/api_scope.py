"""How many of a list's rows programs see too: the partner API shows resale customers only."""

from __future__ import annotations

from django.utils.translation import gettext

MOST_COUNTED = 10_000


def note(shown: int, leaves_out: bool) -> str:
    """One line where the API shows fewer; nothing where it shows the same. Rules: S-380."""
    if not leaves_out:
        return ""
    many = f"{shown:,}" if shown < MOST_COUNTED else f"{MOST_COUNTED:,}+"
    return gettext("Of these, %(num)s are visible to the compatible API (resale customers only).") % {"num": many}
