"""A vendor's whole world made set-based: partners from small to large, their customers, quota, vouchers and records.

One in a thousand vouchers has a partner of its own to it; partner 0, the largest, has a seventeenth of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import ClientCursor

from bench.database import Place
from bench.world import EVERYTHING, now
from partner_center.kernel.actor import Actor, Audience, system_actor

CUSTOMERS_PER_VOUCHER, PARTNERS_PER_VOUCHER, QUOTAS_PER_PARTNER = 10, 1000, 20
LARGEST_SHARE = 17
# Whose the n-th customer is: each seventeenth is the largest partner's, the others are shared out evenly.
_PARTNER = f"CASE WHEN n %% {LARGEST_SHARE} = 0 THEN 0 ELSE n %% %(partners)s END"


def _id(kind: str, number: str) -> str:
    return f"md5('{kind}' || {number})::uuid"


_MAKE = f"""
SET session_replication_role = replica;
CREATE TEMPORARY TABLE partner AS
    SELECT n, {_id("partner", "n")} AS id FROM generate_series(0, %(partners)s - 1) AS n;
CREATE TEMPORARY TABLE customer AS
    SELECT c.*, p.id AS partner_id FROM (
        SELECT n, {_PARTNER} AS partner, {_id("customer", "n")} AS id, now() - n * interval '7 minutes' AS at
        FROM generate_series(0, %(customers)s - 1) AS n
    ) AS c JOIN partner p ON p.n = c.partner;
CREATE TEMPORARY TABLE quota AS
    SELECT p.n AS partner, p.id AS partner_id, k, {_id("quota", "p.n * 1000 + k")} AS id,
        now() - interval '500 days' - (p.n * 20 + k + 1) * interval '11 minutes' AS at,
        now() + (k * 18 + 1) * interval '1 day' AS ends_at
    FROM partner p, generate_series(0, {QUOTAS_PER_PARTNER} - 1) AS k;
CREATE TEMPORARY TABLE voucher AS
    SELECT v.n, lpad(to_hex(%(vouchers)s - v.n), 32, '0')::uuid AS id, c.id AS customer_id, c.partner_id,
        q.id AS quota_id, q.ends_at, now() - v.n * interval '40 seconds' * (1000000.0 / %(vouchers)s) AS at,
        -- Nine of ten have their quota's own window, as they have who say nothing.
        CASE WHEN v.n %% 10 = 0 THEN now() - (v.n %% 40) * interval '1 day' ELSE q.at END AS starts_at,
        (ARRAY['usable', 'usable', 'usable', 'used', 'expired', 'reclaimed'])[1 + v.n / 7 %% 6] AS state
    FROM generate_series(0, %(vouchers)s - 1) AS v (n)
    JOIN customer c ON c.n = v.n / {CUSTOMERS_PER_VOUCHER}
    JOIN quota q ON q.partner = c.partner AND q.k = v.n %% {QUOTAS_PER_PARTNER};
INSERT INTO access_organisation (id, number, kind, site, name_zh, name_en, verification_on, opened_at)
    SELECT id, replace(id::text, '-', ''), 'partner', 'cloud-cn', '伙伴' || n, 'Partner ' || n, false, now()
    FROM partner
    UNION ALL
    SELECT id, replace(id::text, '-', ''), 'customer', 'cloud-cn', '深圳客户' || n, 'Customer ' || n, false, at
    FROM customer;
INSERT INTO customers_account (organisation_id, site, account_name, real_name_zh, real_name_en, phone, email,
        country_code, verified_status, customer_type, level, is_finance_managed, registered_at, partner_id)
    SELECT c.id, 'cloud-cn', 'crowd-' || c.n, '深圳客户' || c.n, 'Customer ' || c.n, '', '', 'CN', -1, -1, 'V0', false,
        c.at, c.partner_id FROM customer c;
INSERT INTO customers_association (id, customer_id, partner_id, type, state, associated_at, made_reason, ended_by,
        ended_reason, label, xaccount_id, xaccount_type)
    SELECT id, id, partner_id, 2, 'active', at, '', '', '', '', '', '' FROM customer;
INSERT INTO vouchers_quota (id, number, kind, partner_id, spent_account, lost_account, value_minor, given_back_minor,
        currency, starts_at, ends_at, state, state_reason, service_types, product_codes, customer_ids, purpose,
        granted_at, changed_at)
    SELECT id, 'VQC' || partner || '-' || k, 0, partner_id, md5('spent' || id)::uuid, md5('lost' || id)::uuid,
        1000000000, 0, 'CNY', at, ends_at, 'normal', '', '{{}}', '{{}}', '{{}}', '', at, at FROM quota;
