"""One writer of the correctness run: issues, repeats itself, asks for too much, takes back, spends; until it is killed.

Each call is told to a journal before it is made and after it was answered, so that the run can ask afterwards for every
answer that was given, and so that a successor can repeat what was left without one.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import InterfaceError, OperationalError, connections  # noqa: E402

from bench.world import CURRENCY, World  # noqa: E402
from partner_center.kernel.codec import to_json  # noqa: E402
from partner_center.kernel.errors import Conflict, DomainError, NotFound, Refused  # noqa: E402
from partner_center.kernel.money import Money  # noqa: E402
from partner_center.vouchers import actions  # noqa: E402
from partner_center.vouchers.queries.checkout import OrderInput  # noqa: E402

PATIENCE = 60


class Writer:
    """A client with a journal."""

    def __init__(self, plan: dict[str, Any], name: str, journal: Path) -> None:
        self.world = World(UUID(plan["partner"]), UUID(plan["user"]), tuple(map(UUID, plan["customers"])))
        self.quota, self.product = UUID(plan["quota"]), plan["product"]
        self.name, self.journal = name, journal
        self.dice = random.Random(name)
        self.count = 0
        self.issued: list[tuple[str, dict[str, Any], Any]] = []
        self.holders: list[tuple[UUID, UUID]] = []

    def tell(self, what: str, key: str, **more: Any) -> None:
        with self.journal.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"what": what, "key": key, **more}) + "\n")

    def sure(self, call: Callable[[], Any]) -> Any:
        """Make a call until it is answered: with the connection gone nobody knows whether it was done."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return call()
            except (OperationalError, InterfaceError):
                connections.close_all()
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def issue(self, key: str, inputs: dict[str, Any]) -> Any:
        face, customers = Money(inputs["face"], CURRENCY), [UUID(each) for each in inputs["customers"]]
        return self.sure(
            lambda: actions.issue(
                self.world.issuer, quota_id=self.quota, customer_ids=customers, face_value=face, key=key
            )
        )

    def issue_anew(self) -> None:
        self.count += 1
        key = f"{self.name}-{self.count}"
        customers = self.dice.sample(self.world.customers, self.dice.randint(1, 3))
        inputs = {"face": self.dice.randint(100, 2000), "customers": [str(each) for each in customers]}
        self.tell("asked", key, inputs=inputs)
        self.finish(key, inputs)

    def finish(self, key: str, inputs: dict[str, Any]) -> None:
        try:
            issued = self.issue(key, inputs)
        except Refused:
            self.tell("refused", key)
            return
        answer = to_json(issued)
        self.tell("answered", key, answer=answer)
        self.issued.append((key, inputs, answer))
        self.holders += [(one.voucher_id, one.customer_id) for one in issued.vouchers]

    def repeat(self) -> None:
        """The same key with the same inputs gives the same answer; with others it is a conflict."""
        if not self.issued:
            return
        key, inputs, answer = self.dice.choice(self.issued)
        if to_json(self.issue(key, inputs)) != answer:
            self.tell("broken", key, why="another answer for the same key")
        try:
            self.issue(key, {**inputs, "face": inputs["face"] + 1})
            self.tell("broken", key, why="a used key with other inputs was accepted")
        except Conflict:
            pass

    def ask_too_much(self) -> None:
        key = f"{self.name}-too-much-{self.count}"
        try:
            self.issue(key, {"face": 10**9, "customers": [str(self.world.customers[0])]})
            self.tell("broken", key, why="more was issued than there is")
        except Refused:
            pass

    def take_back(self) -> None:
        if self.holders:
            voucher, _ = self.holders.pop(self.dice.randrange(len(self.holders)))
            self._try(lambda: actions.reclaim(self.world.issuer, voucher_ids=[voucher]))

    def spend(self) -> None:
        """Hold a voucher for an order, then pay the order or give it up."""
        if not self.holders:
            return
        voucher, customer = self.dice.choice(self.holders)
        lines = [OrderInput(self.product, Money(self.dice.randint(50, 3000), CURRENCY))]
        order = f"{self.name}-{self.count}-{self.dice.random()}"
        hold = self._try(
            lambda: actions.authorise(
                self.world.buyer(customer), order_reference=order, lines=lines, voucher_ids=[voucher], key=order
            )
        )
        if hold is not None:
            ends = actions.capture if self.dice.random() < 0.7 else actions.release
            self._try(lambda: ends(self.world.buyer(customer), authorisation_id=hold.authorisation_id))

    def _try(self, call: Callable[[], Any]) -> Any:
        try:
            return self.sure(call)
        except (Refused, NotFound, Conflict):
            return None

    def run(self) -> None:
        verbs: list[tuple[Callable[[], None], int]] = [
            (self.issue_anew, 60),
            (self.repeat, 10),
            (self.ask_too_much, 10),
            (self.take_back, 12),
            (self.spend, 8),
        ]
        while True:
            verb = self.dice.choices([each for each, _ in verbs], [weight for _, weight in verbs])[0]
            try:
                verb()
            except DomainError as error:
                self.tell("broken", verb.__name__, why=repr(error))

    def take_over(self, before: Path) -> None:
        """Ask again for everything the killed writer was not answered."""
        lines = [json.loads(line) for line in before.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
        settled = {line["key"] for line in lines if line["what"] in ("answered", "refused")}
        open_ones = {
            line["key"]: line["inputs"] for line in lines if line["what"] == "asked" and line["key"] not in settled
        }
        # All of them are told first: this writer may be killed in the midst of it, too.
        for key, inputs in open_ones.items():
            self.tell("asked", key, inputs=inputs)
        for key, inputs in open_ones.items():
            self.finish(key, inputs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("name")
    parser.add_argument("--after", type=Path, help="the journal of the writer that was killed")
    options = parser.parse_args()
    journal = options.plan.parent / f"{options.name}.journal"
    writer = Writer(json.loads(options.plan.read_text(encoding="utf-8")), options.name, journal)
    writer.tell("began", options.name)
    if options.after:
        writer.take_over(options.after)
    writer.run()


if __name__ == "__main__":
    main()
