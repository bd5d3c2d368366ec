"""The vendor's home: quota near its end, all that was granted, what is frozen, partners, the ledger's seal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import names
from partner_center.entrypoints.web import home_parts as parts
from partner_center.entrypoints.web import nav
from partner_center.entrypoints.web.dates import moment, moment_with_zone
from partner_center.entrypoints.web.home_parts import Waiting
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, render
from partner_center.entrypoints.web.standing_words import IDENTITIES, identity
from partner_center.entrypoints.web.view_models import Fact, Page, Tab
from partner_center.kernel.actor import Actor
from partner_center.ledger.queries import seals
from partner_center.partners.queries import identity_counts
from partner_center.vouchers.queries import QuotaFilter, quota_counts, quotas_count, reversal_counts
from partner_center.vouchers.queries.overview import Ending, quota_ending, quota_total

MOST_SOON = 12


def home(request: PageRequest) -> HttpResponse:
    """The vendor's home, by permissions."""
    actor = request.actor
    title = local((settings.VENDOR["zh"], settings.VENDOR["en"]))
    return render(request, "home/vendor.html", page=Page(title, note=moment_with_zone(actor.at)), **_cards(actor))


def _cards(actor: Actor) -> dict[str, Any]:
    sees_quota, sees_all = may(actor, Can.VENDOR_QUOTA_VIEW), may(actor, Can.AUDIT_VIEW)
    return {
        "inbox": parts.inbox_card(actor),
        "soon": _soon(actor) if sees_quota else None,
        "soon_days": parts.warned_days(actor),
        "totals": _totals(actor) if sees_quota else None,
        "states": _states(actor) if sees_quota else None,
        "reversals": _reversals(actor) if may(actor, Can.VENDOR_REVERSE) else None,
        "partners": _partners(actor) if may(actor, Can.VENDOR_PARTNER_VIEW) else None,
        "seal": _seal() if sees_all else None,
        "events": parts.latest(actor) if sees_all else None,
    }


def _soon(actor: Actor) -> tuple[Waiting, ...]:
    """Quota of any partner that ends soon with money in it."""
    found = quota_ending(actor, actor.at + timedelta(days=parts.warned_days(actor)), MOST_SOON)
    known = {id_: local((name.zh, name.en)) for id_, name in names(each.partner_id for each in found).items()}
    return tuple(_waiting(each, known.get(each.partner_id, "—") if each.partner_id else "—") for each in found)


def _waiting(each: Ending, partner: str) -> Waiting:
    return Waiting(
        "ticket",
        each.number,
        partner,
        reverse("quota", args=[each.quota_id]),
        each.amount,
        each.ends_at,
        gettext("Frozen: the partner cannot issue it; it lapses")
        if each.state == "frozen"
        else gettext("What is not issued lapses and does not come back"),
        note_is_name=True,
    )


def _totals(actor: Actor) -> tuple[dict[str, Any], ...]:
    """All that was granted, one sum a currency."""
    found = []
    for total in quota_total(actor):
        terms = parts.equation(total)
        found.append(
            {
                "currency": total.value.currency,
                "amount": parts.left(total),
                "terms": terms,
                "segments": parts.segments(terms),
                "caveat": parts.left_caveat(total),
            }
        )
    return tuple(found)


def _states(actor: Actor) -> tuple[Tab, ...]:
    """Quota in the states one looks after."""
    href, counts = nav.href("vendor-quotas"), quota_counts(actor, "held")
    found = [(gettext("All quota"), href, sum(counts.values()))]
    looked_after = (
        ("frozen", gettext("Frozen"), counts.get("frozen", 0)),
        ("adjusting", gettext("Being adjusted"), counts.get("adjusting", 0)),
        ("ending", gettext("Near its end, with money"), _many_ending(actor)),
    )
    found += [(label, f"{href}?{urlencode({'state': state})}", many) for state, label, many in looked_after]
    return parts.counted(found)


def _many_ending(actor: Actor) -> int:
    until = actor.at + timedelta(days=parts.warned_days(actor))
    return quotas_count(actor, QuotaFilter(ends_before=until, with_money=True))


def _reversals(actor: Actor) -> tuple[Tab, ...]:
    """What waits for a second person, and what was decided."""
    href, counts = reverse("reversals"), reversal_counts(actor)
    waiting = f"{href}?{urlencode({'state': 'waiting'})}"
    return parts.counted(
        (
            (gettext("Waiting for a second person"), waiting, counts.get("waiting", 0)),
            (gettext("All reversals"), href, sum(counts.values())),
        )
    )


def _partners(actor: Actor) -> tuple[Tab, ...]:
    href, counts = reverse("vendor-partners"), identity_counts(actor)
    found = [(gettext("All partners"), href, sum(counts.values()))]
    found += [(identity(each), f"{href}?{urlencode({'identity': each})}", counts.get(each, 0)) for each in IDENTITIES]
    return parts.counted(found)


def _seal() -> tuple[Fact, ...]:
    """How far the ledger is sealed."""
    found = seals(limit=1)
    if not found:
        return ()
    last = found[0]
    return (
        Fact(gettext("Sealed up to"), moment(last.hour + timedelta(hours=1))),
        Fact(gettext("Sealed at"), moment(last.sealed_at)),
        Fact(gettext("Transfers in that hour"), last.transfer_count),
        Fact(gettext("Root"), f"{last.root[:16]}…"),
        Fact(gettext("Key"), last.key_id),
    )
