"""Issuing vouchers from a file: look at it, issue it, carry on with a long one, undo it while nothing is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F

from partner_center.access.codes import require_code
from partner_center.access.permissions import Can, require, require_system
from partner_center.audit.action import action, tried
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Outcome
from partner_center.ledger import actions as ledger
from partner_center.ledger.errors import InsufficientBalance
from partner_center.ledger.queries import balances
from partner_center.ledger.rules import Move, NewAccount
from partner_center.vouchers import numbers, rules
from partner_center.vouchers.actions.batch_rows import (
    Judged,
    customers_of,
    insert_rows,
    issue_rows,
    judge,
    update_rows,
    whole_broken,
)
from partner_center.vouchers.actions.quota import homes_of, outrun
from partner_center.vouchers.actions.reclaiming import bring_home
from partner_center.vouchers.models import IssueBatch, IssueBatchRow, Quota
from partner_center.vouchers.queries.batch import RowIn, hold_running, lock_batch, lock_vouchers_of, rows_of, rows_to_do
from partner_center.vouchers.queries.quota_held import balance_of, share_quota

CHUNK = 10_000


@dataclass(frozen=True)
class Batch:
    """A file of vouchers to issue, and how it stands."""

    batch_id: UUID
    number: str
    state: str
    rows: int
    bad: int
    issued: int
    total: Money


@action(keyed=True)
def upload_batch(
    actor: Actor,
    *,
    quota_id: UUID,
    rows: Sequence[RowIn],
    file_name: str = "",
    service_types: Sequence[str] = (),
    product_codes: Sequence[str] = (),
    key: str | None = None,
) -> Batch:
    """Keep the rows of a file, and say of each what issuing it would come to: the real issue, rolled back.

    Rules:   S-291, S-352, S-362, S-370 to S-377, S-902.
    Raises:  NotAllowed; NotFound (quota outside the seat); Refused where the file as a whole breaks a rule.
    Records: voucher_batch.uploaded
    """
    require(actor, Can.VOUCHER_ISSUE)
    quota = share_quota(actor, quota_id)
    batch = IssueBatch(
        number=numbers.next_numbers(numbers.BATCH, actor.at, 1)[0],
        quota=quota,
        partner_id=quota.partner_id,
        upline_id=quota.upline_id,
        site=actor.site,
        currency=quota.currency,
        file_name=file_name[:200],
        service_types=sorted(set(service_types)),
        product_codes=sorted(set(product_codes)),
        row_count=len(rows),
        uploaded_at=actor.at,
        uploaded_by=actor.user_id,
        checked_at=actor.at,
    )
    if broken := whole_broken(actor, quota, batch):
        raise Refused(broken)
    batch.save(force_insert=True)
    insert_rows(batch, rows)
    _look(actor, batch)
    _note(actor, "voucher_batch.uploaded", batch, rows=batch.row_count)
    return _told(batch)


@action
def check_batch(actor: Actor, *, batch_id: UUID, at_once: int = CHUNK) -> Batch:
    """Look at a file anew before it is issued: the real issue, rolled back.

    Raises:  NotAllowed; NotFound; Conflict once it was issued or discarded.
    Records: voucher_batch.checked
    """
    require(actor, Can.VOUCHER_ISSUE)
    batch = _held(actor, batch_id, "issue")
    _look(actor, batch, at_once)
    _note(actor, "voucher_batch.checked", batch, rows=batch.row_count, bad=batch.bad_count)
    return _told(batch)


def _look(actor: Actor, batch: IssueBatch, at_once: int = CHUNK) -> None:
    with tried():
        # The very rows that issuing reads, under its locks; what a file that is held back comes to in chunks, too.
        copy = IssueBatch.objects.get(pk=batch.pk)
        judged = _issue(actor, copy, at_once)
        while copy.state == "issuing":
            _chunk(actor, copy, at_once)
    update_rows(batch, judged)
    _count(batch, judged)
    batch.checked_at = actor.at
    batch.save(update_fields=["bad_count", "warned_count", "total_minor", "checked_at"])


@action(keyed=True)
def issue_batch(actor: Actor, *, batch_id: UUID, key: str | None = None, at_once: int = CHUNK) -> Batch:
    """Issue a file's good rows; its bad ones are named, and get nothing.

    A file of more than `at_once` rows takes its total out of the quota first, and is issued in chunks from then on.
    Rules:   S-291, S-352, S-362, S-370 to S-378, S-902.
    Money:   each good row's face value; quota → voucher, or the total: quota → the batch's hold.
    Raises:  NotAllowed; NotFound; Refused where the whole breaks a rule or no row is good; Conflict once it was issued.
    Records: voucher_batch.issued; or voucher_batch.begun
    """
    require(actor, Can.VOUCHER_ISSUE)
    require_code(actor, "vouchers.issue")
    batch = _held(actor, batch_id, "issue")
    judged = _issue(actor, batch, at_once)
    good = sum(row.is_good for row in judged)
    if not good:
        raise Refused(_why_none(judged))
    return _told(batch)


def _why_none(judged: Sequence[Judged]) -> list[Outcome]:
    """What stands in every row's way; where nothing does, every rule that some row breaks. Each once."""
    found = [{(each.id, each.code): each for each in row.problems} for row in judged]
    of_all = set.intersection(*map(set, found))
    return [each for key, each in {k: v for one in found for k, v in one.items()}.items() if key in (of_all or {key})]


