"""What the people of the story were told: messages of the last weeks, as they would have been written and gone out.

Nothing is mailed: the mails of that time are only noted in the log, some of which did not arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from partner_center.agreements import actions as agreements
from partner_center.agreements.queries import bound
from partner_center.audit.queries import EventRow, events
from partner_center.demo.world import World
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.codec import to_json
from partner_center.notices import actions as notices
from partner_center.notices.catalogue import Kind, kinds
from partner_center.notices.queries import digest_readers, waiting_for_digest
from partner_center.partners import actions as partners
from partner_center.policy.queries import pack
from partner_center.reviews.queries import last_turn, review
from partner_center.support.queries import ticket
from partner_center.vouchers import actions as writing
from partner_center.vouchers import queries as vouchers

# How many of each kind for each of these, newest first, and how far back.
MOST, FAR = 9, timedelta(days=240)
PEOPLE = ("lin.qiao", "jianglan", "qingwu", "chengshi", "qiyun", "songguo_it", "xingye_agri")
CONTACTS = (
    ("qingwu", "温如一", "订单与代金券", "13800000511", "wen.ruyi@qingwu.example"),
    ("qingwu", "陆遥", "技术支持", "13800000512", ""),
    ("jianglan", "祝青", "渠道客户", "", "zhu.qing@jianglan.example"),
)
# On how many of the last days reminders of what ends were noted.
REMINDED = 9
# What is older than this has been read by whoever reads their messages.
FRESH = timedelta(days=4)
# Every so manyth mail did not arrive.
BOUNCES, FAILS = 23, 41


def past(world: World) -> None:
    """Tell of what happened lately, in the order it happened, and note how the mails went."""
    actor = world.system("S-905: what was told", world.now)
    lately = _lately(world)
    read = False
    for fact, kind in lately:
        if not read and world.now - fact.at < FRESH:
            read = _read(world)
        for about in _subjects(actor, fact, kind):
            _tell(actor, fact, kind, about)
    _collected(actor)


def plan(world: World) -> None:
    """Each morning lately what ends soon was noted; and some partners name whom their customers may call."""
    for key, name, duty, phone, email in CONTACTS:
        world.plan(world.working_hour(160), partial(_name, key=key, name=name, duty=duty, phone=phone, email=email))
    for day in range(1, REMINDED):
        world.plan(world.midnight(world.now - timedelta(days=day)) + timedelta(hours=9), remind)


def _name(world: World, at: datetime, key: str, **contact: str) -> None:
    partners.add_contact(world.act(key, at), **contact)


def remind(world: World, at: datetime) -> None:
    """As the schedule does it."""
    system, known = world.system("S-905: what ends soon", at), pack("cloud-cn", at)
    for days in known.value("vouchers.warn_days_before_end").value:
        said: dict[str, Any] = {"currency": known.currency, "days": days, "key": f"{days}:{at.date()}"}
        writing.warn_quota_ending(system, **said)
        writing.warn_vouchers_ending(system, **said)
    for days in known.value("notices.agreement_due_days").value:
        agreements.warn_due(system, days=days, key=f"{days}:{at.date()}")


def _lately(world: World) -> list[tuple[EventRow, Kind]]:
    """What happened to the people of the story, oldest first, with the kinds that tell of it."""
    found: dict[tuple[UUID, str], tuple[EventRow, Kind]] = {}
    for who in (each for each in PEOPLE if each in world.people):
        actor = world.act(who, world.now)
        with seated(actor):
            for kind in kinds().values():
                rows = events(actor, name=kind.event, limit=MOST)
                found |= {(row.id, kind.name): (row, kind) for row in rows if world.now - row.at < FAR}
    return sorted(found.values(), key=lambda each: (each[0].at, each[0].id))


def _subjects(actor: Actor, fact: EventRow, kind: Kind) -> tuple[UUID, ...]:
    with seated(actor):
        if kind.facts == "bound":
            return bound(actor, fact.subject_id)
        return (UUID(fact.data["vouchers"][0]),) if kind.facts == "voucher" else (fact.subject_id,)


def _tell(actor: Actor, fact: EventRow, kind: Kind, about: UUID) -> None:
    with seated(actor):
        to, values, named = _facts(actor, fact, kind, about)
    if to is None:
        return
    told = notices.tell(
        actor,
        kind=kind.name,
        event_id=fact.id,
        about=about,
        organisation_id=to,
        values={name: to_json(value) for name, value in values.items() if value is not None},
        at=fact.at,
        named=named,
        key=f"{fact.id}:{kind.name}:{about}",
    )
    for delivery in told.deliveries:
        _went(actor, fact, delivery)


def _facts(actor: Actor, fact: EventRow, kind: Kind, about: UUID) -> tuple[UUID | None, Mapping[str, Any], UUID | None]:
    """Whom it is for, what it says, and whom it names."""
    member = fact.subject_id if fact.subject_kind == "user" else fact.data.get("member") or fact.user_id
    found: dict[str, Any] = {**fact.data, "partner": fact.partner_id, "customer": fact.customer_id, "member": member}
    to = {"partner": fact.partner_id, "customer": fact.customer_id, "subject": about}.get(kind.to, fact.seat_id)
    if kind.facts == "voucher":
        row = vouchers.voucher_detail(actor, about)
        to, found = row.customer_id, found | {"face_value": row.face}
        found |= {"starts_at": row.window.start, "ends_at": row.window.end}
    if kind.facts == "ticket":
        asked = ticket(actor, about)
        to, member, found = asked.organisation_id, asked.opened_by, found | {"closes_at": asked.closes_at}
    if kind.facts == "review":
        seen, last = review(actor, about), last_turn(actor, about, "return", "reject", "approve", "expire")
        to, reason = seen.asker_id, last.reason if last else ""
        found |= {"kind": seen.kind, "number": seen.number, "until": seen.supplement_due_at}
        found |= {"reason": f"{seen.kind}.{reason}" if reason else ""}
    if kind.facts == "quota_now":
        held = vouchers.quota_detail(actor, about).row
        found |= {"amount": held.value, "starts_at": held.window.start, "ends_at": held.window.end}
    if kind.facts == "quota":
        window = vouchers.quota_detail(actor, about).row.window
        found |= {"starts_at": window.start, "ends_at": window.end}
    said = {name: found.get(name) for name in ("partner", "customer", *kind.values)}
    return to, said, UUID(str(member)) if member else None


def _went(actor: Actor, fact: EventRow, delivery: UUID) -> None:
    """How a mail of the past went: mostly well."""
    turn = delivery.int % (BOUNCES * FAILS)
    said = {"move": "send", "message_id": f"<{delivery.hex}@demo.example>"}
    if turn % BOUNCES == 0:
        said = {"move": "bounce", "reason": "refused", "answer": "SMTP 550"}
    elif turn % FAILS == 0:
        said = {"move": "give_up", "reason": "unreachable", "answer": "ConnectionRefusedError"}
    notices.settle(system_actor(actor.system, fact.at + timedelta(seconds=4)), delivery_ids=[delivery], **said)


def _collected(actor: Actor) -> None:
    """What waited for a daily mail went with it."""
    with seated(actor):
        waiting = {reader: waiting_for_digest(actor, reader) for reader in digest_readers(actor)}
    for rows in waiting.values():
        name = f"<{rows[0].id.hex}.{rows[-1].id.hex}@demo.example>"
        notices.settle(actor, delivery_ids=[row.id for row in rows], move="send", message_id=name)


def _read(world: World) -> bool:
    for key in (each for each in PEOPLE if each in world.people):
        notices.read_all(world.act(key, world.now - FRESH))
    return True
