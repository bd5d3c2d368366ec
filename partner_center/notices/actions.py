"""Telling people, noting what became of it, reading, choosing, and the links that act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_center.access.actions.parties import party
from partner_center.access.permissions import Can, require, require_system
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound, Refused
from partner_center.notices import catalogue, links, queries, rules
from partner_center.notices.models import Delivery, LinkUse, Notice, Preference


@dataclass(frozen=True)
class Told:
    """What was written, and what has to go out at once."""

    notices: int
    deliveries: tuple[UUID, ...]


@action(keyed=True)
def tell(
    actor: Actor,
    *,
    kind: str,
    event_id: UUID,
    about: UUID,
    organisation_id: UUID,
    values: Mapping[str, Any],
    at: datetime,
    named: UUID | None = None,
    key: str | None = None,
) -> Told:
    """Write a message to whoever of an account reads its kind, and queue what goes out; once for each key.

    `values` hold ids and amounts only. Nobody but the account's own active members is ever told.
    Rules:   L-196, S-905.
    Raises:  NotAllowed for anybody but the system.
    """
    require_system(actor)
    known = catalogue.kinds()[kind]
    want = queries.wanted(actor, organisation_id, known.category)
    readers = queries.readers(actor, organisation_id, known, named, want)
    own = queries.own_channels(actor, readers)
    ways = {each: catalogue.channels_of(known, want.channels, own.get((each, known.category))) for each in readers}
    notices = [
        Notice(
            organisation_id=organisation_id,
            user_id=reader,
            kind=kind,
            category=known.category,
            event_id=event_id,
            about=about,
            values=dict(values),
            shown=rules.SITE in channels,
            at=at,
        )
        for reader, channels in ways.items()
    ]
    Notice.objects.bulk_create(notices)
    going = [_going_out(each, known, channel, ways[each.user_id]) for each in notices for channel in rules.OUTWARD]
    out = Delivery.objects.bulk_create([each for each in going if each is not None])
    return Told(len(notices), tuple(each.pk for each in out if each.state == "queued" and not each.digest))


def _going_out(notice: Notice, kind: catalogue.Kind, channel: str, channels: Sequence[str]) -> Delivery | None:
    """How a message goes out by a channel; one that was switched off is logged as such."""
    if channel not in channels and channel not in kind.channels:
        return None
    wanted = channel in channels
    return Delivery(
        notice=notice,
        organisation_id=notice.organisation_id,
        user_id=notice.user_id,
        kind=notice.kind,
        channel=channel,
        state=rules.DELIVERY.start if wanted else rules.DELIVERY.target("skip"),
        reason="" if wanted else "switched_off",
        digest=kind.digest and channel == rules.MAIL,
        at=notice.at,
        done_at=None if wanted else notice.at,
    )


@action
def settle(
    actor: Actor, *, delivery_ids: Sequence[UUID], move: str, reason: str = "", answer: str = "", message_id: str = ""
) -> int:
    """Note what became of deliveries: sent, bounced, given up, or skipped. Those that are settled stay as they are.

    `answer`: what the receiving server said, without anybody's address. Returns how many were settled.
    Raises:  NotAllowed for anybody but the system.
    """
    require_system(actor)
    rows = [each for each in queries.lock_deliveries(actor, delivery_ids) if rules.DELIVERY.may(move, each.state)]
    for row in rows:
        row.state, row.reason, row.done_at = rules.DELIVERY.target(move), reason, actor.at
        row.answer, row.message_id, row.tries = answer[:200], message_id[:160], row.tries + (move != "skip")
        row.save(update_fields=["state", "reason", "done_at", "answer", "message_id", "tries"])
    return len(rows)


@action
def tried(actor: Actor, *, delivery_id: UUID, answer: str = "") -> bool:
    """Note a try that may succeed later. Returns whether to try again; after the last try it has failed.

    Raises:  NotAllowed for anybody but the system.
    """
    require_system(actor)
    found = queries.lock_deliveries(actor, [delivery_id])
    if not found or found[0].state != rules.DELIVERY.start:
        return False
    row = found[0]
    row.tries, row.reason, row.answer = row.tries + 1, "unreachable", answer[:200]
    over = row.tries >= rules.MOST_TRIES
    if over:
        row.state, row.done_at = rules.DELIVERY.target("give_up"), actor.at
    row.save(update_fields=["tries", "reason", "answer", "state", "done_at"])
    return not over


# A reader's ---------------------------------------------------------------------------------------------------------


@action
def read(actor: Actor, *, notice_id: UUID) -> queries.NoticeRow:
    """Open a message of one's own; from then on it is read. Raises: NotFound."""
    found = queries.notice(actor, notice_id)
    if found.read_at is not None:
        return found
    Notice.objects.visible_to(actor).filter(pk=found.id, read_at=None).update(read_at=actor.at)
    return replace(found, read_at=actor.at)