def _issue(actor: Actor, batch: IssueBatch, at_once: int) -> tuple[Judged, ...]:
    """What issuing is, for real and for the look at it beforehand."""
    rows = rows_of(batch)
    found = customers_of(actor, rows)
    quota = share_quota(actor, batch.quota_id)
    judged = judge(actor, quota, batch, rows, found, balance_of(quota))
    good = [row for row in judged if row.is_good]
    _count(batch, judged)
    batch.committed_at, batch.committed_by = actor.at, actor.user_id
    if not good:
        return judged
    if len(rows) > at_once:
        update_rows(batch, judged)
        _hold(actor, quota, batch)
    else:
        update_rows(batch, judged, issue_rows(actor, quota, batch, good))
        batch.issued_count, batch.state, batch.ended_at = len(good), rules.BATCH.target("issue"), actor.at
        _note(actor, "voucher_batch.issued", batch, issued=len(good), bad=batch.bad_count)
    batch.save()
    return judged


def _count(batch: IssueBatch, judged: Sequence[Judged]) -> None:
    good = [row for row in judged if row.is_good]
    batch.bad_count = len(judged) - len(good)
    batch.warned_count = sum(bool(row.named_before) for row in good)
    batch.total_minor = sum(row.face_minor for row in good)


def _hold(actor: Actor, quota: Quota, batch: IssueBatch) -> None:
    """Take the total out of the quota: from now on it is the batch's, whatever becomes of the quota."""
    total = Money(batch.total_minor, batch.currency)
    parties = {"partner_id": batch.partner_id, "upline_id": batch.upline_id}
    try:
        ledger.fund(
            actor,
            kind="voucher.batch_hold",
            accounts=[NewAccount(batch.pk, "batch.hold", batch.currency, 0, **parties)],
            amounts=total,
            sources=[Move(quota.pk, -total)],
        )
    except InsufficientBalance as error:
        raise outrun("S-377", total, 1) from error
    batch.state, batch.held_minor = rules.BATCH.target("begin"), total.minor
    _note(actor, "voucher_batch.begun", batch, bad=batch.bad_count)


@action
def carry_on(actor: Actor, *, batch_id: UUID, limit: int = CHUNK) -> int:
    """Issue the next rows of a long file out of its hold; after the last, what is left of the hold goes home.

    Rows that no longer keep the rules, since the quota was frozen or a customer left, are refused and named.
    Rules:   S-291, S-352, S-362, S-370 to S-375, S-402.
    Money:   each row's face value; the batch's hold → voucher; at the end the rest: hold → the quota, or where it goes.
    Raises:  NotAllowed to anybody but the system.
    Returns: how many rows were worked off; 0 where nothing is to be done, or somebody else is at it.
    Records: voucher.issued; voucher_batch.issued after the last
    """
    require_system(actor)
    batch = hold_running(actor, batch_id)
    return _chunk(_for_its_partner(actor, batch), batch, limit) if batch else 0


def _for_its_partner(actor: Actor, batch: IssueBatch) -> Actor:
    """The system at work for who issued the file: its customers, its site, and its name on the records."""
    return replace(actor, seat=batch.partner_id, home=batch.partner_id, user_id=batch.committed_by, site=batch.site)


