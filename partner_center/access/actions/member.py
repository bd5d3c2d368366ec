"""The people of an organisation: who signs in for it, with which roles, under whom, and their end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from partner_center.access.actions.parties import party
from partner_center.access.models import AccessToken, ApiKey, RoleAssignment, User
from partner_center.access.permissions import Can, require
from partner_center.access.queries import hold_custom_roles
from partner_center.access.rules import (
    ACCOUNT_DIRECTOR,
    ACCOUNT_MANAGER,
    LEAVE,
    MEMBER,
    PASSWORD,
    SUPERVISE,
    LeaveFacts,
    MemberFacts,
    PasswordFacts,
    SuperviseFacts,
)
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound


def new_user(
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
    """Somebody who is to sign in, not written yet."""
    return User(
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


def write_users(users: Sequence[User]) -> None:
    """Write them all, or none. Raises: Conflict naming the login names that somebody has."""
    logins = [user.login for user in users]
    try:
        with transaction.atomic():
            User.objects.bulk_create(users)
    except IntegrityError as error:  # somebody took a name between our question and our write
        raise Conflict("login_taken", login=", ".join(sorted(logins_taken(logins)) or logins)) from error


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


def member_facts(actor: Actor, roles: Sequence[str]) -> MemberFacts:
    """The roles somebody of the seat is to hold, beside those that there are. Rules: S-570 to S-572, S-576."""
    return MemberFacts(tuple(roles), actor.audience, custom=hold_custom_roles(actor, roles))


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
    MEMBER.check(member_facts(actor, roles))
    if login_taken(login):
        raise Conflict("login_taken", login=login)
    assert actor.seat is not None
    user = new_user(actor, actor.seat, login, display_name, is_main=False, password=password, **person)
    write_users([user])
    _assign(actor, actor.seat, user.pk, roles)
    record(actor, "member.added", subject_kind="user", subject_id=user.pk, roles=sorted(set(roles)), **party(actor))
    return user.pk


def login_taken(login: str) -> bool:
    return bool(logins_taken([login]))


def logins_taken(logins: Collection[str]) -> set[str]:
    """Those of the login names that somebody has."""
    with whole("S-573: a login name is one person's on all sites"):
        return set(User.objects.filter(login__in=logins).values_list("login", flat=True))


@action
def change_roles(actor: Actor, *, user_id: UUID, roles: Sequence[str]) -> None:
    """Replace a member's roles from now on; what was held before stays in the record.

    Whoever stops being account director leaves their account managers without one; whoever stops being account
    manager has none above them any more.
    Rules:   S-570, S-571, S-572, S-574, S-576, L-207.
    Raises:  NotAllowed; NotFound; Refused; Conflict for the account's own main user.
    Records: member.roles_changed
    """
    require(actor, Can.MEMBER_MANAGE)
    user = _hold(actor, user_id)
    MEMBER.check(member_facts(actor, roles))
    before = _replace_roles(actor, user, roles)
    data: dict[str, Any] = {"before": before, "after": sorted(set(roles)), **_unlink(user, before, roles)}
    record(actor, "member.roles_changed", subject_kind="user", subject_id=user.pk, **data, **party(actor))


def _hold(actor: Actor, user_id: UUID) -> User:
    """A member of the seat, held, so that of two changes at once the later one finds what the first has left."""
    members = User.objects.visible_to(actor).filter(pk=user_id, organisation_id=actor.seat_id)
    user = members.select_for_update(no_key=True).first()
    if user is None:
        raise NotFound("member")
    if user.is_main:
        raise Conflict("main_user_keeps_its_role")
    return user


def _replace_roles(actor: Actor, user: User, roles: Sequence[str]) -> list[str]:
    live = RoleAssignment.objects.filter(user=user, valid_to=None)
    before = sorted(live.values_list("role", flat=True))
    live.exclude(role__in=list(roles)).update(valid_to=actor.at)
    _assign(actor, user.organisation_id, user.pk, [role for role in roles if role not in before])
    return before


def _unlink(user: User, before: Sequence[str], after: Sequence[str]) -> dict[str, Any]:
    """Undo who manages whom as far as it hung on a role that is gone; who is without a director now. Rules: S-574."""
    gone = set(before) - set(after)
    if ACCOUNT_MANAGER in gone:
        User.objects.filter(pk=user.pk).update(director=None)
    if ACCOUNT_DIRECTOR not in gone:
        return {}
    orphans = User.objects.filter(director=user)
    left = sorted(orphans.values_list("pk", flat=True))
    orphans.update(director=None)
    return {"unmanaged": left} if left else {}


def _assign(actor: Actor, organisation_id: UUID, user_id: UUID, roles: Sequence[str]) -> None:
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organisation_id=organisation_id, user_id=user_id, role=role, valid_from=actor.at)
        for role in dict.fromkeys(roles)
    )


def give_role(actor: Actor, *, user_id: UUID, role: str) -> None:
    """Give a member one role more. Part of the verb that grants what the member asked for."""
    _hold(actor, user_id)
    change_roles(actor, user_id=user_id, roles=sorted({*_held(user_id), role}))


@action
def supervise(actor: Actor, *, user_id: UUID, director_id: UUID | None) -> None:
    """Put an account manager under an account director of the same organisation, or under none.

    Rules:   S-574, L-207.
    Raises:  NotAllowed; NotFound; Refused; Conflict for the account's own main user.
    Records: member.supervised
    """
    require(actor, Can.MEMBER_MANAGE)
    user = _hold(actor, user_id)
    held = {user_id: _held(user_id), **({director_id: _held(director_id)} if director_id else {})}
    SUPERVISE.check(SuperviseFacts(held[user_id], held[director_id] if director_id else None))
    before = user.director_id
    User.objects.filter(pk=user.pk).update(director_id=director_id)
    data: dict[str, Any] = {"before": before, "after": director_id}
    record(actor, "member.supervised", subject_kind="user", subject_id=user.pk, **data, **party(actor))


def _held(user_id: UUID) -> tuple[str, ...]:
    """The live roles of a user of the seat; somebody of elsewhere, whom the fence hides, holds none."""
    live = RoleAssignment.objects.filter(user_id=user_id, valid_to=None)
    return tuple(sorted(live.values_list("role", flat=True)))


@action
def end_member(actor: Actor, *, user_id: UUID, reason: str = "") -> None:
    """End somebody's sign-in: roles, keys, tokens and sessions at once; what they did stays in the record.

    Rules:   S-574, S-581, L-204, L-207.
    Raises:  NotAllowed; NotFound; Refused; Conflict for the account's own main user, or when it has ended.
    Records: member.ended
    """
    require(actor, Can.MEMBER_MANAGE)
    user = _hold(actor, user_id)
    LEAVE.check(LeaveFacts(is_oneself=user.pk == actor.user_id))
    if not user.is_active:
        raise Conflict("member_has_ended")
    before = _replace_roles(actor, user, ())
    unlinked = _unlink(user, before, ())
    ApiKey.objects.filter(user=user, revoked_at=None).update(revoked_at=actor.at)
    AccessToken.objects.filter(user=user, revoked_at=None).update(revoked_at=actor.at)
    User.objects.filter(pk=user.pk).update(is_active=False, password=make_password(None))
    data: dict[str, Any] = {"before": before, "reason": reason[:200], **unlinked}
    record(actor, "member.ended", subject_kind="user", subject_id=user.pk, **data, **party(actor))


@action
def readmit_member(actor: Actor, *, user_id: UUID, roles: Sequence[str], password: str) -> None:
    """Let somebody who had left sign in again, under the same login name, with roles and a password of now.

    Rules:   S-570 to S-573.
    Raises:  NotAllowed; NotFound; Refused; Conflict when they never left.
    Records: member.readmitted
    """
    require(actor, Can.MEMBER_MANAGE)
    user = _hold(actor, user_id)
    MEMBER.check(member_facts(actor, roles))
    if user.is_active:
        raise Conflict("member_is_active")
    User.objects.filter(pk=user.pk).update(is_active=True, password=make_password(password))
    _assign(actor, user.organisation_id, user.pk, roles)
    record(
        actor, "member.readmitted", subject_kind="user", subject_id=user.pk, roles=sorted(set(roles)), **party(actor)
    )


@action
def change_profile(
    actor: Actor, *, display_name: str, display_name_en: str, email: str, phone: str, language: str
) -> None:
    """Change how one is called and reached, and the language of one's mails; the login name stays.

    Rules:   S-573, L-190, L-201.
    Records: member.profile_changed, which columns, not what they hold
    """
    new = {
        "display_name": display_name,
        "display_name_en": display_name_en or display_name,
        "email": email,
        "phone": phone,
        "language": language,
    }
    own = User.objects.visible_to(actor).filter(pk=actor.person_id)
    before = own.select_for_update(no_key=True).values(*new).get()
    own.update(**new)
    changed = sorted(name for name in new if before[name] != new[name])
    record(
        actor,
        "member.profile_changed",
        subject_kind="user",
        subject_id=actor.person_id,
        columns=changed,
        **party(actor),
    )


@action
def change_password(actor: Actor, *, old: str, new: str) -> None:
    """Change one's own password; every other session of one's own ends with it.

    Rules:   L-017.
    Raises:  Refused when the old one is wrong.
    Records: member.password_changed
    """
    own = User.objects.visible_to(actor).select_for_update(no_key=True).get(pk=actor.person_id)
    PASSWORD.check(PasswordFacts(check_password(old, own.password), old != new))
    User.objects.filter(pk=own.pk).update(password=make_password(new))
    record(actor, "member.password_changed", subject_kind="user", subject_id=own.pk, **party(actor))
