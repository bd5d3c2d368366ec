"""A partner with quota and as many customers as a scenario wants: the first by the real verbs, the rest set-based."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection
from stdnum.cn import uscc as social_credit

from partner_center.access import actions as access
from partner_center.access.rules import items
from partner_center.customers import actions as customers
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.partners import actions as partners
from partner_center.relationships import actions as relationships
from partner_center.vouchers import actions as vouchers

SITE, CURRENCY, RESALE = "cloud-cn", "CNY", 2
EVERYTHING = frozenset(item.code for item in items().values())

# The rest of the customers, as many as wanted: what opening and associating each would have left in these tables.
_MORE = """
    WITH made AS (
        SELECT gen_random_uuid() AS id, n FROM generate_series(1, %(many)s) AS n
    ), organisations AS (
        INSERT INTO access_organisation (id, number, kind, site, name_zh, name_en, verification_on, opened_at)
        SELECT id, replace(id::text, '-', ''), 'customer', 'cloud-cn', '客户' || n, 'Customer ' || n, false, %(at)s
        FROM made RETURNING id
    ), accounts AS (
        INSERT INTO customers_account (organisation_id, site, account_name, real_name_zh, real_name_en, phone, email,
            country_code, verified_status, customer_type, level, is_finance_managed, registered_at, partner_id)
        SELECT id, 'cloud-cn', 'made-' || id, '客户' || n, 'Customer ' || n, '', '', 'CN', -1, -1, 'V0', false,
            %(at)s, %(partner)s FROM made
    )
    INSERT INTO customers_association (id, customer_id, partner_id, type, state, associated_at, made_reason, ended_by,
        ended_reason, label, xaccount_id, xaccount_type)
    SELECT gen_random_uuid(), id, %(partner)s, 2, 'active', %(at)s, '', '', '', '', '', '' FROM made
    RETURNING customer_id
"""


@dataclass(frozen=True)
class World:
    """Ids of everybody a scenario needs."""

    partner: UUID
    partner_user: UUID
    customers: tuple[UUID, ...]

    @property
    def vendor(self) -> Actor:
        return system_actor("bench: the vendor", now(), SITE)

    @property
    def issuer(self) -> Actor:
        return Actor(
            audience="partner",
            at=now(),
            user_id=self.partner_user,
            home=self.partner,
            seat=self.partner,
            permissions=EVERYTHING,
            request_id="bench",
        )

    def buyer(self, customer: UUID) -> Actor:
        return Actor(audience="customer", at=now(), home=customer, seat=customer, permissions=EVERYTHING)

    def grant(self, value: str) -> UUID:
        window = Window(now() - timedelta(days=1), now() + timedelta(days=365))
        return vouchers.grant(
            self.vendor, partner_id=self.partner, value=Money.of(value, CURRENCY), window=window
        ).quota_id


def now() -> datetime:
    return datetime.now(UTC)


def build(many: int) -> World:
    """A vendor, a solution provider and its customers, all of them bought for."""
    founder = system_actor("bench: founding", now() - timedelta(days=30), SITE)
    with seated(founder):
        access.open_organisation(founder, kind="vendor", site=SITE, name_zh="示例云", name_en="Demo Cloud")
    uscc = "91000000MA0000001"
    opened = partners.open_partner(
        founder,
        identity="solution_provider",
        name_zh="远山方案",
        name_en="Far Hill Solutions",
        login="bench",
        display_name="bench",
        site=SITE,
        uscc=uscc + social_credit.calc_check_digit(uscc),
        password="",
    )
    first = _customer(founder, opened.organisation_id)
    return World(opened.organisation_id, opened.user_id, (first, *_more(founder, opened.organisation_id, many - 1)))


def _customer(founder: Actor, partner: UUID) -> UUID:
    opened = customers.open_customer(
        founder,
        site=SITE,
        name_zh="卡尔制造",
        name_en="Carl Manufacturing",
        account_name="carl",
        login="carl",
        display_name="carl",
    )
    relationships.associate(
        founder, customer_id=opened.organisation_id, partner_id=partner, type=RESALE, reason="bench"
    )
    return opened.organisation_id


def _more(founder: Actor, partner: UUID, many: int) -> tuple[UUID, ...]:
    with seated(founder), connection.cursor() as cursor:
        cursor.execute(_MORE, {"many": many, "at": founder.at, "partner": partner})
        return tuple(row[0] for row in cursor.fetchall())


def key() -> str:
    return new_id().hex
