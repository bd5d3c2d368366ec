"""One of the clients of G5: moves one unit between accounts picked at random, in three ways by turns."""

from __future__ import annotations

import json
import random
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import django

django.setup()

import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402

from bench import posting, slots  # noqa: E402
from bench.world import World  # noqa: E402
from partner_center.kernel.ids import new_id  # noqa: E402

DICE = random.Random()


class Client:
    """Its connections, and the accounts it picks from."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.world = World(UUID(plan["partner"]), UUID(plan["user"]), ())
        self.accounts = [UUID(each) for each in plan["accounts"]]
        self.purses = [UUID(each) for each in plan["purses"]]
        at = settings.DATABASES["default"]
        address = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
        self.raw = psycopg.connect(address, autocommit=True)
        self.raw.execute("SELECT set_config('app.all', 'on', false)")

    def product(self) -> None:
        source, target = DICE.sample(self.accounts, 2)
        posting._product(self.world, source, target)

    def function(self) -> None:
        source, target = DICE.sample(self.accounts, 2)
        posting._function(self.raw, self.world, source, target)

    def statements(self) -> None:
        """What pgbench's script of the same transfer sends: begin, three rows, two balances in order, commit."""
        id_, at = new_id(), datetime.now(UTC)
        source, target = DICE.sample(self.purses, 2)
        with self.raw.transaction():
            run = self.raw.execute
            run("INSERT INTO bench_transfer (id, kind, at) VALUES (%s, 'move', %s)", [id_, at])
            run("INSERT INTO bench_entry (transfer_id, account_id, amount_minor) VALUES (%s, %s, -1)", [id_, source])
            run("INSERT INTO bench_entry (transfer_id, account_id, amount_minor) VALUES (%s, %s, 1)", [id_, target])
            for each in sorted((source, target)):
                sign = 1 if each == target else -1
                run("UPDATE bench_purse SET balance = balance + %s WHERE id = %s", [sign, each])


def main() -> None:
    plan = json.loads(sys.argv[1])
    one = Client(plan)
    ways = {"product": one.product, "function": one.function, "statements": one.statements}
    print(json.dumps(slots.work(slots.Slots(**plan["slots"]), ways)))


if __name__ == "__main__":
    main()
