"""Quota held for a verb: its state cannot change until the verb has ended, and what its partner is comes along."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from partner_center.agreements.queries import UNSIGNED_THEN
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.partners.queries import IDENTITY_THEN, STATE_THEN
from partner_center.vouchers.models import Quota
from partner_center.vouchers.rules import QUOTA

LIVE = QUOTA.sources("lapse")


def share_quota(actor: Actor, quota_id: UUID, governed: str = "vouchers.issue") -> Quota:
    """The seat's own quota, its state held still while a verb relies on it, and its partner's. Raises: NotFound.

    `governed` is what the verb is called where agreements govern it. Rules: L-040, S-291.
    """
    asked = {"id": quota_id, "all": actor.sees_all, "seat": actor.seat, "at": actor.at, "governed": governed}
    return _first(Quota.objects.raw(_SHARED, asked))


def lock_quota(actor: Actor, quota_id: UUID, as_: str | None = None) -> Quota:
    """A quota whose state a verb is about to change. Raises: NotFound."""
    return _locked(Quota.objects.visible_to(actor, as_=as_ if not actor.sees_all else None), quota_id, "FOR UPDATE")


def lock_quotas(actor: Actor, quota_ids: Iterable[UUID]) -> list[Quota]:
    """Several quota whose states a verb is about to change, locked in primary-key order."""
    rows = Quota.objects.visible_to(actor).filter(pk__in=set(quota_ids))
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def hold_homes(quota_ids: Iterable[UUID]) -> list[Quota]:
    """Quota to which value is about to come home: what is live stays so until then, and what was taken back is ours.

    Live quota is shared with those who issue from it; one that was taken back will be told what comes home to it, and
    two who share it could not both do that.
    """
    ids = sorted(set(quota_ids))
    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format(which="<>", strength="SHARE"), [ids])
        if cursor.rowcount < len(ids):
            cursor.execute(_HOLD.format(which="=", strength="NO KEY UPDATE"), [ids])
            # Their value goes on to the quota they came from, which must not end before it is there.
            cursor.execute(_HOLD_PARENTS, [ids])
    return list(Quota.objects.select_related("parent").filter(pk__in=ids))


_HOLD = """
    SELECT id FROM vouchers_quota WHERE id = ANY (%s) AND state {which} 'reclaimed' ORDER BY id FOR {strength}
"""
_HOLD_PARENTS = """
    SELECT id FROM vouchers_quota WHERE id IN (
        SELECT parent_id FROM vouchers_quota WHERE id = ANY (%s) AND state = 'reclaimed'
    ) ORDER BY id FOR SHARE
"""


def hold_parents(actor: Actor, quota_ids: Iterable[UUID]) -> None:
    """The quota from which the seat passed these on: alive or over, they stay so until the verb ends."""
    parts = Quota.objects.visible_to(actor, as_=None if actor.sees_all else "upline").filter(pk__in=list(quota_ids))
    hold_homes(each for each in parts.values_list("parent_id", flat=True) if each)


def live_parts(quota: Quota) -> list[UUID]:
    """The parts of a quota that resellers still hold alive."""
    rows = Quota.objects.filter(parent=quota, state__in=LIVE)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _locked(rows: QuerySet[Quota], quota_id: UUID, strength: str) -> Quota:
    # The balance comes along in the same round trip; it is what the rules look at, never what decides.
    with_balance = rows.filter(pk=quota_id).annotate(balance_minor=RawSQL(_BALANCE, []))  # noqa: S611  a constant
    sql, params = with_balance.query.sql_with_params()
    return _first(Quota.objects.raw(f"{sql} {strength}", params))


def _first(rows: Iterable[Quota]) -> Quota:
    found = list(rows)
    if not found:
        raise NotFound("quota")
    return found[0]


_BALANCE = "SELECT a.balance FROM ledger_account a WHERE a.id = vouchers_quota.id"
# Every issue begins with it, so it is not put together anew each time. The partner's state comes along as the balance
# does, and like it is not held: it is a dated fact, true at `at`.
_SHARED = f"""
    SELECT vouchers_quota.*, ({_BALANCE}) AS balance_minor,
           ({STATE_THEN.format(owner="vouchers_quota.partner_id")}) AS partner_state,
           ({IDENTITY_THEN.format(owner="vouchers_quota.partner_id")}) AS partner_identity,
           {UNSIGNED_THEN.format(owner="vouchers_quota.partner_id")} AS unsigned
    FROM vouchers_quota WHERE id = %(id)s AND (%(all)s OR partner_id = %(seat)s) FOR SHARE OF vouchers_quota
"""


def balance_of(quota: Quota) -> Money:
    """What was free when the quota was locked for a verb."""
    return Money(quota.balance_minor, quota.currency)  # type: ignore[attr-defined]


def partner_state_of(quota: Quota) -> str:
    """What its partner was when the quota was shared for a verb. Rules: S-291."""
    return quota.partner_state or ""  # type: ignore[attr-defined]


def unsigned_of(quota: Quota) -> tuple[str, ...]:
    """The agreements that barred the verb when the quota was shared for it. Rules: L-040."""
    return tuple(quota.unsigned)  # type: ignore[attr-defined]


def partner_identity_of(quota: Quota) -> str:
    """As what its partner signed up, when the quota was shared for a verb. Rules: S-382."""
    return quota.partner_identity or ""  # type: ignore[attr-defined]
