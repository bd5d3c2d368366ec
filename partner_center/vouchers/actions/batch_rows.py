"""The rows of a file: judged by the rules, issued where they are good, written down with what became of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection

from partner_center.customers.queries import AssociationFacts, Relation, associations_called
from partner_center.kernel.actor import Actor
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Outcome
from partner_center.policy.queries import pack
from partner_center.vouchers import rules
from partner_center.vouchers.actions.voucher import (
    Terms,
    hand_out,
    issue_facts,
    recipient_facts,
    terms_of,
)
from partner_center.vouchers.actions.writing import Own
from partner_center.vouchers.models import IssueBatch, IssueBatchRow, Quota
from partner_center.vouchers.queries.batch import RowIn, stored
from partner_center.vouchers.queries.quota import window_of
from partner_center.vouchers.rules import Cells, Reading, RecipientFacts


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with every rule it breaks; without any it is good."""

    number: int
    cells: Cells
    reading: Reading
    problems: tuple[Outcome, ...]
    customer: AssociationFacts | None
    named_before: int

    @property
    def is_good(self) -> bool:
        return not self.problems

    @property
    def face_minor(self) -> int:
        return self.reading.face.minor if self.reading.face else 0


def whole_broken(actor: Actor, quota: Quota, batch: IssueBatch) -> tuple[Outcome, ...]:
    """What stands in the way of the file as a whole. Rules: S-291, S-362, S-371, S-374."""
    return rules.ISSUE_WHOLE.broken(_facts(actor, quota, batch))


def judge(
    actor: Actor,
    quota: Quota,
    batch: IssueBatch,
    rows: Sequence[RowIn],
    found: Mapping[str, AssociationFacts],
    purse: Money,
) -> tuple[Judged, ...]:
    """Each row's broken rules, in the file's order; what is left in the purse goes to the rows that come first.

    What rows have in common is asked once: the terms that several say, the customer that several name.
    Rules: S-352, S-362, S-370 to S-375, S-377, S-902.
    """
    judge_ = _Judge(actor, quota, batch, found)
    left, judged = purse.minor, []
    for row in rows:
        one = judge_.row(row)
        if one.is_good and one.face_minor > left:
            values = rules.comparison(Money(one.face_minor, quota.currency), 1, Money(left, quota.currency))
            one = replace(one, problems=(rules.BOOK.broken("S-377", "quota_insufficient", **values),))
        elif one.is_good:
            left -= one.face_minor
        judged.append(one)
    return tuple(judged)


def customers_of(actor: Actor, rows: Iterable[RowIn]) -> dict[str, AssociationFacts]:
    """Whom the rows name, among the seat's customers; they stay so until the transaction ends."""
    return associations_called(actor, {row.cells.customer for row in rows if row.cells.customer}, lock=True)


def _facts(actor: Actor, quota: Quota, batch: IssueBatch) -> rules.IssueFacts:
    """The facts of the file as a whole; a row's own take the place of the terms, which break no rule here."""
    terms = _terms(quota, batch, Money(1, quota.currency))
    return issue_facts(actor, quota, terms, (), "console")


class _Judge:
    """Asks the rules about rows, and about what rows have in common only once."""

    def __init__(self, actor: Actor, quota: Quota, batch: IssueBatch, found: Mapping[str, AssociationFacts]) -> None:
        self.facts, self.found = _facts(actor, quota, batch), found
        self.whole = rules.ISSUE_WHOLE.broken(self.facts)
        self.quota, self.window, self.zone = quota, window_of(quota), pack(batch.site, actor.at).zone
        by_id = {each.customer_id: Relation(each.type, each.same_company) for each in found.values()}
        self.recipients = recipient_facts(actor, quota, by_id, tuple(by_id), "console")
        self.stranger = RecipientFacts(False, 0, False, False)
        self.terms: dict[tuple[object, ...], tuple[Reading, tuple[Outcome, ...]]] = {}
        self.seen: dict[UUID, int] = {}

    def row(self, row: RowIn) -> Judged:
        reading, broken = self._terms(row.cells)
        customer = self.found.get(row.cells.customer)
        if row.cells.customer:
            broken += rules.ISSUE_TO.broken(self.recipients[customer.customer_id] if customer else self.stranger)
        before = row.named_before
        if customer and not before:
            before = self.seen.setdefault(customer.customer_id, row.number)
        return Judged(
            row.number, row.cells, reading, self.whole + broken, customer, before if before != row.number else 0
        )

    def _terms(self, cells: Cells) -> tuple[Reading, tuple[Outcome, ...]]:
        """What the cells beside the customer say, and the rules that break of it. The remark counts by its length."""
        long = max(0, len(cells.remark) - rules.LONGEST_REMARK)
        key = (cells.face_value, cells.min_order_amount, cells.starts_at, cells.ends_at, bool(cells.customer), long)
        if key not in self.terms:
            reading = rules.read_cells(cells, self.quota.currency, self.window, self.zone)
            self.terms[key] = reading, (*rules.ROW_READ.broken(reading), *self._broken(reading, len(cells.remark)))
        reading, broken = self.terms[key]
        return replace(reading, cells=cells), broken

    def _broken(self, reading: Reading, remark: int) -> tuple[Outcome, ...]:
        """What can be read of the terms, asked of the rules; what cannot is passed by."""
        base = self.facts
        window = Window(reading.start or self.window.start, reading.end or self.window.end)
        return rules.ISSUE_ROW.broken(
            replace(
                base,
                face_value=reading.face if reading.face is not None else base.limits.smallest_face or base.face_value,
                min_order=reading.min_order if reading.min_order is not None else base.min_order,
                window=window,
                remark_length=remark,
            )
        )


