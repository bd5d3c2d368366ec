"""Organisations, their main users, the leave to act from another's seat, and what holds for a whole account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from partner_center.access.actions.member import new_user, write_users
from partner_center.access.actions.parties import party
from partner_center.access.codes import require_code
from partner_center.access.models import BannerHidden, Organisation, RoleAssignment, SeatGrant
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.ids import new_id


@dataclass(frozen=True)
class NewAccount:
    """An account about to be opened, with its main user: `person` is what `add_main_user` takes of one."""

    site: str
    name_zh: str
    name_en: str
    login: str
    display_name: str
    person: Mapping[str, str]


def open_organisation(
    actor: Actor, *, kind: str, site: str, name_zh: str, name_en: str, organisation_id: UUID | None = None
) -> UUID:
    """Open the account that a partner's or customer's verb is about to describe. Part of that verb's action."""
    id_ = organisation_id or new_id()
    Organisation.objects.create(
        id=id_, number=id_.hex, kind=kind, site=site, name_zh=name_zh, name_en=name_en or name_zh, opened_at=actor.at
    )
    return id_


def open_accounts(
    actor: Actor, *, kind: str, role: str, accounts: Sequence[NewAccount]
) -> tuple[tuple[UUID, UUID], ...]:
    """Open many accounts at once; returns each one's organisation and main user. Part of the verb that opens them."""
    ids = [new_id() for _ in accounts]
    opened = [
        Organisation(
            id=id_, number=id_.hex, kind=kind, site=new.site, name_zh=new.name_zh, name_en=new.name_en or new.name_zh,
            opened_at=actor.at,
        )
        for id_, new in zip(ids, accounts, strict=True)
    ]  # fmt: skip
    users = [
        new_user(actor, id_, new.login, new.display_name, is_main=True, **new.person)
        for id_, new in zip(ids, accounts, strict=True)
    ]
    Organisation.objects.bulk_create(opened)
    write_users(users)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organisation_id=user.organisation_id, user=user, role=role, valid_from=actor.at)
        for user in users
    )
    return tuple((user.organisation_id, user.pk) for user in users)


def add_main_user(
    actor: Actor, *, organisation_id: UUID, login: str, display_name: str, role: str, **person: str
) -> UUID:
    """Give a new account its main user. Part of the verb that opens the account."""
    user = new_user(actor, organisation_id, login, display_name, is_main=True, **person)
    write_users([user])
    RoleAssignment.objects.create(organisation_id=organisation_id, user=user, role=role, valid_from=actor.at)
    return user.pk


@action
def switch_verification(actor: Actor, *, on: bool) -> None:
    """Turn the code for sensitive operations on or off for the whole account.

    Rules:   S-560, S-562: turning it off asks for a code.
    Raises:  NotAllowed; Refused.
    Records: verification.switched
    """
    require(actor, Can.VERIFICATION_SWITCH)
    require_code(actor, "access.switch_verification")
    before = Organisation.objects.visible_to(actor).filter(pk=actor.seat_id).values_list("verification_on", flat=True)
    data: dict[str, Any] = {"before": bool(before.first()), "after": on}
    Organisation.objects.visible_to(actor).filter(pk=actor.seat_id).update(verification_on=on)
    assert actor.seat is not None
    record(actor, "verification.switched", subject_kind="organisation", subject_id=actor.seat, **data, **party(actor))


@action
def hide_banner(actor: Actor, *, site: str) -> None:
    """Remember that the user does not want to be told about the other site again.

    Rules:   S-601, S-602, L-300.
    Records: banner.hidden
    """
    assert actor.user_id is not None and actor.seat is not None
    wish = {"user_id": actor.user_id, "site": site}
    BannerHidden.objects.get_or_create(**wish, defaults={"organisation_id": actor.seat})
    record(actor, "banner.hidden", subject_kind="user", subject_id=actor.user_id, site_of_page=site, **party(actor))


def grant_seat(actor: Actor, *, grantor_id: UUID, holder_id: UUID, scope: str) -> None:
    """Let the holder act from the grantor's seat. Part of the verb that founds the relation."""
    SeatGrant.objects.create(grantor_id=grantor_id, holder_id=holder_id, scope=scope, valid_from=actor.at)


def end_seat(actor: Actor, *, grantor_id: UUID, holder_id: UUID, scope: str) -> None:
    """End a seat grant. Part of the verb that ends the relation."""
    live = SeatGrant.objects.filter(grantor_id=grantor_id, holder_id=holder_id, scope=scope, valid_to=None)
    live.update(valid_to=actor.at)