@action
def read_all(actor: Actor, *, category: str = "") -> int:
    """Mark all of one's own messages as read, or those of one category. Returns how many were not."""
    mine = Notice.objects.visible_to(actor).filter(user_id=actor.person_id, organisation_id=actor.home_id)
    mine = mine.filter(category=category) if category else mine
    return mine.filter(read_at=None).update(read_at=actor.at)


@action
def choose(actor: Actor, *, category: str, channels: Sequence[str], user_ids: Sequence[UUID]) -> None:
    """Choose by which channels the account is told of a category, and who of it; nobody chosen: its main user.

    Rules:   L-196.
    Raises:  NotAllowed; NotFound for an unknown category; Refused.
    Records: notice_preference.chosen
    """
    require(actor, Can.MEMBER_MANAGE)
    chosen = _checked(category, channels, queries.strangers(actor, user_ids))
    Preference.objects.visible_to(actor).update_or_create(
        organisation_id=actor.seat_id,
        user_id=None,
        category=category,
        defaults={"channels": chosen, "user_ids": list(dict.fromkeys(user_ids)), "changed_at": actor.at},
    )
    _chosen(actor, category, chosen, of="account", recipients=len(user_ids))


@action
def choose_own(actor: Actor, *, category: str, channels: Sequence[str]) -> None:
    """Choose by which channels one is told of a category oneself, out of those that the account uses.

    Rules:   L-196.
    Raises:  NotFound for an unknown category; Refused.
    Records: notice_preference.chosen
    """
    chosen = _checked(category, channels)
    Preference.objects.visible_to(actor).update_or_create(
        organisation_id=actor.home_id,
        user_id=actor.person_id,
        category=category,
        defaults={"channels": chosen, "changed_at": actor.at},
    )
    _chosen(actor, category, chosen, of="member")


def _checked(category: str, channels: Sequence[str], strangers: int = 0) -> list[str]:
    chosen = frozenset(channels)
    if category not in catalogue.CATEGORIES or not chosen <= set(rules.CHANNELS):
        raise NotFound("category")
    rules.PREFERENCE.check(rules.PreferenceFacts(chosen, catalogue.needed_channels(category), strangers))
    return [each for each in rules.CHANNELS if each in chosen]


def _chosen(actor: Actor, category: str, channels: list[str], **data: Any) -> None:
    record(
        actor,
        "notice_preference.chosen",
        subject_kind="organisation",
        subject_id=actor.home_id,
        category=category,
        channels=channels,
        **data,
        **party(actor),
    )


# Links that act -----------------------------------------------------------------------------------------------------


def outcomes(actor: Actor, *, purpose: str, token: str) -> tuple[links.Link | None, tuple[Any, ...]]:
    """The link behind a token, and what the rules say of following it now, before anything is done."""
    found = links.read(purpose, token) if purpose in links.PURPOSES else None
    if found is None:
        return None, rules.LINK.evaluate(rules.LinkFacts(False, False, actor.at, actor.at, False))
    used = queries.link_used(actor, found.id, purpose)
    facts = rules.LinkFacts(True, found.user_id == actor.user_id, found.until, actor.at, used)
    return found, rules.LINK.evaluate(facts)


@action
def use_link(actor: Actor, *, purpose: str, token: str) -> str:
    """Use a link up: from then on it acts no more. What it does belongs into the same transaction.

    Returns what the link acts on.
    Rules:   S-905.
    Raises:  Refused.
    Records: notice_link.used
    """
    found, said = outcomes(actor, purpose=purpose, token=token)
    if found is None or not all(each.passed for each in said):
        raise Refused([each for each in said if not each.passed])
    use = LinkUse(
        organisation_id=actor.home_id, user_id=actor.person_id, purpose=purpose, link_id=found.id, used_at=actor.at
    )
    try:
        with transaction.atomic():
            use.save(force_insert=True)
    except IntegrityError as error:  # followed twice at once
        raise Refused([rules.BOOK.broken("S-905.used", "link_used")]) from error
    record(actor, "notice_link.used", subject_kind="notice_link", subject_id=use.pk, purpose=purpose, **party(actor))
    return found.subject


@action
def unsubscribe(actor: Actor, *, token: str) -> str:
    """Switch the mails of a category off for oneself by the link of one of them.

    Returns the category.
    Rules:   L-196, S-905.
    Raises:  NotFound; Refused.
    Records: notice_link.used; notice_preference.chosen
    """
    category = use_link(actor, purpose=links.UNSUBSCRIBE, token=token)
    own = queries.own_channels(actor, [actor.person_id]).get((actor.person_id, category), frozenset(rules.CHANNELS))
    choose_own(actor, category=category, channels=sorted(own - {rules.MAIL}))
    return category
