"""Reading the operation logs of vouchers and of quota."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from partner_center.access.queries import Name, names, user_names
from partner_center.customers.models import Association
from partner_center.fence.paging import Paged, count_up_to, newest_first
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.partners.models import DistributorLink
from partner_center.vouchers.models import IssueBatch, Quota, QuotaRecord, Voucher, VoucherRecord
from partner_center.vouchers.queries.quota import ANY_TIME, Between, _between
from partner_center.vouchers.rules import QUOTA_RECLAIMED, RESALE, VOUCHER_KIND


@dataclass(frozen=True)
class RecordFilter:
    """Which lines of the log. Time bounds are exclusive; `customer` and `reseller` are part of a name.

    With a reseller the lines are those of the seat's resellers, not its own. Rules: S-412.
    """

    operation_types: tuple[int, ...] = ()
    quota_number: str = ""
    source_number: str = ""
    customer: str = ""
    reseller: str = ""
    voucher_numbers: tuple[str, ...] = ()
    voucher_id: UUID | None = None
    customer_id: UUID | None = None
    association_type: int | None = None
    kind: int | None = None
    user_id: UUID | None = None
    own_only: bool = True
    at: Between = ANY_TIME


@dataclass(frozen=True)
class QuotaRecordFilter:
    """Which lines of the log of quota passed on. Time bounds are exclusive; `number` is the whole one. Rules: S-412."""

    operation_types: tuple[int, ...] = ()
    number: str = ""
    quota_number: str = ""
    source_number: str = ""
    reseller: str = ""
    partner_id: UUID | None = None
    user_id: UUID | None = None
    at: Between = ANY_TIME


@dataclass(frozen=True)
class Tally:
    """How many lines of one operation there are, and what they come to."""

    lines: int
    amount: Money


@dataclass(frozen=True)
class RecordRow:
    """A line of the log of vouchers. Rules: S-376, S-410."""

    id: UUID
    operation_type: int
    quota_id: UUID
    quota_number: str
    voucher_id: UUID
    voucher_number: str
    customer_id: UUID
    customer: Name | None
    partner_id: UUID
    amount: Money
    at: datetime
    operator: str
    remark: str
    kind: int
    # The file it was issued from, for the partner whose file it is.
    batch_number: str = ""


@dataclass(frozen=True)
class QuotaRecordRow:
    """A line of the log of quota passed on. Rules: S-411."""

    id: UUID
    operation_type: int
    quota_id: UUID
    quota_number: str
    parent_id: UUID
    parent_number: str
    partner_id: UUID
    partner: Name | None
    amount: Money
    at: datetime
    operator: str
    remark: str


def _filtered(actor: Actor, wanted: RecordFilter) -> QuerySet[VoucherRecord]:
    as_ = None if actor.sees_all else "upline" if wanted.reseller else "partner" if wanted.own_only else None
    rows = VoucherRecord.objects.visible_to(actor, as_=as_).filter(_between("at", wanted.at))
    if wanted.operation_types:
        rows = rows.filter(operation_type__in=wanted.operation_types)
    if wanted.quota_number:
        rows = rows.filter(quota_id__in=_ids(Quota.objects.filter(number=wanted.quota_number)))
    if wanted.source_number:
        rows = rows.filter(quota_id__in=_parts_of(wanted.source_number))
    if wanted.voucher_numbers:
        rows = rows.filter(voucher_id__in=_ids(Voucher.objects.filter(number__in=wanted.voucher_numbers)))
    if wanted.reseller:
        rows = rows.filter(partner_id__in=_resellers_called(actor, wanted.reseller))
    if wanted.kind is not None:
        rows = rows.filter(quota_id__in=Quota.objects.filter(kind=wanted.kind).values("pk"))
    if wanted.customer:
        rows = rows.filter(customer_id__in=_customers_called(actor, wanted.customer))
    for name in ("voucher_id", "customer_id", "association_type", "user_id"):
        if (value := getattr(wanted, name)) is not None:
            rows = rows.filter(**{name: value})
    return rows


def _ids(rows: QuerySet[Quota] | QuerySet[Voucher]) -> list[UUID]:
    """Read beforehand: with the ids at hand PostgreSQL knows how few lines there are and takes the right index."""
    return list(rows.values_list("pk", flat=True))


def _parts_of(number: str) -> list[UUID]:
    return _ids(Quota.objects.filter(parent_id__in=_ids(Quota.objects.filter(number=number))))


def _resellers_called(actor: Actor, text: str) -> list[UUID]:
    links = DistributorLink.objects.visible_to(actor, as_=None if actor.sees_all else "distributor")
    return _called(text, links.order_by().values_list("reseller_id", flat=True).distinct())


def _customers_called(actor: Actor, text: str) -> list[UUID]:
    """Customers of today and of before: what was done for them stays in the log."""
    return _called(
        text, Association.objects.visible_to(actor).order_by().values_list("customer_id", flat=True).distinct()
    )


def _called(text: str, ids: QuerySet[Association, UUID] | QuerySet[DistributorLink, UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        # Names lie behind the fence; only ids of the seat's own relations are asked about.
        cursor.execute(
            "SELECT id FROM access_names(%s::uuid[]) WHERE position(lower(%s) IN lower(name_zh || ' ' || name_en)) > 0",
            [list(ids), text],
        )
        return [row[0] for row in cursor.fetchall()]


def record_tallies(actor: Actor, wanted: RecordFilter) -> dict[int, Tally]:
    """How many lines of each operation the filter leaves, and their amounts."""
    return _tallied(_filtered(actor, wanted))


def quota_record_tallies(actor: Actor, wanted: QuotaRecordFilter) -> dict[int, Tally]:
    return _tallied(_filtered_quota(actor, wanted))


def _tallied(rows: QuerySet[VoucherRecord] | QuerySet[QuotaRecord]) -> dict[int, Tally]:
    # A seat's amounts are all in its site's currency.
    found = rows.order_by().values("operation_type", "currency").annotate(lines=Count("pk"), total=Sum("amount_minor"))
    return {row["operation_type"]: Tally(row["lines"], Money(row["total"], row["currency"])) for row in found}


def records(actor: Actor, wanted: RecordFilter, cursor: str | None = None, limit: int = 20) -> Paged[RecordRow]:
    """A page of the log, newest first."""
    page = newest_first(_filtered(actor, wanted), "at", cursor, limit)
    return page.of(_rows(actor, page.rows))


def records_slice(actor: Actor, wanted: RecordFilter, offset: int, limit: int) -> tuple[int, tuple[RecordRow, ...]]:
    """The same by offset, with the total: for the partner API."""
    rows = _filtered(actor, wanted)
    return rows.count(), _rows(actor, tuple(rows.order_by("-at", "-id")[offset : offset + limit]))


def records_for_api(actor: Actor, wanted: RecordFilter, most: int) -> tuple[int, bool]:
    """How many of the lines the partner API shows too, counted up to `most`; and whether it leaves any out.

    Rules: S-380.
    """
    rows = _filtered(actor, wanted)
    shown, leaves_out = rows.filter(association_type=RESALE), rows.exclude(association_type=RESALE)
    return count_up_to(shown, most), leaves_out.exists()


def _rows(actor: Actor, found: tuple[VoucherRecord, ...]) -> tuple[RecordRow, ...]:
    of_quota = Quota.objects.in_bulk({row.quota_id for row in found})
    numbers = dict(Voucher.objects.filter(pk__in={row.voucher_id for row in found}).values_list("pk", "number"))
    named, people = names(row.customer_id for row in found), user_names(row.user_id for row in found)
    files = {row.batch_id for row in found if row.batch_id and row.partner_id == actor.seat}
    batches = dict(IssueBatch.objects.filter(pk__in=files).values_list("pk", "number")) if files else {}
    return tuple(
        RecordRow(
            id=row.pk,
            operation_type=row.operation_type,
            quota_id=row.quota_id,
            quota_number=of_quota[row.quota_id].number if row.quota_id in of_quota else "",
            voucher_id=row.voucher_id,
            voucher_number=numbers.get(row.voucher_id, ""),
            customer_id=row.customer_id,
            customer=named.get(row.customer_id),
            partner_id=row.partner_id,
            amount=Money(row.amount_minor, row.currency),
            at=row.at,
            operator=_operator(actor, people, row.user_id),
            # The remark is the issuing partner's own; a distributor reads its reseller's lines without it.
            remark=row.remark if row.partner_id == actor.seat else "",
            batch_number=batches.get(row.batch_id, "") if row.batch_id else "",
            kind=of_quota[row.quota_id].kind if row.quota_id in of_quota else VOUCHER_KIND,
        )
        for row in found
    )


def _operator(actor: Actor, people: dict[UUID, tuple[str, str]], user_id: UUID | None) -> str:
    zh, en = people.get(user_id, ("", "")) if user_id else ("", "")
    return zh if actor.language == "zh" else en


def _filtered_quota(actor: Actor, wanted: QuotaRecordFilter, as_: str | None = None) -> QuerySet[QuotaRecord]:
    rows = QuotaRecord.objects.visible_to(actor, as_=as_).filter(_between("at", wanted.at))
    if wanted.operation_types:
        rows = rows.filter(operation_type__in=wanted.operation_types)
    if wanted.number:
        rows = rows.filter(quota_id__in=_ids(Quota.objects.filter(number=wanted.number)))
    if wanted.quota_number:
        rows = rows.filter(quota_id__in=_ids(Quota.objects.filter(number__istartswith=wanted.quota_number)))
    if wanted.source_number:
        rows = rows.filter(parent_id__in=_ids(Quota.objects.filter(number=wanted.source_number)))
    if wanted.reseller:
        rows = rows.filter(partner_id__in=_resellers_called(actor, wanted.reseller))
    if wanted.partner_id:
        rows = rows.filter(partner_id=wanted.partner_id)
    return rows.filter(user_id=wanted.user_id) if wanted.user_id else rows


NO_FILTER = QuotaRecordFilter()


def quota_records(
    actor: Actor, wanted: QuotaRecordFilter = NO_FILTER, cursor: str | None = None, limit: int = 20
) -> Paged[QuotaRecordRow]:
    """A page of what was passed on and taken back, newest first."""
    page = newest_first(_filtered_quota(actor, wanted), "at", cursor, limit)
    return page.of(_quota_rows(actor, page.rows))


def quota_records_slice(
    actor: Actor, wanted: QuotaRecordFilter, offset: int, limit: int
) -> tuple[int, tuple[QuotaRecordRow, ...]]:
    """What the seat itself passed on and took back, by offset, with the total: for the partner API."""
    rows = _filtered_quota(actor, wanted, as_=None if actor.sees_all else "upline")
    return rows.count(), _quota_rows(actor, tuple(rows.order_by("-at", "-id")[offset : offset + limit]))


def _quota_rows(actor: Actor, found: tuple[QuotaRecord, ...]) -> tuple[QuotaRecordRow, ...]:
    quota_ids = {each for row in found for each in (row.quota_id, row.parent_id)}
    numbers = dict(Quota.objects.filter(pk__in=quota_ids).values_list("pk", "number"))
    named, people = names(row.partner_id for row in found), user_names(row.user_id for row in found)
    return tuple(
        QuotaRecordRow(
            id=row.pk,
            operation_type=row.operation_type,
            quota_id=row.quota_id,
            quota_number=numbers.get(row.quota_id, ""),
            parent_id=row.parent_id,
            parent_number=numbers.get(row.parent_id, ""),
            partner_id=row.partner_id,
            partner=named.get(row.partner_id),
            amount=Money(row.amount_minor, row.currency),
            at=row.at,
            operator=_operator(actor, people, row.user_id),
            remark=row.remark if row.upline_id == actor.seat else "",
        )
        for row in found
    )


def reclaimed_last(actor: Actor, quota_ids: Iterable[UUID]) -> dict[UUID, Money]:
    """What really came back of each of these when it was last taken back; those that never were are left out."""
    rows = QuotaRecord.objects.visible_to(actor).filter(quota_id__in=list(quota_ids), operation_type=QUOTA_RECLAIMED)
    return {row.quota_id: Money(row.amount_minor, row.currency) for row in rows.order_by("at", "id")}
