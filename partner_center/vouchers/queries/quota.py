"""Reading quota: lists, one with its sum, and the locks that issuing takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from partner_center.access.queries import Name, names
from partner_center.fence.paging import Paged, newest_first
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.ledger.models import Account
from partner_center.ledger.queries import balances
from partner_center.vouchers import numbers
from partner_center.vouchers.models import AuthorisationPart, IssueBatch, Quota, Voucher
from partner_center.vouchers.rules import QUOTA, QuotaSum, Scope

Tab = Literal["held", "passed_on", "all"]
Between = tuple[datetime | None, datetime | None]
ANY_TIME: Between = (None, None)
LIVE = QUOTA.sources("lapse")
_SOMETHING_FREE = Exists(Account.objects.filter(pk=OuterRef("pk"), balance__gt=0))


@dataclass(frozen=True)
class QuotaFilter:
    """Which quota of those a seat may see. Time bounds are exclusive."""

    tab: Tab = "held"
    states: tuple[str, ...] = ()
    kind: int | None = None
    text: str = ""
    numbers: tuple[str, ...] = ()
    parent_id: UUID | None = None
    parent_number: str = ""
    partner_id: UUID | None = None
    ends_before: datetime | None = None
    with_money: bool = False
    granted: Between = ANY_TIME
    starts: Between = ANY_TIME
    ends: Between = ANY_TIME


@dataclass(frozen=True)
class QuotaRow:
    """A quota as lists show it."""

    id: UUID
    number: str
    kind: int
    partner: Name | None
    partner_id: UUID
    upline_id: UUID | None
    parent_id: UUID | None
    parent_number: str
    value: Money
    balance: Money
    given_back: Money
    lost: Money
    window: Window
    state: str
    state_reason: str
    scope: Scope
    customer_ids: tuple[UUID, ...]
    purpose: str
    granted_at: datetime
    changed_at: datetime
    counts_as_performance: bool = False

    @property
    def given_out(self) -> Money:
        """What has left it for customers or resellers and has not come back."""
        return self.value - self.balance - self.given_back - self.lost

    def may_issue(self, at: datetime) -> bool:
        return self.state == "normal" and self.window.contains(at) and self.balance.minor > 0


@dataclass(frozen=True)
class QuotaDetail:
    """A quota with the sum that closes, and the parts it was passed on in."""

    row: QuotaRow
    sum: QuotaSum
    parts: tuple[tuple[QuotaRow, QuotaSum], ...]
    vouchers: int
    customers: int
    limited_to: tuple[Name, ...] = field(default=())


def _seen(actor: Actor, tab: Tab) -> QuerySet[Quota]:
    if tab == "all" or actor.sees_all:
        rows = Quota.objects.visible_to(actor)
        return rows if tab == "all" else rows.filter(upline_id__isnull=tab == "held")
    return Quota.objects.visible_to(actor, as_="partner" if tab == "held" else "upline")


def _between(name: str, bounds: Between) -> Q:
    after, before = bounds
    wanted = Q()
    if after:
        wanted &= Q(**{f"{name}__gt": after})
    if before:
        wanted &= Q(**{f"{name}__lt": before})
    return wanted


def _filtered(actor: Actor, wanted: QuotaFilter) -> QuerySet[Quota]:
    rows = _seen(actor, wanted.tab).filter(
        _between("granted_at", wanted.granted) & _between("starts_at", wanted.starts) & _between("ends_at", wanted.ends)
    )
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind)
    if wanted.numbers:
        rows = rows.filter(number__in=wanted.numbers)
    if wanted.parent_id:
        rows = rows.filter(parent_id=wanted.parent_id)
    if wanted.parent_number:
        rows = rows.filter(parent__number=wanted.parent_number)
    if wanted.partner_id:
        rows = rows.filter(partner_id=wanted.partner_id)
    if wanted.ends_before:
        rows = rows.filter(ends_at__lt=wanted.ends_before)
    if wanted.with_money:
        rows = rows.filter(_SOMETHING_FREE, ends_at__gt=actor.at, state__in=LIVE)
    return _searched(rows, wanted.text)


def _searched(rows: QuerySet[Quota], text: str) -> QuerySet[Quota]:
    if not text:
        return rows
    if numbers.begins(text):
        return rows.filter(numbers.beginning(text))
    with connection.cursor() as cursor:
        # Names lie behind the fence; only ids of partners that already stand on these rows are asked about.
        cursor.execute(
            "SELECT id FROM access_names(%s::uuid[]) WHERE position(lower(%s) IN lower(name_zh || ' ' || name_en)) > 0",
            [list(rows.values_list("partner_id", flat=True).distinct().order_by()), text],
        )
        partners = [row[0] for row in cursor.fetchall()]
    return rows.filter(Q(number__istartswith=text) | Q(partner_id__in=partners))


def quotas(actor: Actor, wanted: QuotaFilter, cursor: str | None = None, limit: int = 20) -> Paged[QuotaRow]:
    """A page of quota, newest first."""
    page = newest_first(_filtered(actor, wanted).select_related("parent"), "granted_at", cursor, limit)
    return page.of(rows_of(page.rows))


def quotas_slice(actor: Actor, wanted: QuotaFilter, offset: int, limit: int) -> tuple[int, tuple[QuotaRow, ...]]:
    """The same by offset, with the total: for the partner API."""
    rows = _filtered(actor, wanted)
    ordered = rows.select_related("parent").order_by("-granted_at", "-id")
    return rows.count(), rows_of(tuple(ordered[offset : offset + limit]))


def quotas_count(actor: Actor, wanted: QuotaFilter) -> int:
    return _filtered(actor, wanted).count()


def quota_counts(actor: Actor, tab: Tab) -> dict[str, int]:
    """How many quota are in each state."""
    found = _seen(actor, tab).order_by().values("state").annotate(many=Count("id"))
    return {row["state"]: row["many"] for row in found}


def rows_of(found: Sequence[Quota]) -> tuple[QuotaRow, ...]:
    on_books = balances(account for quota in found for account in (quota.pk, quota.lost_account))
    named = names(quota.partner_id for quota in found)
    return tuple(_row(quota, on_books, named.get(quota.partner_id)) for quota in found)


def _row(quota: Quota, on_books: Mapping[UUID, Money], partner: Name | None) -> QuotaRow:
    return QuotaRow(
        id=quota.pk,
        number=quota.number,
        kind=quota.kind,
        partner=partner,
        partner_id=quota.partner_id,
        upline_id=quota.upline_id,
        parent_id=quota.parent_id,
        parent_number=quota.parent.number if quota.parent else "",
        value=Money(quota.value_minor, quota.currency),
        balance=on_books[quota.pk],
        given_back=Money(quota.given_back_minor, quota.currency),
        lost=on_books[quota.lost_account],
        window=window_of(quota),
        state=quota.state,
        state_reason=quota.state_reason,
        scope=scope_of(quota),
        customer_ids=tuple(quota.customer_ids),
        purpose=quota.purpose,
        granted_at=quota.granted_at,
        changed_at=quota.changed_at,
        counts_as_performance=quota.counts_as_performance,
    )


def window_of(row: Quota | Voucher) -> Window:
    return Window(row.starts_at, row.ends_at)


def scope_of(row: Quota | Voucher) -> Scope:
    return Scope.of(row)


def quota_detail(actor: Actor, quota_id: UUID) -> QuotaDetail:
    """One quota with the sum that closes; parts passed on, each with its own.

    Rules:  S-366, S-375.
    Raises: NotFound.
    """
    quota = Quota.objects.visible_to(actor).select_related("parent").filter(pk=quota_id).first()
    if quota is None:
        raise NotFound("quota")
    parts = tuple(Quota.objects.visible_to(actor).filter(parent=quota).select_related("parent").order_by("granted_at"))
    rows = rows_of([quota, *parts])
    sums = quota_sums([quota, *parts])
    issued = Voucher.objects.filter(quota=quota).aggregate(many=Count("id"), who=Count("customer_id", distinct=True))
    return QuotaDetail(
        row=rows[0],
        sum=sums[quota.pk],
        parts=tuple((row, sums[row.id]) for row in rows[1:]),
        vouchers=issued["many"],
        customers=issued["who"],
        limited_to=tuple(sorted(names(quota.customer_ids).values(), key=lambda name: name.zh)),
    )


def quota_sum(actor: Actor, quota_id: UUID) -> QuotaSum:
    """Where every unit of one quota is. Rules: S-366. Raises: NotFound."""
    quota = Quota.objects.visible_to(actor).filter(pk=quota_id).first()
    if quota is None:
        raise NotFound("quota")
    return quota_sums([quota])[quota.pk]


def quota_sums(found: Iterable[Quota]) -> dict[UUID, QuotaSum]:
    """The sums of several quota, each term read apart from the others, so that a missing unit would show."""
    every = list(found)
    ids = [quota.pk for quota in every]
    on_books = balances(account for quota in every for account in (quota.pk, quota.spent_account, quota.lost_account))
    passed, outstanding, held, to_issue = _passed_on(ids), _in_vouchers(ids), _held(ids), _held_by_batches(ids)
    return {
        quota.pk: QuotaSum(
            value=Money(quota.value_minor, quota.currency),
            free=on_books[quota.pk],
            passed_on=Money(passed.get(quota.pk, 0), quota.currency),
            outstanding=Money(sum(part.get(quota.pk, 0) for part in (outstanding, held, to_issue)), quota.currency),
            spent=on_books[quota.spent_account],
            lost=on_books[quota.lost_account],
            given_back=Money(quota.given_back_minor, quota.currency),
        )
        for quota in every
    }


def quota_issued_until(actor: Actor, quota_id: UUID) -> datetime | None:
    """When the last usable voucher of a quota, or of a part of it, ends. Rules: S-373. Raises: NotFound."""
    quota = Quota.objects.visible_to(actor).filter(pk=quota_id).first()
    if quota is None:
        raise NotFound("quota")
    return issued_until(quota)


def issued_until(quota: Quota) -> datetime | None:
    """When the last usable voucher ends that was issued from a quota or from a part of it. Rules: S-373."""
    usable = Voucher.objects.filter(Q(quota=quota) | Q(quota__parent=quota), state="usable")
    found: datetime | None = usable.aggregate(last=Max("ends_at"))["last"]
    return found


def _passed_on(ids: list[UUID]) -> dict[UUID, int]:
    live = Quota.objects.filter(parent_id__in=ids).order_by().values("parent_id")
    found = live.annotate(value=Sum("value_minor"), back=Sum("given_back_minor"))
    return {row["parent_id"]: row["value"] - row["back"] for row in found}


def _held(ids: list[UUID]) -> dict[UUID, int]:
    held = AuthorisationPart.objects.filter(quota_id__in=ids, authorisation__state="authorised")
    found = held.order_by().values("quota_id").annotate(total=Sum("amount_minor"))
    return {row["quota_id"]: row["total"] for row in found}


def _held_by_batches(ids: list[UUID]) -> dict[UUID, int]:
    """What files that are being issued took and have not handed out yet: on its way to customers, as good as there."""
    running = dict(IssueBatch.objects.filter(quota_id__in=ids, state="issuing").values_list("pk", "quota_id"))
    found: dict[UUID, int] = {}
    for batch, left in (balances(running) if running else {}).items():
        found[running[batch]] = found.get(running[batch], 0) + left.minor
    return found


def _in_vouchers(ids: list[UUID]) -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.quota_id, sum(a.balance)::bigint FROM vouchers_voucher v
            JOIN ledger_account a ON a.id = v.id WHERE v.quota_id = ANY (%s) GROUP BY v.quota_id
            """,
            [ids],
        )
        return dict(cursor.fetchall())
