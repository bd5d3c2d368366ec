"""What a customer's vouchers pay of an order, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from partner_center.access.queries import Name, names
from partner_center.catalogue.queries import ProductRow, products_by_code
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Outcome
from partner_center.ledger.queries import balances
from partner_center.policy.queries import pack
from partner_center.vouchers.models import Authorisation, AuthorisationPart, Voucher
from partner_center.vouchers.queries.own import customers_rows
from partner_center.vouchers.queries.quota import scope_of, window_of
from partner_center.vouchers.rules import (
    USE,
    WHOLE,
    OrderFacts,
    OrderLine,
    Scope,
    Spendable,
    UseFacts,
    in_order_of_use,
    pay,
)

MOST_LISTED = 200


@dataclass(frozen=True)
class OrderInput:
    """A line as a caller gives it; of which service its product is, the catalogue knows."""

    product_code: str
    amount: Money
    order_type: str = ""
    region: str = ""
    billing_mode: str = ""
    enterprise_project: str = ""
    discount: Decimal = WHOLE
    arrears: bool = False


@dataclass(frozen=True)
class QuotedVoucher:
    """A voucher held against an order: what it pays, or every limit it does not meet."""

    id: UUID
    number: str
    partner: Name | None
    balance: Money
    min_order: Money
    window: Window
    scope: Scope
    pays: Money
    unmet: tuple[Outcome, ...]
    kind: int = 0

    @property
    def usable(self) -> bool:
        return not self.unmet


@dataclass(frozen=True)
class Quoted:
    """An order with every voucher of the customer: usable ones first, in the order they would be used."""

    lines: tuple[OrderLine, ...]
    order: Money
    vouchers: tuple[QuotedVoucher, ...]
    pays: Money

    @property
    def left(self) -> Money:
        return self.order - self.pays


@dataclass(frozen=True)
class AuthorisationView:
    """Value held for an order, and how it ended."""

    id: UUID
    order_reference: str
    state: str
    order: Money
    held: Money
    parts: tuple[tuple[str, Money], ...]
    authorised_at: datetime
    expires_at: datetime
    ended_at: datetime | None


def order_lines(lines: Sequence[OrderInput]) -> tuple[tuple[OrderLine, ...], tuple[str, ...]]:
    """The lines with what the catalogue says of their products, and the codes it does not know."""
    known = products_by_code(line.product_code for line in lines)
    unknown = tuple(sorted({line.product_code for line in lines} - set(known)))
    found = ((line, known.get(line.product_code)) for line in lines)
    return tuple(_line(line, product) for line, product in found if product), unknown


def _line(line: OrderInput, product: ProductRow) -> OrderLine:
    return OrderLine(
        product_code=line.product_code,
        service_type=product.service_type,
        amount=line.amount,
        marketplace=product.marketplace,
        order_type=line.order_type,
        region=line.region,
        billing_mode=line.billing_mode,
        enterprise_project=line.enterprise_project,
        discount=line.discount,
        arrears=line.arrears,
    )


def order_facts(
    actor: Actor, lines: tuple[OrderLine, ...], unknown: tuple[str, ...], vouchers: int, api: bool
) -> OrderFacts:
    return OrderFacts(lines, vouchers, most_per_order(actor, api), unknown)


def most_per_order(actor: Actor, api: bool) -> int:
    """How many vouchers one order takes. Rules: S-392."""
    name = "vouchers.most_per_order_api" if api else "vouchers.most_per_order_console"
    return int(pack(actor.site, actor.at).value(name).value)


def spendables(actor: Actor, found: Iterable[Voucher]) -> tuple[Spendable, ...]:
    """Vouchers as the rules of spending look at them."""
    every = tuple(found)
    left = balances(voucher.pk for voucher in every)
    return tuple(
        Spendable(
            id=voucher.pk,
            state=voucher.state,
            is_frozen=voucher.is_frozen,
            lock_order=voucher.lock_order,
            window=window_of(voucher),
            scope=scope_of(voucher),
            min_order=Money(voucher.min_order_minor, voucher.currency),
            balance=left[voucher.pk],
            is_own=voucher.customer_id == actor.seat,
        )
        for voucher in every
    )


def quote(
    actor: Actor, lines: Sequence[OrderInput], *, order_reference: str = "", api: bool = False, most: int | None = None
) -> Quoted:
    """Every voucher of the customer at checkout.

    Rules: S-390, S-392 to S-397.
    Money: what each voucher would pay, minor units of the order's currency; voucher → order.
    """
    known, _ = order_lines(lines)
    found = {voucher.pk: voucher for voucher in customers_rows(actor).order_by("ends_at", "id")[:MOST_LISTED]}
    judged = {
        one.id: (one, USE.broken(UseFacts(one, known, order_reference, actor.at), one.id))
        for one in spendables(actor, found.values())
    }
    usable = in_order_of_use([one for one, unmet in judged.values() if not unmet])
    payments = {each.voucher_id: each.amount for each in pay(usable, known, most or most_per_order(actor, api))}
    rest = [one for one, unmet in judged.values() if unmet]
    named = names(voucher.partner_id for voucher in found.values())
    currency = lines[0].amount.currency if lines else pack(actor.site, actor.at).currency
    rows = tuple(
        _quoted(found[one.id], one, payments.get(one.id), judged[one.id][1], named) for one in (*usable, *rest)
    )
    return Quoted(
        known,
        Money.total((line.amount for line in known), currency),
        rows,
        Money.total(payments.values(), currency),
    )


def _quoted(
    voucher: Voucher, one: Spendable, pays: Money | None, unmet: tuple[Outcome, ...], named: Mapping[UUID, Name]
) -> QuotedVoucher:
    return QuotedVoucher(
        id=one.id,
        number=voucher.number,
        partner=named.get(voucher.partner_id),
        balance=one.balance,
        min_order=one.min_order,
        window=one.window,
        scope=one.scope,
        pays=pays or Money.zero(one.balance.currency),
        unmet=unmet,
        kind=voucher.kind,
    )


def authorisation(actor: Actor, authorisation_id: UUID) -> AuthorisationView:
    """One authorisation. Raises: NotFound."""
    found = Authorisation.objects.visible_to(actor).filter(pk=authorisation_id).first()
    if found is None:
        raise NotFound("authorisation")
    return view_of(found)


def view_of(found: Authorisation) -> AuthorisationView:
    parts = (
        AuthorisationPart.objects.filter(authorisation=found)
        .order_by("id")
        .values_list("voucher__number", "amount_minor")
    )
    return AuthorisationView(
        id=found.pk,
        order_reference=found.order_reference,
        state=found.state,
        order=Money(found.order_minor, found.currency),
        held=Money(found.held_minor, found.currency),
        parts=tuple((number, Money(minor, found.currency)) for number, minor in parts),
        authorised_at=found.authorised_at,
        expires_at=found.expires_at,
        ended_at=found.ended_at,
    )


def lock_authorisation(actor: Actor, authorisation_id: UUID) -> Authorisation:
    """An authorisation that a verb is about to end. Raises: NotFound."""
    rows: Any = Authorisation.objects.visible_to(actor).filter(pk=authorisation_id)
    found: Authorisation | None = rows.select_for_update().first()
    if found is None:
        raise NotFound("authorisation")
    return found
