"""Verification codes of sensitive operations: sent, guessed, used once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from partner_center.access.models import User, VerificationCode
from partner_center.access.rules import BOOK, CODE, CODE_DIGITS, CodeFacts, code_life
from partner_center.access.secrets import keyed_digest, new_code, same
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.rules import Outcome, check_all

NO_CODE = UUID(int=0)
DEFAULT_MINUTES, LONGEST_MINUTES, FALLBACK_MINUTES, MOST_TRIES = 10, 60, 5, 3


@dataclass(frozen=True)
class SentCode:
    """A code to be put into a mail; it is kept as a digest only."""

    code: str
    email: str
    expires_at: datetime


@action
def send_code(actor: Actor, *, operation: str, minutes: int | None = None) -> SentCode:
    """Make a code for one sensitive operation of the caller; the entrypoint mails it. An older one ends.

    Rules:   S-561, S-563, S-564.
    Raises:  NotFound without a user.
    Records: verification_code.sent
    """
    user = User.objects.visible_to(actor).filter(pk=actor.person_id).first()
    if user is None or actor.home is None:
        raise NotFound("user")
    code, id_ = new_code(CODE_DIGITS), new_id()
    life = code_life(minutes, default=DEFAULT_MINUTES, longest=LONGEST_MINUTES, fallback=FALLBACK_MINUTES)
    expires_at = timezone.now() + life
    VerificationCode.objects.create(
        id=id_,
        organisation_id=actor.home,
        user=user,
        operation=operation,
        code_digest=keyed_digest("code", str(id_), code),
        expires_at=expires_at,
    )
    party = "customer_id" if actor.audience == "customer" else "partner_id"
    record(
        actor,
        "verification_code.sent",
        subject_kind="user",
        subject_id=user.pk,
        operation=operation,
        **{party: actor.home},
    )
    return SentCode(code, user.email, expires_at)


def is_needed(actor: Actor) -> bool:
    """Whether the caller's account has its switch on, so that sensitive operations ask for a code.

    Rules: S-560, S-562.
    """
    return actor.guarded


def try_code(actor: Actor, *, operation: str, code: str) -> Actor:
    """The actor with the code confirmed for the operation. Call it before the action, outside of it.

    A wrong guess is counted in a transaction of its own: rolled back with the action it could be repeated for ever.
    Rules:  S-562, S-563.
    Raises: Refused.
    """
    with seated(actor):
        outcome, found = _guess(actor, operation, code)
    check_all(outcome)
    return actor.with_code(operation, found or NO_CODE)


def _guess(actor: Actor, operation: str, code: str) -> tuple[tuple[Outcome, ...], UUID | None]:
    sent = VerificationCode.objects.filter(user_id=actor.person_id, operation=operation)
    latest = sent.select_for_update().order_by("-sent_at", "-id").first()
    # Of a used one the older ones before it do not come to life again.
    if latest is None or latest.used_at is not None:
        return CODE.evaluate(CodeFacts(False, False, 0, timezone.now(), timezone.now(), MOST_TRIES)), None
    matches = same(bytes(latest.code_digest), keyed_digest("code", str(latest.pk), code.strip()))
    wrong = latest.wrong_tries + (not matches)
    if not matches:
        VerificationCode.objects.filter(pk=latest.pk).update(wrong_tries=F("wrong_tries") + 1)
    facts = CodeFacts(True, matches, wrong, latest.expires_at, timezone.now(), MOST_TRIES)
    return CODE.evaluate(facts), latest.pk


def require_code(actor: Actor, operation: str) -> None:
    """Use up the code that was confirmed for this operation, where the account wants one. Part of the action.

    Rules:  S-562, S-564.
    Raises: Refused when the switch is on and no confirmed, unused code is at hand.
    """
    if actor.audience == "system" or actor.home is None:
        return
    # The switch and the code are the caller's own, also while it acts from another's seat.
    if not is_needed(actor):
        return
    with seated(actor.in_seat(actor.home)):
        if not _use_up(actor, operation):
            raise Refused([BOOK.broken("S-562", "verification_code_required", operation=operation)])


def _use_up(actor: Actor, operation: str) -> bool:
    confirmed = VerificationCode.objects.filter(
        pk=actor.verified.get(operation, NO_CODE), user_id=actor.person_id, used_at=None
    )
    return bool(confirmed.filter(operation=operation).update(used_at=timezone.now(), confirmed_at=timezone.now()))
