"""The limits of a quota or voucher in words: what it is good for, and what it asks of an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from partner_center.catalogue.queries import products_by_code, regions, service_types
from partner_center.entrypoints.code_words import word
from partner_center.entrypoints.web.jinja import language, local
from partner_center.entrypoints.web.view_models import Fact, Option, Select
from partner_center.kernel.rules import Share
from partner_center.vouchers.rules import CASH_KIND, VOUCHER_KIND, WHOLE, Scope

KINDS = {VOUCHER_KIND: gettext_noop("Voucher"), CASH_KIND: gettext_noop("Cash coupon")}
KIND_VALUES = {str(kind): kind for kind in KINDS}


def kind_word(kind: int) -> str:
    return gettext(KINDS[kind]) if kind in KINDS else "—"


def kind_fact(kind: int, counts_as_performance: bool = False) -> Fact:
    """The kind; of cash coupons with whether spending them counts. Rules: S-360, S-417."""
    if kind != CASH_KIND:
        return Fact(gettext("Kind"), kind_word(kind))
    counts = gettext("counts as performance") if counts_as_performance else gettext("does not count as performance")
    return Fact(gettext("Kind"), f"{kind_word(kind)} · {counts}")


def kind_select(chosen: str) -> Select:
    options = (Option("", gettext("all")), *(Option(value, kind_word(kind)) for value, kind in KIND_VALUES.items()))
    return Select("kind", gettext("Kind"), options, chosen)


def with_kind(text: str, kind: int) -> str:
    """A line below a number; cash coupons say that they are some."""
    return f"{kind_word(kind)} · {text}" if kind == CASH_KIND else text


@dataclass(frozen=True)
class Catalogue:
    """What the codes of some limits are called, looked up at once however many there are."""

    types: Mapping[str, str]
    products: Mapping[str, str]
    regions: Mapping[str, str]

    @classmethod
    def of(cls, *scopes: Scope) -> Catalogue:
        types = any(each.service_types or each.service_types_excluded for each in scopes)
        codes = {code for each in scopes for code in each.product_codes}
        return cls(
            {row.code: local(row) for row in service_types()} if types else {},
            {code: local(row) for code, row in products_by_code(codes).items()} if codes else {},
            {row.code: local(row) for row in regions()} if any(each.regions for each in scopes) else {},
        )


def scope_facts(scope: Scope) -> tuple[Fact, ...]:
    """What it is good for, in the names of the catalogue; further limits only where there are some. Rules: S-395."""
    called = Catalogue.of(scope)
    return (
        Fact(gettext("Service types"), _named(scope.service_types, called.types) or gettext("any")),
        Fact(gettext("Products"), _named(scope.product_codes, called.products) or gettext("any")),
        *(Fact(label, text) for label, text in further(scope, called)),
    )


def further(scope: Scope, called: Catalogue) -> list[tuple[str, str]]:
    """The limits beside service types and products, each with what it asks for."""
    found = [
        (gettext("Not for"), _named(scope.service_types_excluded, called.types)),
        (gettext("Order types"), _words(scope.order_types)),
        (gettext("Billing modes"), _words(scope.billing_modes)),
        (gettext("Regions"), _named(scope.regions, called.regions)),
        (gettext("Enterprise projects"), _named(scope.enterprise_projects, {})),
        (gettext("Discounts"), "" if scope.with_discounts else gettext("not together with discounts")),
        (gettext("Lowest discount ratio"), _lowest(scope)),
        (gettext("Use ratio"), _ratio(scope)),
    ]
    return [(label, text) for label, text in found if text]


def _lowest(scope: Scope) -> str:
    if not scope.min_discount:
        return ""
    return gettext("a product at %(share)s of its official price or more") % {"share": Share(scope.min_discount)}


def _ratio(scope: Scope) -> str:
    if scope.use_ratio == WHOLE:
        return ""
    return gettext("at most %(share)s of an order; pay-per-use in full") % {"share": Share(scope.use_ratio)}


def in_one_line(scope: Scope, called: Catalogue | None = None) -> str:
    """Everything that limits it, in one line; nothing where it is good for all."""
    called = called or Catalogue.of(scope)
    first = (_named(scope.service_types, called.types), _named(scope.product_codes, called.products))
    parts = [each for each in first if each]
    parts += [_short(label, text) for label, text in further(scope, called)]
    return ("；" if language() == "zh" else "; ").join(parts)


def _short(label: str, text: str) -> str:
    return f"{label}：{text}" if language() == "zh" else f"{label}: {text}"


def _named(codes: frozenset[str], names: Mapping[str, str]) -> str:
    return _listed(names.get(each, each) for each in sorted(codes))


def _words(codes: frozenset[str]) -> str:
    return _listed(word(each, language()) for each in sorted(codes))


def _listed(names: Iterable[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(names)
