"""Reading vouchers: the issuer's lists, the customer's own, and the rows a verb is about to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q, QuerySet, Sum

from partner_center.access.queries import Name, names
from partner_center.fence.paging import Paged, count_up_to, newest_first
from partner_center.fence.scope import Scoped
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.ledger.queries import balances
from partner_center.policy.queries import pack
from partner_center.vouchers import numbers
from partner_center.vouchers.models import AuthorisationPart, Tally, Voucher
from partner_center.vouchers.queries.quota import ANY_TIME, Between, _between, scope_of, window_of
from partner_center.vouchers.rules import RESALE, VOUCHER_KIND, Scope

M = TypeVar("M", bound=Model)
YEAR = timedelta(days=365)


def told(state: str, window: Window, at: datetime) -> str:
    """The state a reader is told: a usable voucher before its window is not active yet. Rules: S-390, S-391."""
    return "inactive" if state == "usable" and at < window.start else state


@dataclass(frozen=True)
class VoucherFilter:
    """Which vouchers of those a seat may see. Time bounds are exclusive."""

    states: tuple[str, ...] = ()
    inactive: bool | None = None
    numbers: tuple[str, ...] = ()
    text: str = ""
    number: str = ""
    customer_id: UUID | None = None
    quota_id: UUID | None = None
    issue_id: UUID | None = None
    order: str = ""
    association_type: int | None = None
    kind: int | None = None
    is_frozen: bool | None = None
    own_only: bool = True
    with_old: bool = False
    ends_before: datetime | None = None
    issued: Between = ANY_TIME
    starts: Between = ANY_TIME
    ends: Between = ANY_TIME


@dataclass(frozen=True)
class VoucherRow:
    """A voucher as lists show it."""

    id: UUID
    number: str
    quota_id: UUID
    quota_number: str
    customer_id: UUID
    customer: Name | None
    partner_id: UUID
    partner: Name | None
    association_type: int
    face: Money
    balance: Money
    came_back: Money
    min_order: Money
    window: Window
    scope: Scope
    state: str
    is_frozen: bool
    frozen_reason: str
    lock_order: str
    issued_at: datetime
    last_used_at: datetime | None
    kind: int = VOUCHER_KIND
    counts_as_performance: bool = False

    @property
    def used(self) -> Money:
        return self.face - self.balance - self.came_back

    def shown_state(self, at: datetime) -> str:
        return told(self.state, self.window, at)

    def may_reclaim(self, at: datetime) -> bool:
        return self.state == "usable" and at < self.window.end and not self.lock_order and not self.is_frozen


def _seen(rows: Scoped[M], actor: Actor, wanted: VoucherFilter) -> QuerySet[M]:
    as_ = "partner" if wanted.own_only and not actor.sees_all else None
    seen = rows.visible_to(actor, as_=as_)
    if wanted.with_old:
        return seen
    years = int(pack(actor.site, actor.at).value("vouchers.listed_years_after_expiry_partner").value)
    return seen.filter(ends_at__gt=actor.at - YEAR * years)


def _tallied(actor: Actor, wanted: VoucherFilter) -> QuerySet[Tally]:
    return _seen(Tally.objects.all(), actor, wanted)


def _filtered(actor: Actor, wanted: VoucherFilter) -> QuerySet[Voucher]:
    rows = _seen(Voucher.objects.all(), actor, wanted).filter(
        _between("issued_at", wanted.issued) & _between("starts_at", wanted.starts) & _between("ends_at", wanted.ends)
    )
    equal = {
        "number": wanted.number,
        "customer_id": wanted.customer_id,
        "quota_id": wanted.quota_id,
        "issue_id": wanted.issue_id,
        "association_type": wanted.association_type,
        "kind": wanted.kind,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value not in (None, "")})
    if wanted.numbers:
        rows = rows.filter(number__in=wanted.numbers)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.is_frozen is not None:
        rows = rows.filter(is_frozen=wanted.is_frozen)
    if wanted.inactive is not None:
        rows = rows.filter(starts_at__gt=actor.at) if wanted.inactive else rows.filter(starts_at__lte=actor.at)
    if wanted.ends_before:
        rows = rows.filter(ends_at__lt=wanted.ends_before)
    return _searched(of_order(rows, wanted.order), wanted.text)


def of_order(rows: QuerySet[Voucher], order: str) -> QuerySet[Voucher]:
    """Those that an order holds or was paid with. Rules: S-390."""
    if not order:
        return rows
    paid = AuthorisationPart.objects.filter(authorisation__order_reference=order, authorisation__state="captured")
    return rows.filter(Q(lock_order=order) | Q(pk__in=paid.values("voucher_id")))


def orders_paid(voucher_ids: Iterable[UUID]) -> dict[UUID, str]:
    """For each voucher that has paid: the order that it paid last."""
    parts = AuthorisationPart.objects.filter(voucher_id__in=set(voucher_ids), authorisation__state="captured")
    paid = parts.order_by("authorisation__ended_at", "id").values_list("voucher_id", "authorisation__order_reference")
    return dict(paid)


def _searched(rows: QuerySet[Voucher], text: str) -> QuerySet[Voucher]:
    if not text:
        return rows
    if numbers.begins(text):
        return rows.filter(numbers.beginning(text))
    with connection.cursor() as cursor:
        # Names lie behind the fence; only ids of customers that already stand on these rows are asked about.
        cursor.execute(
            "SELECT id FROM access_names(%s::uuid[]) WHERE position(lower(%s) IN lower(name_zh || ' ' || name_en)) > 0",
            [list(rows.values_list("customer_id", flat=True).distinct().order_by()), text],
        )
        customers = [row[0] for row in cursor.fetchall()]
    return rows.filter(Q(number__istartswith=text) | Q(customer_id__in=customers))


def vouchers(actor: Actor, wanted: VoucherFilter, cursor: str | None = None, limit: int = 20) -> Paged[VoucherRow]:
    """A page of vouchers, newest first. Rules: S-379, S-400."""
    # The quota of the few that are shown are fetched apart: joined and fenced, they would be read for all that are not.
    page = newest_first(_filtered(actor, wanted).prefetch_related("quota"), "issued_at", cursor, limit)
    return page.of(rows_of(page.rows))


def vouchers_slice(actor: Actor, wanted: VoucherFilter, offset: int, limit: int) -> tuple[int, tuple[VoucherRow, ...]]:
    """The same by offset, with the total: for the partner API."""
    rows = _filtered(actor, wanted)
    ordered = rows.prefetch_related("quota").order_by("-issued_at", "-id")
    return rows.count(), rows_of(tuple(ordered[offset : offset + limit]))


def vouchers_count(actor: Actor, wanted: VoucherFilter) -> int:
    """How many vouchers a filter finds: read one by one, for what asks it once, such as an export."""
    return _filtered(actor, wanted).count()


def vouchers_for_api(actor: Actor, wanted: VoucherFilter, most: int) -> tuple[int, bool]:
    """How many of the vouchers the partner API shows too, counted up to `most`; and whether it leaves any out.

    Rules: S-379, S-380.
    """
    shown = _filtered(actor, replace(wanted, with_old=False)).filter(association_type=RESALE)
    leaves_out = _filtered(actor, wanted).exclude(association_type=RESALE).exists()
    return count_up_to(shown, most), leaves_out or wanted.with_old


def inactive_count(actor: Actor, wanted: VoucherFilter | None = None) -> int:
    """How many usable vouchers have not begun."""
    found = _tallied(actor, wanted or VoucherFilter()).filter(state="usable", starts_at__gt=actor.at)
    return int(found.aggregate(many=Sum("vouchers"))["many"] or 0)


def voucher_counts(actor: Actor, wanted: VoucherFilter | None = None) -> dict[str, int]:
    """How many vouchers are in each state; of a filter only whose they are and how old counts."""
    found = _tallied(actor, wanted or VoucherFilter()).order_by().values("state").annotate(many=Sum("vouchers"))
    return {row["state"]: row["many"] for row in found if row["many"]}


def rows_of(found: Sequence[Voucher]) -> tuple[VoucherRow, ...]:
    left = balances(voucher.pk for voucher in found)
    named = names(each for voucher in found for each in (voucher.customer_id, voucher.partner_id))
    return tuple(_row(voucher, left[voucher.pk], named) for voucher in found)


def _row(voucher: Voucher, balance: Money, named: dict[UUID, Name]) -> VoucherRow:
    return VoucherRow(
        id=voucher.pk,
        number=voucher.number,
        quota_id=voucher.quota_id,
        quota_number=voucher.quota.number,
        customer_id=voucher.customer_id,
        customer=named.get(voucher.customer_id),
        partner_id=voucher.partner_id,
        partner=named.get(voucher.partner_id),
        association_type=voucher.association_type,
        face=Money(voucher.face_minor, voucher.currency),
        balance=balance,
        came_back=Money(voucher.came_back_minor, voucher.currency),
        min_order=Money(voucher.min_order_minor, voucher.currency),
        window=window_of(voucher),
        scope=scope_of(voucher),
        state=voucher.state,
        is_frozen=voucher.is_frozen,
        frozen_reason=voucher.frozen_reason,
        lock_order=voucher.lock_order,
        issued_at=voucher.issued_at,
        last_used_at=voucher.last_used_at,
        kind=voucher.kind,
        counts_as_performance=voucher.counts_as_performance,
    )


def voucher_detail(actor: Actor, voucher_id: UUID) -> VoucherRow:
    """One voucher, for its issuer, the issuer's distributor and the vendor. Raises: NotFound."""
    found = Voucher.objects.visible_to(actor).select_related("quota").filter(pk=voucher_id).first()
    if found is None:
        raise NotFound("voucher")
    return rows_of([found])[0]


