"""G5: eight clients at once, transfers between accounts picked at random, against the same by seven statements."""

from __future__ import annotations

from bench import naive, posting, slots
from bench.database import Place
from bench.harness import Check, at_least, told
from bench.world import World

CLIENTS, ACCOUNTS = 8, 500


def run(place: Place, world: World, *, rounds: int, seconds: float) -> list[Check]:
    """Each client is a process of its own, as a worker of the server is."""
    accounts = posting.open_many(world.vendor, partner=world.partner, many=ACCOUNTS)
    purses = naive.Purse.objects.bulk_create([naive.Purse(balance=10**9) for _ in range(ACCOUNTS)])
    plan = {
        "partner": str(world.partner),
        "user": str(world.partner_user),
        "accounts": [str(each) for each in accounts],
        "purses": [str(each.pk) for each in purses],
    }
    times = slots.Slots(max(1.0, seconds), rounds)
    found = slots.race("bench.client", place, plan, clients=CLIENTS, slots=times)
    return [
        told("G5", f"{CLIENTS} clients: seven statements, transfers/s", found.rate("statements")),
        told("G5", f"{CLIENTS} clients: the bare function, transfers/s", found.rate("function")),
        told("G5", f"{CLIENTS} clients: through the product, claimed, transfers/s", found.rate("product")),
        at_least("G5", "the bare function / seven statements", found.ratio("function", "statements"), 0.8),
        told("G5", "through the product / seven statements", f"{found.ratio('product', 'statements')} ×"),
    ]
