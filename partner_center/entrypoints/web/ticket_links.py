"""Links that open a ticket with what one was at already filled in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from partner_center.entrypoints.web.refusals import Mend, no_button
from partner_center.entrypoints.web.view_models import Action
from partner_center.kernel.actor import Actor
from partner_center.kernel.rules import Outcome


@cache
def categories_by_rule() -> Mapping[str, str]:
    """Rule id → the category of the ticket that helps further."""
    return tomllib.loads(Path(__file__).with_name("tickets_by_rule.toml").read_text(encoding="utf-8"))


def new_ticket(category: str, *, rule: str = "", kind: str = "", id: UUID | None = None, label: str = "") -> str:
    """The address at which a ticket is opened about something."""
    said = {"category": category, "rule": rule, "subject_kind": kind, "subject_id": str(id or ""), "label": label}
    return f"{reverse('new-ticket')}?{urlencode({name: value for name, value in said.items() if value})}"


def by_ticket(request: HttpRequest, kind: str = "", id: UUID | None = None, label: str = "") -> Mend:
    """The button beside a broken rule that only the vendor can help with; none on the vendor's own pages."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.audience not in ("partner", "customer"):
        return no_button

    return lambda outcome: ticket_about(outcome, kind, id, label)


def ticket_about(outcome: Outcome, kind: str = "", id: UUID | None = None, label: str = "") -> Action | None:
    """The way from a broken rule to a ticket about a thing; nothing where the reader can help themselves."""
    category = categories_by_rule().get(outcome.id)
    if category is None or outcome.passed:
        return None
    href = new_ticket(category, rule=outcome.id, kind=kind, id=id, label=label)
    return Action(gettext("Open a ticket"), href, icon="headset")


def wrong_here(actor: Actor, kind: str, id: UUID, label: str) -> tuple[Action, ...]:
    """On the page of a thing of value: the way to say that it is not right."""
    if actor.audience not in ("partner", "customer"):
        return ()
    href = new_ticket("usage_dispute", kind=kind, id=id, label=label)
    return (Action(gettext("Something wrong? Open a ticket"), href, "link"),)
