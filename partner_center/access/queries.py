"""Reading organisations, users and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from partner_center.access.models import (
    AccessToken,
    ApiKey,
    BannerHidden,
    Organisation,
    RoleAssignment,
    SeatGrant,
    User,
)
from partner_center.access.rules import permissions_of
from partner_center.access.secrets import decrypt, keyed_digest
from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor, Audience
from partner_center.kernel.errors import NotFound


@dataclass(frozen=True)
class Name:
    """What an organisation is called, for whoever holds its id from a row of theirs."""

    id: UUID
    number: str
    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language == "zh" else self.en or self.zh


@dataclass(frozen=True)
class Member:
    """A user of an organisation with the roles of today."""

    id: UUID
    login: str
    name_zh: str
    name_en: str
    email: str
    phone: str
    is_main: bool
    is_active: bool
    roles: tuple[str, ...]
    joined_at: datetime


@dataclass(frozen=True)
class KeyRow:
    """An access key without its secret."""

    id: UUID
    access_key: str
    label: str
    user_id: UUID
    made_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class KeyHolder:
    """Who signs with an access key, and the secret to check the signature with."""

    user: User
    secret: str


def names(ids: Iterable[UUID | None]) -> dict[UUID, Name]:
    """Names of organisations whose ids the caller already holds; the fence keeps all else of them."""
    wanted = sorted({each for each in ids if each is not None})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, number, name_zh, name_en FROM access_names(%s::uuid[])", [wanted])
        return {row[0]: Name(*row) for row in cursor.fetchall()}


def user_names(ids: Iterable[UUID | None]) -> dict[UUID, tuple[str, str]]:
    """What users whose ids the caller holds are called: zh and en."""
    wanted = sorted({each for each in ids if each is not None})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, display_name, display_name_en FROM access_user_names(%s::uuid[])", [wanted])
        return {row[0]: (row[1], row[2] or row[1]) for row in cursor.fetchall()}


def organisation(actor: Actor) -> Organisation:
    """The seat itself. Raises: NotFound without one."""
    found = Organisation.objects.visible_to(actor).filter(pk=actor.seat_id).first()
    if found is None:
        raise NotFound("organisation")
    return found


def roles_of(user_id: UUID, at: datetime) -> tuple[str, ...]:
    """The roles a user holds at an instant."""
    held = RoleAssignment.objects.filter(user_id=user_id, valid_from__lte=at)
    held = held.filter(Q(valid_to=None) | Q(valid_to__gt=at))
    return tuple(sorted(held.values_list("role", flat=True)))


def actor_of(
    user: User,
    *,
    at: datetime,
    language: str = "",
    request_id: str = "",
    address: str = "",
    program: bool = False,
) -> Actor:
    """The actor a user is, seated at home, with the items of the roles held today.

    A program that signs with the user's key is asked for no verification code: its secret is the second factor.
    Rules: S-560, S-590.
    """
    home = user.organisation
    held = roles_of(user.pk, at)
    return Actor(
        audience=cast(Audience, home.kind),
        at=at,
        user_id=user.pk,
        login=user.login,
        home=home.pk,
        seat=home.pk,
        site=home.site,
        language=cast(Literal["zh", "en"], language or user.language),
        roles=held,
        permissions=permissions_of(held, home.kind, user.is_main),
        request_id=request_id,
        address=address,
        guarded=home.verification_on and not program,
    )


def user_by_id(user_id: UUID) -> User | None:
    """The active user of a session."""
    with whole("sign-in: whose session it is, before a seat is taken"):
        return User.objects.select_related("organisation").filter(pk=user_id, is_active=True).first()


def user_by_login(login: str) -> User | None:
    """The active user behind a login name."""
    with whole("sign-in: whose login it is, before a seat is taken"):
        return User.objects.select_related("organisation").filter(login=login, is_active=True).first()


def key_holder(access_key: str) -> KeyHolder | None:
    """Who signs with this key; nothing when it is unknown or revoked."""
    with whole("sign-in: whose access key it is, before a seat is taken"):
        keys = ApiKey.objects.filter(access_key=access_key, revoked_at=None, user__is_active=True)
        found = keys.select_related("user__organisation").first()
    return KeyHolder(found.user, decrypt(bytes(found.secret_encrypted))) if found else None


def token_holder(token: str) -> User | None:
    """Who holds this bearer token; nothing when it is unknown, revoked or over."""
    with whole("sign-in: whose token it is, before a seat is taken"):
        live = AccessToken.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)
        found = live.filter(digest=keyed_digest("token", token)).select_related("user__organisation").first()
    return found.user if found else None


def members(actor: Actor) -> tuple[Member, ...]:
    """The users of the seat, the account itself first."""
    found = list(User.objects.visible_to(actor).filter(organisation_id=actor.seat_id).order_by("-is_main", "login"))
    return tuple(
        Member(
            user.pk,
            user.login,
            user.display_name,
            user.display_name_en or user.display_name,
            user.email,
            user.phone,
            user.is_main,
            user.is_active,
            roles,
            user.joined_at,
        )
        for user, roles in _with_roles(actor, found)
    )


def _with_roles(actor: Actor, users: Sequence[User]) -> list[tuple[User, tuple[str, ...]]]:
    live = RoleAssignment.objects.visible_to(actor).filter(user__in=users, valid_to=None).order_by("role")
    held: dict[UUID, list[str]] = {}
    for user_id, role in live.values_list("user_id", "role"):
        held.setdefault(user_id, []).append(role)
    return [(user, tuple(held.get(user.pk, ()))) for user in users]


def keys(actor: Actor) -> tuple[KeyRow, ...]:
    """The access keys of the seat; a sub-account sees its own only."""
    rows = ApiKey.objects.visible_to(actor).filter(organisation_id=actor.seat_id)
    if not actor.is_main:
        rows = rows.filter(user_id=actor.person_id)
    fields = ("id", "access_key", "label", "user_id", "made_at", "revoked_at")
    return tuple(KeyRow(**row) for row in rows.order_by("revoked_at", "-made_at").values(*fields))


def banner_hidden(actor: Actor, site: str) -> bool:
    """Whether the user asked not to be told about the other site again."""
    return BannerHidden.objects.visible_to(actor).filter(user_id=actor.person_id, site=site).exists()


def seat_of(actor: Actor, organisation_id: UUID, scope: str) -> Actor:
    """The same caller in the seat of an organisation that granted it.

    Raises: NotFound when no grant of that scope is in force.
    """
    if organisation_id == actor.seat:
        return actor
    live = SeatGrant.objects.visible_to(actor).filter(grantor_id=organisation_id, holder_id=actor.home_id, scope=scope)
    if not live.filter(valid_from__lte=actor.at).filter(Q(valid_to=None) | Q(valid_to__gt=actor.at)).exists():
        raise NotFound("seat")
    return actor.in_seat(organisation_id)
