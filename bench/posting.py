"""G4: one transfer through the product, seated and claimed, against the bare function and against rows by hand."""

from __future__ import annotations

from uuid import UUID

import psycopg
from django.db import connection

from bench import naive
from bench.database import Place
from bench.harness import Check, Contender, at_least, race, told
from bench.wire import Wire, listened
from bench.world import CURRENCY, World, key
from partner_center.audit.action import action
from partner_center.kernel.actor import Actor
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.ledger import actions as ledger
from partner_center.ledger.rules import Move, NewAccount
from partner_center.vouchers import actions

ONE = Money(1, CURRENCY)
# What a single-voucher issue may take, claim and commit included.
ROUND_TRIPS = 9


@action(keyed=True)
def transfer(actor: Actor, *, source: UUID, target: UUID, key: str) -> UUID:
    """One unit from one account to another, as any verb of the product would move it."""
    return ledger.post(actor, kind="bench.move", moves=[Move(source, -ONE), Move(target, ONE)])


@action
def open_pair(actor: Actor, *, partner: UUID) -> tuple[UUID, UUID]:
    """Two accounts of a partner, the first with enough on it."""
    source, target, book = new_id(), new_id(), new_id()
    ledger.open_accounts(
        actor,
        [
            NewAccount(source, "bench", CURRENCY, 0, partner_id=partner),
            NewAccount(target, "bench", CURRENCY, 0, partner_id=partner),
            NewAccount(book, "bench", CURRENCY, None),
        ],
    )
    enough = Money(10**12, CURRENCY)
    ledger.post(actor, kind="bench.fund", moves=[Move(book, -enough), Move(source, enough)])
    return source, target


@action
def open_many(actor: Actor, *, partner: UUID, many: int) -> list[UUID]:
    """Accounts of a partner, all with enough on them."""
    ids, book, enough = [new_id() for _ in range(many)], new_id(), Money(10**9, CURRENCY)
    ledger.open_accounts(actor, [NewAccount(book, "bench", CURRENCY, None)])
    each = [NewAccount(id_, "bench", CURRENCY, 0, partner_id=partner) for id_ in ids]
    ledger.fund(actor, kind="bench.fund", accounts=each, amounts=enough, sources=[Move(book, -enough * many)])
    return ids


def run(place: Place, world: World, *, rounds: int, seconds: float) -> list[Check]:
    """Transfers a second on one connection, and the round trips of an issue."""
    source, target = open_pair(world.vendor, partner=world.partner)
    purses = [naive.Purse.objects.create(balance=10**12).pk for _ in range(2)]
    with psycopg.connect(place.app, autocommit=True) as raw:
        raw.execute("SELECT set_config('app.all', 'on', false)")
        found = race(
            [
                Contender("product", lambda: _product(world, source, target)),
                Contender("function", lambda: _function(raw, world, source, target)),
                Contender("naive", lambda: _naive(purses[0], purses[1])),
            ],
            rounds=rounds,
            seconds=seconds,
        )
    return [
        told("G4", "one transfer, seated and claimed, /s", found.rate("product")),
        told("G4", "the bare function by psycopg, /s", found.rate("function")),
        at_least("G4", "transfer through the product / bare function", found.ratio("product", "function"), 0.5),
        told("G4", "transfer through the product / naive ORM", f"{found.ratio('product', 'naive')} ×"),
        *round_trips(world),
    ]


def _product(world: World, source: UUID, target: UUID) -> int:
    transfer(world.issuer, source=source, target=target, key=key())
    return 1


def _function(raw: psycopg.Connection[tuple[object, ...]], world: World, source: UUID, target: UUID) -> int:
    raw.execute(
        "SELECT ledger_post(%s, 'bench.move', NULL, '', NULL, %s, %s, now(), %s::uuid[], %s::bigint[], '{CNY}')",
        [new_id(), world.partner, world.partner, [source, target], [-1, 1]],
    )
    return 1


def _naive(source: UUID, target: UUID) -> int:
    naive.transfer(source, target, 1)
    return 1


def heard_issue(world: World) -> Wire:
    """The wire of one keyed issue to one customer, on a connection that is warm."""
    quota = world.grant("1000")
    for _ in range(2):
        with listened() as wire:
            actions.issue(world.issuer, quota_id=quota, customer_ids=world.customers[:1], face_value=ONE, key=key())
    return wire


def heard_transfer(world: World) -> Wire:
    source, target = open_pair(world.vendor, partner=world.partner)
    with listened() as wire:
        _product(world, source, target)
    return wire


def round_trips(world: World) -> list[Check]:
    """Round trips of an issue and of a transfer, transactions' ends included."""
    connection.ensure_connection()
    issue, post = heard_issue(world).round_trips, heard_transfer(world).round_trips
    return [
        Check("G4", "round trips of a single-voucher issue", str(issue), f"≤ {ROUND_TRIPS}", issue <= ROUND_TRIPS),
        told("G4", "round trips of one claimed transfer", post),
    ]
