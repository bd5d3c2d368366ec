"""Whose an event about the seat itself is."""

from __future__ import annotations

from typing import Any

from partner_center.kernel.actor import Actor


def party(actor: Actor) -> dict[str, Any]:
    """The seat as the party of an event about itself."""
    return {"customer_id": actor.seat} if actor.audience == "customer" else {"partner_id": actor.seat}