def _chunk(actor: Actor, batch: IssueBatch, limit: int) -> int:
    rows = rows_to_do(batch, limit)
    found = customers_of(actor, rows)
    quota = share_quota(actor, batch.quota_id)
    judged = judge(actor, quota, batch, rows, found, balances([batch.pk])[batch.pk])
    good = [row for row in judged if row.is_good]
    update_rows(batch, judged, issue_rows(actor, quota, batch, good, source=batch.pk))
    refused = [row for row in judged if not row.is_good]
    batch.issued_count += len(good)
    batch.bad_count += len(refused)
    batch.warned_count -= sum(bool(row.named_before) for row in refused)
    batch.total_minor -= sum(row.face_minor for row in refused)
    if len(rows) < limit or batch.issued_count + batch.bad_count == batch.row_count:
        _end(actor, batch)
    batch.save()
    return len(rows)


def _end(actor: Actor, batch: IssueBatch) -> None:
    """What the hold still has goes home: free, lost after the quota's end, or on to where it came from."""
    homes, taken_back = homes_of(actor, [batch.quota_id])
    _, given = ledger.sweep(actor, kind="voucher.batch_return", accounts=[batch.pk], into=homes[batch.quota_id])
    back = given.get(batch.pk, 0)
    for quota_id in taken_back:
        Quota.objects.filter(pk=quota_id).update(given_back_minor=F("given_back_minor") + back)
    batch.state, batch.ended_at = rules.BATCH.target("end"), actor.at
    returned = Money(back, batch.currency)
    _note(actor, "voucher_batch.issued", batch, issued=batch.issued_count, bad=batch.bad_count, returned=returned)


@action(keyed=True)
def discard_batch(actor: Actor, *, batch_id: UUID, key: str | None = None) -> Batch:
    """Give a file up before it is issued.

    Raises:  NotAllowed; NotFound; Conflict once it was issued or discarded.
    Records: voucher_batch.discarded
    """
    require(actor, Can.VOUCHER_ISSUE)
    batch = _held(actor, batch_id, "discard")
    batch.state, batch.ended_at = rules.BATCH.target("discard"), actor.at
    batch.save(update_fields=["state", "ended_at"])
    _note(actor, "voucher_batch.discarded", batch)
    return _told(batch)


@action(keyed=True)
def undo_batch(actor: Actor, *, batch_id: UUID, remark: str = "", key: str | None = None) -> Batch:
    """Take every voucher of a file back at once, while none of them was used, is held by an order, or has ended.

    Rules:   S-378, S-399, S-402, S-410.
    Money:   every face value; voucher → the quota it came from (lost there after its own end).
    Raises:  NotAllowed; NotFound; Refused telling how many are touched; Conflict unless it is issued.
    Records: voucher_batch.undone; voucher.reclaimed
    """
    require(actor, Can.VOUCHER_ISSUE)
    require_code(actor, "vouchers.issue")
    batch = _held(actor, batch_id, "undo")
    vouchers, touched = lock_vouchers_of(batch)
    rules.UNDO_BATCH.check(rules.UndoFacts(len(vouchers), touched), batch.pk)
    bring_home(actor, vouchers, rules.RECLAIMED, remark)
    IssueBatchRow.objects.filter(batch=batch, state="issued").update(state="undone")
    batch.state, batch.ended_at = rules.BATCH.target("undo"), actor.at
    batch.save(update_fields=["state", "ended_at"])
    _note(actor, "voucher_batch.undone", batch, issued=batch.issued_count)
    return _told(batch)


def _held(actor: Actor, batch_id: UUID, move: str) -> IssueBatch:
    batch = lock_batch(actor, batch_id)
    if batch is None:
        raise NotFound("voucher_batch")
    if not rules.BATCH.may(move, batch.state):
        raise Conflict("batch_in_other_state", state=batch.state, needed=", ".join(rules.BATCH.sources(move)))
    return batch


def _told(batch: IssueBatch) -> Batch:
    return Batch(
        batch.pk,
        batch.number,
        batch.state,
        batch.row_count,
        batch.bad_count,
        batch.issued_count,
        Money(batch.total_minor, batch.currency),
    )


def _note(actor: Actor, event: str, batch: IssueBatch, **data: Any) -> None:
    record(
        actor,
        event,
        subject_kind="voucher_batch",
        subject_id=batch.pk,
        partner_id=batch.partner_id,
        upline_id=batch.upline_id,
        quota=batch.quota_id,
        amount=Money(batch.total_minor, batch.currency),
        **data,
    )
