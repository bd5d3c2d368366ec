"""Reading a holder's own vouchers: nothing of the quota they came from, no remark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from partner_center.access.queries import Name, names
from partner_center.fence.paging import Paged, newest_first
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.ledger.queries import balances
from partner_center.policy.queries import pack
from partner_center.vouchers.models import Voucher
from partner_center.vouchers.queries.quota import ANY_TIME, Between, _between, scope_of, window_of
from partner_center.vouchers.queries.voucher import YEAR, of_order, told
from partner_center.vouchers.rules import VOUCHER_KIND, Scope


@dataclass(frozen=True)
class MyVoucher:
    """A voucher as its customer sees it: nothing of the quota it came from, no remark."""

    id: UUID
    number: str
    partner: Name | None
    face: Money
    balance: Money
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

    def shown_state(self, at: datetime) -> str:
        return told(self.state, self.window, at)


def my_vouchers(
    actor: Actor, states: tuple[str, ...] = (), cursor: str | None = None, limit: int = 20
) -> Paged[MyVoucher]:
    """The customer's own vouchers, without the reclaimed and the long expired. Rules: S-376, S-379, S-400."""
    rows = customers_rows(actor)
    page = newest_first(rows.filter(state__in=states) if states else rows, "issued_at", cursor, limit)
    return page.of(_mine_of(page.rows))


def _mine_of(found: Sequence[Voucher]) -> tuple[MyVoucher, ...]:
    left, named = balances(voucher.pk for voucher in found), names(voucher.partner_id for voucher in found)
    return tuple(_mine(voucher, left[voucher.pk], named.get(voucher.partner_id)) for voucher in found)


@dataclass(frozen=True)
class MyFilter:
    """Which of its own vouchers a holder asks for. Time bounds are exclusive."""

    states: tuple[str, ...] = ()
    inactive: bool | None = None
    number: str = ""
    order: str = ""
    kind: int | None = None
    partner_id: UUID | None = None
    issued: Between = ANY_TIME


def my_vouchers_slice(actor: Actor, wanted: MyFilter, offset: int, limit: int) -> tuple[int, tuple[MyVoucher, ...]]:
    """The holder's own vouchers by offset, with the total: for the partner API. Rules: S-376, S-379, S-400."""
    rows = of_order(customers_rows(actor).filter(_between("issued_at", wanted.issued)), wanted.order)
    equal = {"number": wanted.number, "partner_id": wanted.partner_id, "kind": wanted.kind}
    rows = rows.filter(**{name: value for name, value in equal.items() if value not in (None, "")})
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.inactive is not None:
        rows = rows.filter(starts_at__gt=actor.at) if wanted.inactive else rows.filter(starts_at__lte=actor.at)
    return rows.count(), _mine_of(tuple(rows.order_by("-issued_at", "-id")[offset : offset + limit]))


def my_voucher(actor: Actor, voucher_id: UUID) -> MyVoucher:
    """One of the customer's own vouchers; not what was reclaimed from it. Rules: S-400. Raises: NotFound."""
    found = customers_rows(actor).filter(pk=voucher_id).first()
    if found is None:
        raise NotFound("voucher")
    return _mine(found, balances([found.pk])[found.pk], names([found.partner_id]).get(found.partner_id))


def customers_rows(actor: Actor) -> QuerySet[Voucher]:
    """What a customer sees of its vouchers."""
    years = int(pack(actor.site, actor.at).value("vouchers.listed_years_after_expiry_customer").value)
    rows = Voucher.objects.visible_to(actor, as_="customer").exclude(state="reclaimed")
    return rows.filter(ends_at__gt=actor.at - YEAR * years)


def my_counts(actor: Actor) -> dict[str, int]:
    """How many of the customer's own vouchers are in each state."""
    found = customers_rows(actor).order_by().values("state").annotate(many=Count("id"))
    return {row["state"]: row["many"] for row in found}


def _mine(voucher: Voucher, balance: Money, partner: Name | None) -> MyVoucher:
    return MyVoucher(
        id=voucher.pk,
        number=voucher.number,
        partner=partner,
        face=Money(voucher.face_minor, voucher.currency),
        balance=balance,
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
    )
