"""G1, G3: issuing to ten thousand customers, against raw COPY of the rows, and against rows one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from bench import naive
from bench.copying import SameRows
from bench.database import Place
from bench.harness import Check, Contender, at_least, race, told
from bench.world import CURRENCY, World, key
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.customers.queries import relations
from partner_center.kernel.actor import Actor
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions, rules
from partner_center.vouchers.actions import voucher as issuing
from partner_center.vouchers.queries.quota import share_quota

MANY, PER_CALL, ROWS_OF_COPY = 10_000, 100, 10_000
FACE = Money(100, CURRENCY)
GOAL, GATE = 100, 15


@action(keyed=True)
def issue_in_bulk(
    actor: Actor, *, quota_id: UUID, customer_ids: Sequence[UUID], key: str, window: Window | None = None
) -> int:
    """What an import does in one chunk: the same rules and the same writing as `issue`, without the API's limit."""
    require(actor, Can.VOUCHER_ISSUE)
    quota = share_quota(actor, quota_id)
    terms = issuing.terms_of(quota, FACE, None, window, (), (), "")
    recipients = tuple(dict.fromkeys(customer_ids))
    facts = issuing._issue_facts(actor, quota, terms, recipients, "api")
    rules.ISSUE.check(replace(facts, limits=replace(facts.limits, most_customers=MANY)))
    found = relations(actor, recipients, lock=True)
    good, _ = rules.ISSUE_TO.sift(issuing._recipient_facts(quota, found, recipients, "console"), partial=True)
    return len(issuing._hand_out(actor, quota, terms, new_id(), [(each, found[each].type) for each in good]))


def run(place: Place, world: World, *, rounds: int, many: int = MANY) -> list[Check]:
    """Vouchers a second, in the same rounds."""
    quota, customers = world.grant("10000000"), world.customers[:many]
    purse = naive.Purse.objects.create(balance=10**15)
    resale = customers[1 : PER_CALL + 1]
    _bulk(world, quota, customers)
    same = SameRows(place)
    with psycopg.connect(place.app) as raw:
        found = race(
            [
                Contender("same", lambda: same.copy(raw, customers)),
                Contender("bulk", lambda: _bulk(world, quota, customers)),
                Contender("api", lambda: _by_the_api(world, quota, resale)),
                Contender("one", lambda: _one(world, quota, customers[0])),
                Contender("naive", lambda: _naive(purse.pk, customers[0])),
                Contender("copy", lambda: _copy(raw, purse.pk, customers)),
            ],
            rounds=rounds,
            seconds=0.4,
        )
    return [
        told("G3", f"issue to {many:,} in one chunk, vouchers/s", found.rate("bulk")),
        told("G3", "issue to 100 a call, as the API allows, vouchers/s", found.rate("api")),
        told("G3", "issue to 1 a call, keyed, vouchers/s", found.rate("one")),
        told("G3", "naive ORM, a transaction each, vouchers/s", found.rate("naive")),
        at_least("G3", f"issue to {many:,} / naive ORM", found.ratio("bulk", "naive"), GOAL, GATE),
        told("G3", "issue to 100 a call / naive ORM", f"{found.ratio('api', 'naive')} ×"),
        told("G1", "COPY of the very rows, same indexes, vouchers/s", found.rate("same")),
        at_least("G1", "issue in one chunk / COPY of the very rows", found.ratio("bulk", "same"), 0.5),
        told("G1", "issue in one chunk / COPY of two narrow rows a voucher", f"{found.ratio('bulk', 'copy')} ×"),
    ]


def run_million(place: Place, world: World, *, many: int) -> list[Check]:
    """G2: as many as a national campaign, chunk by chunk, against COPY of their rows in one go; once each, by turns."""
    if not many:
        return []
    quota, purse = world.grant("1000000000"), naive.Purse.objects.create(balance=10**15)
    chunks, recipients = many // MANY, [each for _ in range(many // len(world.customers)) for each in world.customers]

    def issued() -> int:
        return sum(_bulk(world, quota, world.customers) for _ in range(chunks))

    with psycopg.connect(place.app) as raw:
        contenders = [Contender("issue", issued), Contender("copy", lambda: _copy(raw, purse.pk, recipients))]
        found = race(contenders, rounds=2, seconds=0)
    return [
        told("G2", f"issue to {many:,} in chunks of {MANY:,}, vouchers/s", found.rate("issue")),
        at_least("G2", "issue in chunks / COPY of voucher and entry rows at once", found.ratio("issue", "copy"), 0.5),
    ]


def _bulk(world: World, quota: UUID, customers: Sequence[UUID]) -> int:
    return issue_in_bulk(world.issuer, quota_id=quota, customer_ids=customers, key=key())


def _by_the_api(world: World, quota: UUID, customers: Sequence[UUID]) -> int:
    issued = actions.issue(
        world.issuer, quota_id=quota, customer_ids=customers, face_value=FACE, key=key(), channel="api"
    )
    return len(issued.vouchers)


def _one(world: World, quota: UUID, customer: UUID) -> int:
    actions.issue(world.issuer, quota_id=quota, customer_ids=[customer], face_value=FACE, key=key())
    return 1


def _naive(purse: UUID, customer: UUID) -> int:
    naive.issue(purse, customer, FACE.minor)
    return 1


def _copy(raw: psycopg.Connection[tuple[object, ...]], purse: UUID, customers: Sequence[UUID]) -> int:
    """The rows of as many vouchers, as fast as PostgreSQL takes them in."""
    at, transfer = datetime.now(UTC), new_id()
    ids = [new_id() for _ in customers]
    with raw.transaction(), raw.cursor() as cursor:
        columns = "id, number, quota_id, customer_id, face_minor, balance, issued_at"
        with cursor.copy(f"COPY bench_voucher ({columns}) FROM STDIN") as rows:
            for id_, customer in zip(ids, customers, strict=True):
                rows.write_row((id_, id_.hex[8:], purse, customer, FACE.minor, FACE.minor, at))
        with cursor.copy("COPY bench_entry (transfer_id, account_id, amount_minor) FROM STDIN") as rows:
            for id_ in ids:
                rows.write_row((transfer, id_, FACE.minor))
    return len(ids)
