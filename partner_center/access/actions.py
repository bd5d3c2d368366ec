"""Writing organisations, users, roles, keys, seat grants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.utils import timezone

from partner_center.access.codes import require_code
from partner_center.access.models import (
    AccessToken,
    ApiKey,
    BannerHidden,
    Organisation,
    RoleAssignment,
    SeatGrant,
    User,
)
from partner_center.access.permissions import Can, require
from partner_center.access.rules import MEMBER, MemberFacts
from partner_center.access.secrets import encrypt, keyed_digest, new_access_key, new_secret
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound
from partner_center.kernel.ids import new_id

TOKEN_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class NewKey:
    """A key with its secret, which is told this once."""

    id: UUID
    access_key: str
    secret: str


def open_organisation(
    actor: Actor, *, kind: str, site: str, name_zh: str, name_en: str, organisation_id: UUID | None = None
) -> UUID:
    """Open the account that a partner's or customer's verb is about to describe. Part of that verb's action."""
    id_ = organisation_id or new_id()
    Organisation.objects.create(
        id=id_, number=id_.hex, kind=kind, site=site, name_zh=name_zh, name_en=name_en or name_zh, opened_at=actor.at
    )
    return id_


def add_main_user(
    actor: Actor, *, organisation_id: UUID, login: str, display_name: str, role: str, **person: str
) -> UUID:
    """Give a new account its main user. Part of the verb that opens the account."""
    user = _new_user(actor, organisation_id, login, display_name, is_main=True, **person)
    RoleAssignment.objects.create(organisation_id=organisation_id, user=user, role=role, valid_from=actor.at)
    return user.pk


def set_first_password(actor: Actor, *, user_id: UUID, password: str) -> None:
    """Give a user that has no password its first one. Part of the verb that proves whose it is.

    Raises: NotFound; Conflict when there is one already.
    """
    user = User.objects.visible_to(actor).select_for_update(no_key=True).filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound("user")
    if user.has_usable_password():
        raise Conflict("password_chosen_already")
    user.password = make_password(password)
    user.save(update_fields=["password"])
    record(actor, "user.password_chosen", subject_kind="user", subject_id=user.pk, partner_id=user.organisation_id)


def needs_password(actor: Actor, user_id: UUID) -> bool:
    """Whether nobody can sign in as the user yet, for want of a password."""
    found = User.objects.visible_to(actor).filter(pk=user_id).first()
    return found is not None and not found.has_usable_password()


def _new_user(
    actor: Actor,
    organisation_id: UUID,
    login: str,
    display_name: str,
    *,
    is_main: bool,
    password: str = "",
    display_name_en: str = "",
    email: str = "",
    phone: str = "",
    language: str = "zh",
) -> User:
    user = User(
        login=login,
        organisation_id=organisation_id,
        display_name=display_name,
        display_name_en=display_name_en or display_name,
        email=email,
        phone=phone,
        language=language,
        is_main=is_main,
        joined_at=actor.at,
        password=make_password(password or None),
    )
    try:
        user.save(force_insert=True)
    except IntegrityError as error:  # somebody took the name between our question and our write
        raise Conflict("login_taken", login=login) from error
    return user


@action
def add_member(
    actor: Actor, *, login: str, display_name: str, roles: Sequence[str], password: str = "", **person: str
) -> UUID:
    """Add a person who signs in for the seat, with one to three roles.

    Rules:   S-570, S-571, S-572, S-573.
    Raises:  NotAllowed; Refused; Conflict when the login name is taken.
    Records: member.added
    """
    require(actor, Can.MEMBER_MANAGE)
    MEMBER.check(MemberFacts(tuple(roles), actor.audience))
    if login_taken(login):
        raise Conflict("login_taken", login=login)
    assert actor.seat is not None
    user = _new_user(actor, actor.seat, login, display_name, is_main=False, password=password, **person)
    _assign(actor, actor.seat, user.pk, roles)
    record(actor, "member.added", subject_kind="user", subject_id=user.pk, roles=sorted(set(roles)), **_party(actor))
    return user.pk


def login_taken(login: str) -> bool:
    from partner_center.fence.seat import whole

    with whole("S-573: a login name is one person's on all sites"):
        return User.objects.filter(login=login).exists()


