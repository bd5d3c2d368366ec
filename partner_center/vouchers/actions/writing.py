"""Writing many vouchers, or their end, with their log in one statement, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict
from partner_center.kernel.ids import new_ids
from partner_center.vouchers import numbers, rules
from partner_center.vouchers.models import Quota, Voucher, VoucherRecord

_SHARED = {
    "quota_id": "uuid",
    "spent_account": "uuid",
    "partner_id": "uuid",
    "upline_id": "uuid",
    "issue_id": "uuid",
    "face_minor": "bigint",
    "currency": "text",
    "min_order_minor": "bigint",
    "starts_at": "timestamptz",
    "ends_at": "timestamptz",
    "service_types": "text[]",
    "product_codes": "text[]",
    "issued_at": "timestamptz",
    "kind": "smallint",
    "counts_as_performance": "boolean",
    "service_types_excluded": "text[]",
    "order_types": "text[]",
    "regions": "text[]",
    "billing_modes": "text[]",
    "enterprise_projects": "text[]",
    "with_discounts": "boolean",
    "min_discount": "numeric",
    "use_ratio": "numeric",
}
_TERMS = ", ".join(f"%({name})s::{kind} AS {name}" for name, kind in _SHARED.items())
_NAMES = ", ".join(_SHARED)
# What is the same for all stands once; what differs comes as arrays. Each number is drawn where its row is made.
_WRITE = f"""
    WITH terms AS (SELECT {_TERMS}),
    each AS (
        SELECT given.*, %(prefix)s || lpad(drawn.count, greatest(6, length(drawn.count)), '0') AS number
        FROM unnest(%(ids)s::uuid[], %(records)s::uuid[], %(customers)s::uuid[], %(types)s::int[])
            WITH ORDINALITY AS given(id, record_id, customer_id, association_type, place),
        LATERAL (
            SELECT nextval('vouchers_voucher_number')::text AS count WHERE given.id IS NOT NULL
        ) AS drawn
    ),
    written AS (
        INSERT INTO {Voucher._meta.db_table}
            (id, number, customer_id, association_type, state, is_frozen, lock_order, came_back_minor, {_NAMES})
        SELECT each.id, each.number, each.customer_id, each.association_type, 'usable', false, '', 0,
            {", ".join(f"terms.{name}" for name in _SHARED)}
        FROM each, terms
    ),
    logged AS (
        INSERT INTO {VoucherRecord._meta.db_table}
            (id, operation_type, quota_id, voucher_id, customer_id, partner_id, upline_id, association_type,
             amount_minor, currency, user_id, remark, at)
        SELECT each.record_id, %(operation_type)s, terms.quota_id, each.id, each.customer_id, terms.partner_id,
            terms.upline_id, each.association_type, terms.face_minor, terms.currency, %(user_id)s, %(remark)s,
            terms.issued_at
        FROM each, terms
    )
    SELECT string_agg(number, ' ' ORDER BY place) FROM each
"""


@dataclass(frozen=True)
class Make:
    """What all vouchers of one issue have in common."""

    quota: Quota
    issue_id: UUID
    face_minor: int
    min_order_minor: int
    starts_at: datetime
    ends_at: datetime
    scope: rules.Scope
    issued_at: datetime
    user_id: UUID | None
    remark: str


def write_vouchers(make: Make, customers: Sequence[tuple[UUID, int]]) -> list[tuple[UUID, UUID, str]]:
    """Write a voucher and its line in the log for each (customer, association type), in one round trip.

    Returns (voucher, customer, number) in the customers' order. Rules: S-410.
    """
    ids = new_ids(len(customers))
    values: dict[str, Any] = {**_terms(make), **_each(ids, customers), **_log(make)}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        drawn = str(cursor.fetchone()[0]).split()
    return [(id_, customer, number) for id_, (customer, _), number in zip(ids, customers, drawn, strict=True)]


def _terms(make: Make) -> dict[str, object]:
    quota = make.quota
    return {
        "quota_id": quota.pk,
        "spent_account": quota.spent_account,
        "partner_id": quota.partner_id,
        "upline_id": quota.upline_id,
        "currency": quota.currency,
        "issue_id": make.issue_id,
        "face_minor": make.face_minor,
        "min_order_minor": make.min_order_minor,
        "starts_at": make.starts_at,
        "ends_at": make.ends_at,
        **make.scope.columns(),
        "kind": quota.kind,
        "counts_as_performance": quota.counts_as_performance,
        "issued_at": make.issued_at,
        "prefix": f"{numbers.VOUCHER}{make.issued_at:%y%m}-",
    }


def _each(ids: Sequence[UUID], customers: Sequence[tuple[UUID, int]]) -> dict[str, object]:
    # Array literals are made here: for ten thousand ids that is several times faster than the driver's adaptation.
    return {
        "ids": _uuids(ids),
        "records": _uuids(new_ids(len(ids))),
        "customers": _uuids([customer for customer, _ in customers]),
        "types": "{" + ",".join(str(int(type_)) for _, type_ in customers) + "}",
    }


def _uuids(values: Sequence[UUID]) -> str:
    return "{" + ",".join(value.hex for value in values) + "}"


def _log(make: Make) -> dict[str, object]:
    return {"operation_type": rules.ISSUED, "user_id": make.user_id, "remark": make.remark[: rules.LONGEST_REMARK]}


# A row that has ended meanwhile is not overwritten; it is missed when the lines are counted.
_END = f"""
    WITH ended AS (
        UPDATE {Voucher._meta.db_table} AS v
        SET state = %(state)s, ended_at = %(at)s, came_back_minor = given.amount
        FROM unnest(%(ids)s::uuid[], %(records)s::uuid[], %(amounts)s::bigint[]) AS given(id, record_id, amount)
        WHERE v.id = given.id AND v.state = ANY (%(sources)s)
        RETURNING v.*, given.record_id
    )
    INSERT INTO {VoucherRecord._meta.db_table}
        (id, operation_type, quota_id, voucher_id, customer_id, partner_id, upline_id, association_type,
         amount_minor, currency, user_id, remark, at)
    SELECT record_id, %(operation_type)s, quota_id, id, customer_id, partner_id, upline_id, association_type,
        came_back_minor, currency, %(user_id)s, %(remark)s, %(at)s
    FROM ended
"""


def end_vouchers(
    actor: Actor, move: str, ids: Sequence[UUID], amounts: Mapping[UUID, int], operation_type: int, remark: str
) -> None:
    """End locked vouchers and write each a line of the log, in one round trip.

    Rules:  S-390, S-410.
    Money:  what really came back of each, minor units of its quota's currency; none stands for nothing.
    Raises: Conflict when one of them is not in a state that the move starts from.
    """
    values: dict[str, Any] = {
        "ids": _uuids(ids),
        "records": _uuids(new_ids(len(ids))),
        "amounts": "{" + ",".join(str(amounts.get(id_, 0)) for id_ in ids) + "}",
        "state": rules.VOUCHER.target(move),
        "sources": list(rules.VOUCHER.sources(move)),
        "at": actor.at,
        "operation_type": operation_type,
        "user_id": actor.user_id,
        "remark": remark[: rules.LONGEST_REMARK],
    }
    with connection.cursor() as cursor:
        cursor.execute(_END, values)
        if cursor.rowcount != len(ids):
            raise Conflict("voucher_in_other_state")