INSERT INTO ledger_account (id, kind, currency, balance, floor, partner_id, opened_at)
    SELECT each, 'quota', 'CNY', 100000, 0, partner_id, at
    FROM quota, LATERAL (VALUES (id), (md5('spent' || id)::uuid), (md5('lost' || id)::uuid)) AS three (each);
INSERT INTO vouchers_voucher (id, number, quota_id, partner_id, customer_id, association_type, issue_id, spent_account,
        face_minor, currency, min_order_minor, starts_at, ends_at, service_types, product_codes, state, is_frozen,
        lock_order, came_back_minor, issued_at)
    SELECT id, 'VC2611-' || lpad(n::text, 7, '0'), quota_id, partner_id, customer_id, 2, id, id, 10000, 'CNY', 0,
        starts_at, ends_at, '{{}}', '{{}}', state, false, '',
        CASE WHEN state IN ('expired', 'reclaimed') THEN 10000 ELSE 0 END, at
    FROM voucher ORDER BY n DESC;
INSERT INTO ledger_account (id, kind, currency, balance, floor, partner_id, customer_id, opened_at)
    SELECT id, 'voucher', 'CNY', CASE WHEN state = 'usable' THEN 10000 ELSE 0 END, 0, partner_id, customer_id, at
    FROM voucher ORDER BY n DESC;
INSERT INTO vouchers_voucherrecord (id, operation_type, quota_id, voucher_id, customer_id, partner_id, association_type,
        amount_minor, currency, remark, at)
    SELECT id, 1, quota_id, id, customer_id, partner_id, 2, 10000, 'CNY', '', at FROM voucher ORDER BY n DESC;
INSERT INTO vouchers_tally (quota_id, partner_id, upline_id, starts_at, ends_at, state, currency, vouchers, face_minor)
    SELECT quota_id, partner_id, upline_id, starts_at, ends_at, state, currency, count(*), sum(face_minor)
    FROM vouchers_voucher WHERE issue_id = id GROUP BY 1, 2, 3, 4, 5, 6, 7;
SET session_replication_role = DEFAULT
"""


@dataclass(frozen=True)
class Crowd:
    """Who is who among them."""

    vouchers: int

    @property
    def partners(self) -> int:
        return max(5, self.vouchers // PARTNERS_PER_VOUCHER)

    @property
    def customers(self) -> int:
        return self.vouchers // CUSTOMERS_PER_VOUCHER

    def partner(self, number: int) -> Actor:
        return self._seat("partner", uuid_of("partner", number))

    def customer(self, number: int) -> Actor:
        return self._seat("customer", uuid_of("customer", number))

    @property
    def vendor(self) -> Actor:
        return system_actor("bench: the vendor", now())

    def quota(self, partner: int) -> UUID:
        return uuid_of("quota", partner * 1000)

    def customers_of(self, partner: int, many: int) -> list[UUID]:
        """Some customers of a partner."""
        of = [n for n in range(min(self.customers, 200 * LARGEST_SHARE)) if self._partner_of(n) == partner]
        return [uuid_of("customer", n) for n in of[:many]]

    def _partner_of(self, customer: int) -> int:
        return 0 if customer % LARGEST_SHARE == 0 else customer % self.partners

    def _seat(self, audience: Audience, id_: UUID) -> Actor:
        return Actor(audience=audience, at=now(), home=id_, seat=id_, permissions=EVERYTHING)


def uuid_of(kind: str, number: int) -> UUID:
    from hashlib import md5

    return UUID(md5(f"{kind}{number}".encode()).hexdigest())


def make(place: Place, vouchers: int) -> Crowd:
    """As the owner, table by table: what lists are read from, not what the ledger is proved by."""
    crowd = Crowd(vouchers)
    values = {"partners": crowd.partners, "customers": crowd.customers, "vouchers": vouchers}
    with place.as_owner() as owner:
        cursor: Any = ClientCursor(owner)
        for statement in statements():
            cursor.execute(statement, values)
        cursor.execute("VACUUM (ANALYZE)")
    return crowd


def statements() -> Sequence[str]:
    return [each for each in _MAKE.strip().split(";\n") if each]