# Issuing -----------------------------------------------------------------------------------------------------------


def issue_rows(
    actor: Actor, quota: Quota, batch: IssueBatch, good: Sequence[Judged], source: UUID | None = None
) -> dict[int, UUID]:
    """A voucher for each good row, paid for by the quota or the batch's hold. Returns the voucher of each row number.

    Money:   each row's face value; quota, or the batch's hold → voucher.
    Records: voucher.issued
    """
    if not good:
        return {}
    own = [_own(each) for each in good]
    terms = _terms(quota, batch, Money(good[0].face_minor, quota.currency))
    customers = [(each.customer.customer_id, each.customer.type) for each in good if each.customer]
    handed = hand_out(actor, quota, terms, batch.pk, customers, own=own, batch_id=batch.pk, source=source)
    return {row.number: one.voucher_id for row, one in zip(good, handed, strict=True)}


def _terms(quota: Quota, batch: IssueBatch, face: Money) -> Terms:
    """What all vouchers of a file have in common; the rest each row says for itself."""
    return terms_of(
        quota,
        face_value=face,
        min_order=None,
        window=None,
        service_types=batch.service_types,
        product_codes=batch.product_codes,
        remark="",
    )


def _own(row: Judged) -> Own:
    reading = row.reading
    assert reading.face and reading.min_order is not None and reading.start and reading.end
    return Own(reading.face.minor, reading.min_order.minor, reading.start, reading.end, row.cells.remark)


# Written down ------------------------------------------------------------------------------------------------------

_INSERT = f"""
    INSERT INTO {IssueBatchRow._meta.db_table} (id, batch_id, partner_id, number, cells, state, problems)
    SELECT id, %s, %s, number, cells, 'ready', '[]'
    FROM jsonb_to_recordset(%s::jsonb) AS given(id uuid, number int, cells text[])
"""
_UPDATE = "SELECT vouchers_note_rows(%s, %s::jsonb)"


def insert_rows(batch: IssueBatch, rows: Sequence[RowIn]) -> None:
    """Keep the rows of a file as they were uploaded, in one statement."""
    given = [{"id": str(new_id()), "number": row.number, "cells": _texts(row.cells)} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [batch.pk, batch.partner_id, json.dumps(given)])


def update_rows(batch: IssueBatch, judged: Iterable[Judged], vouchers: Mapping[int, UUID] | None = None) -> None:
    """Write down what was found of each row; with `vouchers`, that the good ones have theirs."""
    good = "ready" if vouchers is None else "issued"
    given = [
        {
            "number": row.number,
            "state": good if row.is_good else "refused",
            "problems": [stored(each) for each in row.problems] or None,
            "named_before": row.named_before or None,
            "customer_id": str(row.customer.customer_id) if row.customer else None,
            "face_minor": row.reading.face.minor if row.reading.face else None,
            "voucher_id": str(vouchers[row.number]) if vouchers and row.is_good else None,
        }
        for row in judged
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [batch.pk, json.dumps(given)])


def _texts(cells: Cells) -> list[str]:
    return [cells.customer, cells.face_value, cells.min_order_amount, cells.starts_at, cells.ends_at, cells.remark]
