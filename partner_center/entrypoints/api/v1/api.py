"""The integration API put together."""

from __future__ import annotations

from ninja import NinjaAPI

from partner_center.entrypoints.api.v1 import (
    batches,
    charging,
    checkout,
    customers,
    quotas,
    reviews,
    terms,
    tokens,
    vouchers,
)
from partner_center.entrypoints.api.v1.callers import Bearer
from partner_center.entrypoints.api.v1.problems import say_no_in
from partner_center.entrypoints.api.v1.reading import CarefulParser

DESCRIPTION = """
Money is text with two decimals and a currency; instants are ISO 8601, answered in UTC. A verb that writes takes an
`Idempotency-Key`. Errors are `application/problem+json`: `errors` names every reason at once, each with the rule, what
was found and what would mend it, in the language of `Accept-Language` (zh, en).
"""

api = NinjaAPI(
    title="Partner Center",
    version="1.0.0",
    description=DESCRIPTION.strip(),
    urls_namespace="v1",
    docs_url=None,
    auth=Bearer(),
    parser=CarefulParser(),
)
say_no_in(api)
api.add_router("/tokens", tokens.router)
api.add_router("/checkout", checkout.router)
api.add_router("/charging", charging.router)
api.add_router("/vouchers", vouchers.router)
api.add_router("/quotas", quotas.router)
api.add_router("/quotas", terms.router)
api.add_router("/quotas", batches.of_quota)
api.add_router("/batches", batches.router)
api.add_router("/customers", customers.router)
api.add_router("/reviews", reviews.router)