@action
def change_roles(actor: Actor, *, user_id: UUID, roles: Sequence[str]) -> None:
    """Replace a member's roles from now on; what was held before stays in the record.

    Rules:   S-570, S-571, S-572.
    Raises:  NotAllowed; NotFound; Refused; Conflict for the account's own main user.
    Records: member.roles_changed
    """
    require(actor, Can.MEMBER_MANAGE)
    members = User.objects.visible_to(actor).filter(pk=user_id, organisation_id=actor.seat_id)
    # Held, so that of two changes at once the later one finds what the first has left.
    user = members.select_for_update(no_key=True).first()
    if user is None or actor.seat is None:
        raise NotFound("member")
    if user.is_main:
        raise Conflict("main_user_keeps_its_role")
    MEMBER.check(MemberFacts(tuple(roles), actor.audience))
    live = RoleAssignment.objects.filter(user=user, valid_to=None)
    before = sorted(live.values_list("role", flat=True))
    live.exclude(role__in=list(roles)).update(valid_to=actor.at)
    _assign(actor, actor.seat, user.pk, [role for role in roles if role not in before])
    data: dict[str, Any] = {"before": before, "after": sorted(set(roles))}
    record(actor, "member.roles_changed", subject_kind="user", subject_id=user.pk, **data, **_party(actor))


def _assign(actor: Actor, organisation_id: UUID, user_id: UUID, roles: Sequence[str]) -> None:
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organisation_id=organisation_id, user_id=user_id, role=role, valid_from=actor.at)
        for role in dict.fromkeys(roles)
    )


def _party(actor: Actor) -> dict[str, Any]:
    """The seat as the party of an event about itself."""
    return {"customer_id": actor.seat} if actor.audience == "customer" else {"partner_id": actor.seat}


@action
def make_key(actor: Actor, *, label: str = "") -> NewKey:
    """Make an access key for the caller; its secret is returned here and never again.

    Rules:   S-562.
    Raises:  NotAllowed.
    Records: access_key.made
    """
    require(actor, Can.KEY_MANAGE)
    require_code(actor, "access.make_key")
    if actor.user_id is None or actor.seat is None:
        raise NotFound("user")
    secret = new_secret()
    key = ApiKey.objects.create(
        access_key=new_access_key(),
        secret_encrypted=encrypt(secret),
        organisation_id=actor.seat,
        user_id=actor.user_id,
        label=label,
        made_at=actor.at,
    )
    record(actor, "access_key.made", subject_kind="access_key", subject_id=key.pk, **_party(actor))
    return NewKey(key.pk, key.access_key, secret)


@action
def revoke_key(actor: Actor, *, key_id: UUID) -> None:
    """End an access key at once, and the tokens its user has had for keys; a sub-account ends its own only.

    Raises:  NotAllowed; NotFound; Conflict when it is revoked already.
    Records: access_key.revoked
    """
    require(actor, Can.KEY_MANAGE)
    keys = ApiKey.objects.visible_to(actor).filter(pk=key_id, organisation_id=actor.seat_id)
    if not actor.is_main:
        keys = keys.filter(user_id=actor.person_id)
    holder = keys.values_list("user_id", flat=True).first()
    if holder is None:
        raise NotFound("access_key")
    if not keys.filter(revoked_at=None).update(revoked_at=actor.at):
        raise Conflict("access_key_revoked")
    AccessToken.objects.filter(user_id=holder, revoked_at=None).update(revoked_at=actor.at)
    record(actor, "access_key.revoked", subject_kind="access_key", subject_id=key_id, **_party(actor))


@action
def make_token(actor: Actor) -> str:
    """Make a bearer token for the integration API; it ends after a day.

    Records: access_token.made
    """
    token = new_secret()
    assert actor.user_id is not None and actor.seat is not None
    row = AccessToken.objects.create(
        digest=keyed_digest("token", token),
        organisation_id=actor.seat,
        user_id=actor.user_id,
        made_at=actor.at,
        expires_at=timezone.now() + TOKEN_LIFE,
    )
    record(actor, "access_token.made", subject_kind="access_token", subject_id=row.pk, **_party(actor))
    return token


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
    record(actor, "verification.switched", subject_kind="organisation", subject_id=actor.seat, **data, **_party(actor))


@action
def hide_banner(actor: Actor, *, site: str) -> None:
    """Remember that the user does not want to be told about the other site again.

    Rules:   S-601, S-602, L-300.
    Records: banner.hidden
    """
    assert actor.user_id is not None and actor.seat is not None
    wish = {"user_id": actor.user_id, "site": site}
    BannerHidden.objects.get_or_create(**wish, defaults={"organisation_id": actor.seat})
    record(actor, "banner.hidden", subject_kind="user", subject_id=actor.user_id, site_of_page=site, **_party(actor))


def grant_seat(actor: Actor, *, grantor_id: UUID, holder_id: UUID, scope: str) -> None:
    """Let the holder act from the grantor's seat. Part of the verb that founds the relation."""
    SeatGrant.objects.create(grantor_id=grantor_id, holder_id=holder_id, scope=scope, valid_from=actor.at)


def end_seat(actor: Actor, *, grantor_id: UUID, holder_id: UUID, scope: str) -> None:
    """End a seat grant. Part of the verb that ends the relation."""
    live = SeatGrant.objects.filter(grantor_id=grantor_id, holder_id=holder_id, scope=scope, valid_to=None)
    live.update(valid_to=actor.at)
