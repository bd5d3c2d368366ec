"""Reading organisations, users and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from partner_center.access.models import (
    AccessRequest,
    AccessToken,
    ApiKey,
    BannerHidden,
    Organisation,
    Role,
    RoleAssignment,
    SeatGrant,
    User,
)
from partner_center.access.rules import always, items, permissions_of, roles
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
    director_id: UUID | None = None


@dataclass(frozen=True)
class OwnRole:
    """A role of the organisation's own, and how many hold it."""

    id: UUID
    code: str
    name: str
    grants: tuple[str, ...]
    held_by: int


@dataclass(frozen=True)
class Asked:
    """Somebody's wish for a permission item, and its answer."""

    id: UUID
    user_id: UUID
    item: str
    reason: str
    state: str
    asked_at: datetime
    role: str
    answer: str
    answered_by: UUID | None
    answered_at: datetime | None


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
        permissions=permissions_of(held, home.kind, user.is_main, _own_grants(held)),
        request_id=request_id,
        address=address,
        guarded=home.verification_on and not program,
    )


def _own_grants(codes: Sequence[str]) -> dict[str, list[str]]:
    """What roles of an organisation's own bring, for those among these codes that are such; mostly none is."""
    own = [code for code in codes if code not in roles()]
    if not own:
        return {}
    return dict(Role.objects.filter(code__in=own, ended_at=None).values_list("code", "grants"))


def member_actor(actor: Actor, user_id: UUID) -> Actor:
    """What a member of the seat could do now, to be looked at by whoever manages members. Raises: NotFound."""
    user = User.objects.visible_to(actor).filter(pk=user_id, organisation_id=actor.seat_id).first()
    if user is None:
        raise NotFound("member")
    held = roles_of(user.pk, actor.at)
    own = permissions_of(held, actor.audience, user.is_main, _own_grants(held))
    return replace(actor, user_id=user.pk, login=user.login, roles=held, permissions=own)


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
            held,
            user.joined_at,
            user.director_id,
        )
        for user, held in _with_roles(actor, found)
    )


def _with_roles(actor: Actor, users: Sequence[User]) -> list[tuple[User, tuple[str, ...]]]:
    live = RoleAssignment.objects.visible_to(actor).filter(user__in=users, valid_to=None).order_by("role")
    held: dict[UUID, list[str]] = {}
    for user_id, role in live.values_list("user_id", "role"):
        held.setdefault(user_id, []).append(role)
    return [(user, tuple(held.get(user.pk, ()))) for user in users]


def holders(actor: Actor, organisation_id: UUID, item: str) -> tuple[UUID, ...]:
    """The active members of an organisation who hold an item (its name in permissions.toml)."""
    rows = User.objects.visible_to(actor).filter(organisation_id=organisation_id, is_active=True)
    found = _with_roles(actor, list(rows.select_related("organisation").order_by("-is_main", "login")))
    own = _own_grants(sorted({code for _, held in found for code in held}))
    code = items()[item].code
    return tuple(
        user.pk for user, held in found if code in permissions_of(held, user.organisation.kind, user.is_main, own)
    )


def own_roles(actor: Actor) -> tuple[OwnRole, ...]:
    """The roles the seat made for itself, by name, with how many hold each. Rules: L-209."""
    found = list(Role.objects.visible_to(actor).filter(organisation_id=actor.seat_id, ended_at=None).order_by("name"))
    live = RoleAssignment.objects.visible_to(actor).filter(role__in=[role.code for role in found], valid_to=None)
    held = dict(live.order_by().values("role").annotate(many=Count("id")).values_list("role", "many"))
    return tuple(OwnRole(r.pk, r.code, r.name, tuple(r.grants), held.get(r.code, 0)) for r in found)


def role_names(actor: Actor, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What roles are called, preset ones and the seat's own: zh and en. One that has ended keeps its name."""
    known, wanted = roles(), set(codes)
    own = wanted - set(known)
    named = {code: (known[code].zh, known[code].en) for code in wanted & set(known)}
    if own:
        rows = Role.objects.visible_to(actor).filter(code__in=own).values_list("code", "name")
        named |= {code: (name, name) for code, name in rows}
    return named


def hold_custom_roles(actor: Actor, codes: Iterable[str]) -> frozenset[str]:
    """Which of these are live roles of the seat's own, held so that none of them ends while it is being given."""
    wanted = [code for code in codes if code not in roles()]
    if not wanted:
        return frozenset()
    rows = Role.objects.visible_to(actor).filter(organisation_id=actor.seat_id, code__in=wanted, ended_at=None)
    return frozenset(row.code for row in rows.order_by("pk").select_for_update())


def grants_of(actor: Actor, code: str) -> frozenset[str]:
    """The items a role of the seat's brings; nothing for one that there is not."""
    preset = roles().get(code)
    if preset is not None:
        return frozenset(preset.grants) if preset.audience == actor.audience else frozenset()
    own = next((role for role in own_roles(actor) if role.code == code), None)
    return frozenset(own.grants) | always(actor.audience) if own else frozenset()


def asked(actor: Actor, *, state: str = "", mine: bool = False, limit: int = 100) -> tuple[Asked, ...]:
    """Wishes for permission items in the seat, newest first. Rules: L-211."""
    rows = AccessRequest.objects.visible_to(actor).filter(organisation_id=actor.seat_id)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(user_id=actor.person_id) if mine else rows
    columns = ("id", "user_id", "item", "reason", "state", "asked_at", "role", "answer", "answered_by", "answered_at")
    return tuple(Asked(**row) for row in rows.order_by("-asked_at", "-id").values(*columns)[:limit])


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
