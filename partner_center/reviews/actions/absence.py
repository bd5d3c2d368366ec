"""Being away: who finds one's reviews meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.reviews import queries, rules
from partner_center.reviews.models import Absence


@action
def be_absent(actor: Actor, *, starts_at: datetime, ends_at: datetime, stand_in: UUID) -> UUID:
    """Say that one is away, and which colleague finds one's reviews meanwhile.

    Rules:   L-020.
    Raises:  Refused.
    Records: absence.noted
    """
    if actor.user_id is None or actor.home is None:
        raise NotFound("user")
    known = {each.id for each in queries.colleagues(actor)}
    rules.ABSENCE.check(
        rules.AbsenceFacts(
            starts_at=starts_at,
            ends_at=ends_at,
            at=actor.at,
            stand_in_is_colleague=stand_in in known,
            stand_in_is_self=stand_in == actor.user_id,
            overlaps=queries.overlapping(actor, starts_at, ends_at),
        )
    )
    row = Absence.objects.create(
        organisation_id=actor.home, user_id=actor.user_id, stand_in_id=stand_in, starts_at=starts_at, ends_at=ends_at
    )
    about = {"stand_in": stand_in, "until": ends_at, **_party(actor, actor.home)}
    record(actor, "absence.noted", subject_kind="user", subject_id=actor.user_id, **about)
    return row.pk


@action
def be_back(actor: Actor, *, absence_id: UUID) -> None:
    """End one's absence from now on.

    Raises:  NotFound.
    Records: absence.ended
    """
    own = Absence.objects.visible_to(actor).filter(pk=absence_id, user_id=actor.person_id, ends_at__gt=actor.at)
    row = own.select_for_update().first()
    if row is None:
        raise NotFound("absence")
    # One that has not begun ends where it would begin, and so never was.
    row.ends_at = max(actor.at, row.starts_at)
    row.save()
    record(
        actor, "absence.ended", subject_kind="user", subject_id=actor.person_id, **_party(actor, row.organisation_id)
    )


def _party(actor: Actor, organisation_id: UUID) -> dict[str, Any]:
    return {"customer_id" if actor.audience == "customer" else "partner_id": organisation_id}
