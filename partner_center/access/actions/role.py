"""Roles an organisation makes for itself: a name and permission items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_center.access.actions.parties import party
from partner_center.access.models import Role, RoleAssignment
from partner_center.access.permissions import Can, require
from partner_center.access.rules import BOOK, DROP_ROLE, ROLE, DropRoleFacts, RoleFacts
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound, Refused
from partner_center.kernel.ids import new_id


@action
def make_role(actor: Actor, *, name: str, grants: Sequence[str]) -> UUID:
    """Make a role of the organisation's own; what every role brings is added to it.

    Rules:   S-576, S-580, S-581, L-209, L-210, L-214.
    Raises:  NotAllowed; Refused.
    Records: role.made
    """
    require(actor, Can.MEMBER_MANAGE)
    ROLE.check(_facts(actor, name, grants))
    id_ = new_id()
    role = Role(
        id=id_,
        organisation_id=actor.seat_id,
        code=f"own-{id_.hex}",
        name=name.strip(),
        grants=sorted(set(grants)),
        made_at=actor.at,
    )
    _saved(role, name, force_insert=True)
    _noted(actor, "role.made", id_, after=role.grants)
    return id_


@action
def change_role(actor: Actor, *, role_id: UUID, name: str, grants: Sequence[str]) -> None:
    """Give a role of one's own another name or other items; whoever holds it has them from now on.

    Rules:   S-580, S-581, L-209, L-210, L-214.
    Raises:  NotAllowed; NotFound; Refused.
    Records: role.changed
    """
    require(actor, Can.MEMBER_MANAGE)
    role = _hold(actor, role_id)
    ROLE.check(_facts(actor, name, grants, role))
    before, role.name, role.grants = role.grants, name.strip(), sorted(set(grants))
    _saved(role, name, update_fields=["name", "grants"])
    _noted(actor, "role.changed", role.pk, before=before, after=role.grants)


@action
def drop_role(actor: Actor, *, role_id: UUID) -> None:
    """End a role of one's own that nobody holds.

    Rules:   L-209.
    Raises:  NotAllowed; NotFound; Refused while somebody holds it.
    Records: role.dropped
    """
    require(actor, Can.MEMBER_MANAGE)
    role = _hold(actor, role_id)
    held = RoleAssignment.objects.filter(organisation_id=role.organisation_id, role=role.code, valid_to=None).count()
    DROP_ROLE.check(DropRoleFacts(held))
    role.ended_at = actor.at
    role.save(update_fields=["ended_at"])
    _noted(actor, "role.dropped", role.pk, before=role.grants)


def _hold(actor: Actor, role_id: UUID) -> Role:
    # Whoever is given the role holds its row too: it cannot be dropped under them.
    rows = Role.objects.visible_to(actor).filter(pk=role_id, organisation_id=actor.seat_id, ended_at=None)
    role = rows.select_for_update().first()
    if role is None:
        raise NotFound("role")
    return role


def _facts(actor: Actor, name: str, grants: Sequence[str], itself: Role | None = None) -> RoleFacts:
    others = Role.objects.visible_to(actor).filter(organisation_id=actor.seat_id, ended_at=None)
    others = others.exclude(pk=itself.pk) if itself else others
    return RoleFacts(
        name=name.strip(),
        names=frozenset(others.values_list("name", flat=True)),
        grants=tuple(grants),
        audience=actor.audience,
        is_new=itself is None,
    )


def _saved(role: Role, name: str, **how: Any) -> None:
    try:
        with transaction.atomic():
            role.save(**how)
    except IntegrityError as error:  # a twin took the name between our question and our write
        raise Refused([BOOK.broken("L-209.taken", "role_name_taken", actual=name)]) from error


def _noted(actor: Actor, event: str, role_id: UUID, **data: Any) -> None:
    record(actor, event, subject_kind="role", subject_id=role_id, **data, **party(actor))
