"""The demo's cast as others need it: cards for the sign-in page, sign-ins and keys for programs, the tour."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from partner_center.access.queries import actor_of, key_holder, keys, user_by_login
from partner_center.demo.cards import CARDS, Card
from partner_center.demo.today import LABEL
from partner_center.demo.tour import STEPS, Step
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor


def cards() -> tuple[Card, ...]:
    """The people of the cast, one click each; nobody outside of a demo."""
    return CARDS if settings.DEMO else ()


def tour() -> tuple[Step, ...]:
    """The steps of the tour; none outside of a demo."""
    return STEPS if settings.DEMO else ()


def credentials() -> dict[str, Any]:
    """Where the demo runs, and each role's sign-in; programs find their access keys here too.

    Secrets are kept encrypted like anybody's and are decrypted here, for there is nothing to protect in a demo.
    """
    if not settings.DEMO:
        return {}
    accounts = {card.role: _account(card) for card in CARDS}
    return {"address": settings.SITE_ADDRESSES["cloud-cn"], "accounts": accounts}


def _account(card: Card) -> dict[str, str]:
    told = {"login": card.login, "password": card.password}
    user = user_by_login(card.login)
    if user is None:
        return told
    told["organisation_id"] = user.organisation.number
    with seated(system_actor("demo: its own access keys", timezone.now())):
        mine = replace(actor_of(user, at=timezone.now()), roles=())
        held = [key for key in keys(mine) if key.revoked_at is None and key.label == LABEL]
        found = key_holder(held[0].access_key) if held else None
    return told | ({"access_key": held[0].access_key, "secret_key": found.secret} if found else {})
