"""What the integration API answers a shop, as the shop's pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.jinja import local, zone
from partner_center.entrypoints.web.view_models import NowState, RuleView, Term
from partner_center.kernel.money import Money


@dataclass(frozen=True)
class VoucherOffered:
    """A voucher at checkout: what it pays, or every limit the order does not meet."""

    id: str
    number: str
    partner: str
    balance: Money
    min_order: Money
    ends_at: datetime | None
    pays: Money
    usable: bool
    unmet: tuple[RuleView, ...]
    cash: bool = False


@dataclass(frozen=True)
class Quoted:
    """An order with the customer's vouchers: those that pay in their order, those that do not, those that are empty."""

    order: Money
    pays: Money
    left: Money
    usable: tuple[VoucherOffered, ...]
    others: tuple[VoucherOffered, ...]
    over: tuple[VoucherOffered, ...]


@dataclass(frozen=True)
class HeldOrder:
    """An order with what is held for it."""

    id: str
    order_reference: str
    state: str
    order: Money
    held: Money
    parts: tuple[tuple[str, Money], ...]
    expires_at: datetime | None
    ended_at: datetime | None

    @property
    def to_pay(self) -> Money:
        return self.order - self.held


def quoted(answer: Mapping[str, Any]) -> Quoted:
    every = tuple(map(_offered, answer["vouchers"]))
    return Quoted(
        _money(answer["order"]),
        _money(answer["pays"]),
        _money(answer["left"]),
        tuple(each for each in every if each.usable),
        tuple(each for each in every if not each.usable and each.balance.minor),
        tuple(each for each in every if not each.usable and not each.balance.minor),
    )


def _offered(one: Mapping[str, Any]) -> VoucherOffered:
    partner = one.get("partner") or {}
    return VoucherOffered(
        id=one["id"],
        number=one["number"],
        partner=local((partner.get("name_zh", ""), partner.get("name_en", ""))),
        balance=_money(one["balance"]),
        min_order=_money(one["min_order"]),
        ends_at=_instant(one["ends_at"]),
        pays=_money(one["pays"]),
        usable=bool(one["usable"]),
        unmet=tuple(map(_unmet, one["unmet"])),
        cash=one["kind"] == "cash",
    )


def _unmet(one: Mapping[str, Any]) -> RuleView:
    """A limit with what it asks for and what the order has."""
    compared = ""
    if one.get("required") and one.get("actual"):
        text = gettext("required: %(required)s · found: %(actual)s")
        compared = text % {"required": one["required"], "actual": one["actual"]}
    return RuleView(one["rule"], one["message"], "no", compared, one["remedy"])


def rules(errors: Iterable[Mapping[str, str]]) -> tuple[RuleView, ...]:
    """What the API said no with; an error that is no rule goes by its code."""
    return tuple(
        RuleView(each.get("rule", ""), each.get("message", ""), "no", "", each.get("remedy", "")) for each in errors
    )


def terms(found: Quoted) -> tuple[Term, ...]:
    return (
        Term(gettext("Order"), found.order),
        Term(gettext("By vouchers"), found.pays, "−", 1),
        Term(gettext("Left to pay"), found.left, "=", result=True),
    )


def held(answer: Mapping[str, Any]) -> HeldOrder:
    return HeldOrder(
        id=answer["id"],
        order_reference=answer["order_reference"],
        state=answer["state"],
        order=_money(answer["order"]),
        held=_money(answer["held"]),
        parts=tuple((each["voucher"], _money(each["amount"])) for each in answer["parts"]),
        expires_at=_instant(answer["expires_at"]),
        ended_at=_instant(answer["ended_at"]),
    )


def now(found: HeldOrder) -> NowState:
    """What happens with the order now."""
    values = {"held": formats.amount(found.held), "left": formats.amount(found.to_pay)}
    if found.state == "authorised":
        text = gettext("%(held)s of vouchers is held; %(left)s is left to pay.") % values
        until = formats.moment(found.expires_at, zone())
        return NowState("act", text, gettext("you"), until, gettext("the hold ends and the vouchers have it back"))
    if found.state == "captured":
        return NowState("ok", gettext("Paid: %(held)s by vouchers, %(left)s otherwise.") % values, gettext("nobody"))
    return NowState("end", gettext("Given up: %(held)s went back to the vouchers.") % values, gettext("nobody"))


def _money(value: Mapping[str, str]) -> Money:
    return Money.of(value["amount"], value["currency"])


def _instant(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
