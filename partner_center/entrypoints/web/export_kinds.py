"""The lists that can be exported: where each stands, what its address asks for, and how that reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from partner_center.audit.queries import events_count
from partner_center.customers.queries import association_counts
from partner_center.entrypoints.web import (
    audit,
    customers,
    issued_quotas,
    quota_shown,
    quotas,
    record_filters,
    standing_words,
    vendor_quotas,
    voucher_records,
    voucher_shown,
    vouchers,
)
from partner_center.entrypoints.web.listing import Listing
from partner_center.entrypoints.web.page import PageRequest
from partner_center.entrypoints.web.view_models import Filter
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import to_json
from partner_center.kernel.errors import NotFound
from partner_center.vouchers.queries import (
    quota_record_tallies,
    quotas_count,
    record_tallies,
    vouchers_count,
)

# Filters whose values are names; so is what was searched for, unless it is a number.
OF_NAMES = {"customer", "reseller", "who"}
NUMBER = re.compile(r"[A-Za-z]{2}\d")
Words = list[tuple[str, str, bool]]
# What a list's chips are about, and the one that is chosen; nothing where all are shown.
Chosen = tuple[str, str]


@dataclass(frozen=True)
class Listed:
    """A list as its export needs it: its page, its filter as the query takes it, its bar, the words of its chips."""

    page: str
    params: tuple[str, ...]
    wanted: Callable[[PageRequest, Listing], Any]
    bar: Callable[[PageRequest, Listing], Filter]
    chip: Callable[[Listing], Chosen]
    count: Callable[[Actor, Any], int]


@dataclass(frozen=True)
class Asked:
    """What is asked for: the filter for the worker, its words in both languages, the list's address, how many rows."""

    kind: str
    filter: Any
    words: Mapping[str, Words]
    address: Mapping[str, str]
    rows: int


def asked(request: PageRequest, kind: str) -> Asked:
    """The export that the address asks for. Raises: NotFound."""
    if kind not in LISTS:
        raise NotFound("kind")
    here = LISTS[kind]
    listing = replace(Listing.of(request, *here.params), path=reverse(here.page))
    wanted = here.wanted(request, listing)
    words = {language: _words_in(code, request, here, listing) for language, code in _LANGUAGES}
    return Asked(kind, to_json(wanted), words, dict(listing.params), here.count(request.actor, wanted))


_LANGUAGES = (("zh", "zh-hans"), ("en", "en"))


def _words_in(code: str, request: PageRequest, here: Listed, listing: Listing) -> Words:
    with translation.override(code):
        return _words(here.bar(request, listing), here.chip(listing), listing)


def _words(bar: Filter, chip: Chosen, listing: Listing) -> Words:
    """What the list is narrowed to, field by field: its name, the value, and whether that is somebody's name."""
    found: Words = [(*chip, False)] if chip[1] else []
    if bar.query:
        found.append((bar.placeholder, bar.query, not NUMBER.match(bar.query)))
    for select in bar.selects:
        label = next((each.label for each in select.options if each.value == select.value and each.value), "")
        if label:
            found.append((select.label, label, select.name in OF_NAMES))
    found += [(each.label, each.value, each.name in OF_NAMES) for each in bar.more if each.value]
    if listing.value("old") == "1":
        found.append((gettext("Older ones"), gettext("included"), False))
    return found


def _of_state(words: Mapping[str, tuple[Any, str, str]]) -> Callable[[Listing], Chosen]:
    def chip(listing: Listing) -> Chosen:
        state = listing.value("state")
        return gettext("State"), gettext(words[state][1]) if state in words else ""

    return chip


def _of_vouchers(listing: Listing) -> Chosen:
    label, state = _of_state(voucher_shown.STATES)(listing)
    one = gettext("one quota") if listing.value("quota") else gettext("one issue") if listing.value("issue") else ""
    return label, " · ".join(filter(None, (state, one)))


def _of_operation(listing: Listing) -> Chosen:
    kind, known = listing.value("type"), (*record_filters.OF_VOUCHERS, *record_filters.OF_QUOTA)
    return gettext("What was done"), voucher_records.operation(int(kind)) if kind in map(str, known) else ""


def _of_customers(listing: Listing) -> Chosen:
    kind = listing.value("type")
    model = standing_words.association_type(int(kind)) if kind in ("1", "2") else ""
    whose = gettext("Resellers' customers") if listing.value("tab") else ""
    return gettext("Model"), " · ".join(filter(None, (whose, model)))


def _nothing(listing: Listing) -> Chosen:
    return "", ""


def _customers_wanted(request: PageRequest, listing: Listing) -> dict[str, Any]:
    return customers.wanted(customers.narrowed(request))


def _customers_count(actor: Actor, wanted: Mapping[str, Any]) -> int:
    counts = association_counts(actor, wanted["tab"], wanted["text"])
    return counts.get(wanted["type"], 0) if wanted["type"] else sum(counts.values())


def _audit_bar(request: PageRequest, listing: Listing) -> Filter:
    return audit.bar(listing.value("name"), listing.value("q"))


LISTS: Mapping[str, Listed] = {
    "voucher_records": Listed(
        "voucher-records",
        record_filters.PARAMS,
        lambda request, listing: record_filters.of_vouchers(listing, request.actor),
        record_filters.bar,
        _of_operation,
        lambda actor, wanted: sum(each.lines for each in record_tallies(actor, wanted).values()),
    ),
    "quota_records": Listed(
        "voucher-records",
        record_filters.PARAMS,
        lambda request, listing: record_filters.of_quotas(listing, request.actor),
        record_filters.bar,
        _of_operation,
        lambda actor, wanted: sum(each.lines for each in quota_record_tallies(actor, wanted).values()),
    ),
    "vouchers": Listed(
        "vouchers",
        vouchers.PARAMS,
        lambda request, listing: vouchers.wanted(listing, request.actor),
        vouchers.bar,
        _of_vouchers,
        vouchers_count,
    ),
    "quotas": Listed(
        "quotas",
        quotas.PARAMS,
        lambda request, listing: quotas.wanted(listing, request.actor),
        quotas.bar,
        _of_state(quota_shown.STATES),
        quotas_count,
    ),
    "issued_quotas": Listed(
        "issued-quotas",
        issued_quotas.PARAMS,
        lambda request, listing: issued_quotas.wanted(listing, request.actor),
        issued_quotas.bar,
        _of_state(quota_shown.STATES),
        quotas_count,
    ),
    "vendor_quotas": Listed(
        "vendor-quotas",
        vendor_quotas.PARAMS,
        lambda request, listing: vendor_quotas.wanted(listing, request.actor),
        vendor_quotas.bar,
        _of_state(quota_shown.STATES),
        quotas_count,
    ),
    "customers": Listed(
        "customers", ("tab", "type", "q"), _customers_wanted, customers.bar, _of_customers, _customers_count
    ),
    "audit": Listed(
        "audit",
        ("name", "q"),
        lambda request, listing: audit.wanted(listing.value("name"), listing.value("q")),
        _audit_bar,
        _nothing,
        lambda actor, wanted: events_count(actor, **wanted),
    ),
}