def usable_left(actor: Actor, customer_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """For each customer: how many usable vouchers of this seat it holds, and what is left of them in minor units."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.customer_id, count(*), sum(a.balance)::bigint FROM vouchers_voucher v
            JOIN ledger_account a ON a.id = v.id
            WHERE v.customer_id = ANY (%s) AND v.partner_id = %s AND v.state = 'usable' AND v.ends_at > %s
            GROUP BY v.customer_id
            """,
            [list(customer_ids), actor.seat, actor.at],
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


# Locks of the verbs --------------------------------------------------------------------------------------------------


def lock_vouchers(rows: QuerySet[Voucher]) -> list[Voucher]:
    """Vouchers whose state a verb is about to change, locked in primary-key order.

    Their quota rows are read, not locked; they lie beyond the customer's fence and are looked up apart.
    """
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def issued_by(actor: Actor, voucher_ids: Iterable[UUID]) -> QuerySet[Voucher]:
    """Vouchers of the seat's own issuing, by id."""
    return Voucher.objects.visible_to(actor, as_=None if actor.sees_all else "partner").filter(pk__in=list(voucher_ids))


def hold_vouchers_of(actor: Actor, customer_ids: Iterable[UUID], partner_id: UUID | None = None) -> frozenset[UUID]:
    """No order begins or ends with these customers' vouchers, of this partner or of any, while a verb parts them.

    Returns which of the customers hold any.
    """
    rows = _usable_of(actor, customer_ids, partner_id).order_by("pk").select_for_update(of=("self",))
    return frozenset(rows.values_list("customer_id", flat=True))


def orders_holding(
    actor: Actor, customer_ids: Iterable[UUID], partner_id: UUID | None = None
) -> dict[UUID, tuple[str, ...]]:
    """Orders that still hold customers' vouchers, of this partner or of any, by customer."""
    rows = _usable_of(actor, customer_ids, partner_id).exclude(lock_order="")
    found: dict[UUID, set[str]] = {}
    for customer, order in rows.values_list("customer_id", "lock_order"):
        found.setdefault(customer, set()).add(order)
    return {customer: tuple(sorted(orders)) for customer, orders in found.items()}


def _usable_of(actor: Actor, customer_ids: Iterable[UUID], partner_id: UUID | None) -> QuerySet[Voucher]:
    rows: QuerySet[Voucher] = Voucher.objects.visible_to(actor).filter(
        customer_id__in=list(customer_ids), state="usable"
    )
    return rows.filter(partner_id=partner_id) if partner_id else rows
