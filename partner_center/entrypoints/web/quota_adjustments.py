"""What the vendor changed of a quota, in words: each term before and after, why, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from partner_center.access.queries import names
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.limits_shown import scope_facts
from partner_center.entrypoints.web.quota_shown import named, until
from partner_center.entrypoints.web.view_models import Event
from partner_center.kernel.actor import Actor
from partner_center.vouchers.queries import AdjustmentRow
from partner_center.vouchers.rules import Scope

MOST_NAMES = 6


def adjusted(found: Iterable[AdjustmentRow], actor: Actor) -> tuple[Event, ...]:
    """The changes as lines of a timeline, the latest first."""
    return tuple(_event(row, actor) for row in found)


def _event(row: AdjustmentRow, actor: Actor) -> Event:
    semicolon = "；" if language() == "zh" else "; "
    who = gettext("by %(name)s") % {"name": local(row.operator)} if row.operator else gettext("the system")
    return Event(
        title=semicolon.join(_changes(row)) or gettext("Nothing changed"),
        when=formats.moment(row.at, zone(), actor.at),
        body=gettext("Reason: %(reason)s") % {"reason": row.reason},
        effect=formats.amount(row.change, sign=True) if row.change.minor else "",
        actor=who,
    )


def _changes(row: AdjustmentRow) -> list[str]:
    found = []
    if row.value[0] != row.value[1]:
        found.append(_from_to(gettext("value"), *(formats.amount(each) for each in row.value)))
    if row.ends_at[0] != row.ends_at[1]:
        found.append(_from_to(gettext("end"), *(until(each) for each in row.ends_at)))
    if row.scope[0] != row.scope[1]:
        found.append(_from_to(gettext("scope"), *(_scope(each) for each in row.scope)))
    if row.customers[0] != row.customers[1]:
        found.append(_customers(row))
    return found


def _from_to(what: str, before: str, after: str) -> str:
    return f"{what} {before} → {after}"


def _scope(scope: Scope) -> str:
    said = [str(fact.value) for fact in scope_facts(scope)] if scope.is_limited else []
    return _listed([each for each in said if each != gettext("any")]) or gettext("any")


def _customers(row: AdjustmentRow) -> str:
    before, after = row.customers
    if not after:
        return gettext("customers: all of the partner's")
    known = names(after | before)
    parts = []
    if added := sorted(named(known.get(each)) for each in after - before):
        parts.append(gettext("customers added: %(names)s") % {"names": _short(added)})
    if gone := sorted(named(known.get(each)) for each in before - after):
        parts.append(gettext("customers removed: %(names)s") % {"names": _short(gone)})
    return ("，" if language() == "zh" else ", ").join(parts)


def _short(found: list[str]) -> str:
    if len(found) <= MOST_NAMES:
        return _listed(found)
    return gettext("%(name)s and others, %(num)s in all") % {"name": _listed(found[:2]), "num": len(found)}


def _listed(found: list[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(found)
