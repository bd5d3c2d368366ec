"""The limits of a quota or voucher in words: what it is good for, and what it asks of an order."""

from __future__ import annotations

from collections.abc import Iterable

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


def scope_facts(scope: Scope) -> tuple[Fact, ...]:
    """What it is good for, in the names of the catalogue; further limits only where there are some. Rules: S-395."""
    return (
        Fact(gettext("Service types"), _listed(_types(scope.service_types)) or gettext("any")),
        Fact(gettext("Products"), _listed(_products(scope.product_codes)) or gettext("any")),
        *(Fact(label, text) for label, text in further(scope)),
    )


def further(scope: Scope) -> list[tuple[str, str]]:
    """The limits beside service types and products, each with what it asks for."""
    names = {row.code: local(row) for row in regions()} if scope.regions else {}
    found = [
        (gettext("Not for"), _listed(_types(scope.service_types_excluded))),
        (gettext("Order types"), _words(scope.order_types)),
        (gettext("Billing modes"), _words(scope.billing_modes)),
        (gettext("Regions"), _listed(names.get(each, each) for each in sorted(scope.regions))),
        (gettext("Enterprise projects"), _listed(sorted(scope.enterprise_projects))),
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


def in_one_line(scope: Scope) -> str:
    """Everything that limits it, in one line; nothing where it is good for all."""
    first = [_listed(_types(scope.service_types)), _listed(_products(scope.product_codes))]
    parts = [each for each in first if each]
    parts += [_short(label, text) for label, text in further(scope)]
    return ("；" if language() == "zh" else "; ").join(parts)


def _short(label: str, text: str) -> str:
    return f"{label}：{text}" if language() == "zh" else f"{label}: {text}"


def _types(codes: frozenset[str]) -> list[str]:
    names = {row.code: local(row) for row in service_types()} if codes else {}
    return [names.get(each, each) for each in sorted(codes)]


def _products(codes: frozenset[str]) -> list[str]:
    known = products_by_code(codes) if codes else {}
    return [local(known[each]) if each in known else each for each in sorted(codes)]


def _words(codes: frozenset[str]) -> str:
    return _listed(word(each, language()) for each in sorted(codes))


def _listed(names: Iterable[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(names)
