"""Links that are mailed to applicants: signed, for one purpose, ending by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.core import signing

from partner_center.kernel.errors import NotFound

Purpose = Literal["confirm", "state"]
LONGEST = 300


def sign(application_id: UUID, purpose: Purpose) -> str:
    """The token of a link. Confirming works once: what was confirmed is no draft any more."""
    return signing.dumps(application_id.hex, salt=f"joining:{purpose}")


def read(token: str, purpose: Purpose, life: timedelta) -> UUID:
    """Whose link it is. Raises: NotFound for one that is over, of another purpose, or nobody's."""
    try:
        return UUID(signing.loads(token[:LONGEST], salt=f"joining:{purpose}", max_age=life))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound("application") from error
