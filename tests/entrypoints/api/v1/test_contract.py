"""The API against its own description: whatever a caller sends, the server never fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core import NotSet

from partner_center.access.models import Throttle
from partner_center.entrypoints.api.v1.api import api
from tests.entrypoints.api.v1.conftest import Caller
from tests.entrypoints.world import World

EXAMPLES = 12
DESCRIPTION = api.get_openapi_schema(path_prefix="/api/v1/")
OPERATIONS = [
    (path, method, about["operationId"])
    for path, methods in DESCRIPTION["paths"].items()
    for method, about in methods.items()
]
VENDORS = (
    *("grant_quota", "freeze_quota", "unfreeze_quota", "begin_adjusting", "end_adjusting", "adjust_quota"),
    *("designate_customers", "invalidate_quota", "freeze_voucher", "unfreeze_voucher"),
)
WHO = {"pass_on_quota": "dario", "reclaim_quota": "dario", **dict.fromkeys(VENDORS, "vera")}
CUSTOMERS = ("quote", "authorise", "authorisation", "capture", "release")


def test_the_description_is_served_and_names_every_operation(world: World, client: Any) -> None:
    served = client.get("/api/v1/openapi.json")
    assert served.status_code == 200
    assert {about["operationId"] for methods in served.json()["paths"].values() for about in methods.values()} == {
        name for _, _, name in OPERATIONS
    }


def test_every_operation_that_writes_takes_an_idempotency_key() -> None:
    for path, method, name in OPERATIONS:
        about = DESCRIPTION["paths"][path][method]
        takes_key = any(each["name"] == "Idempotency-Key" for each in about.get("parameters", ()))
        assert takes_key == (method == "post" and name not in ("quote", "make_token")), name


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method", "name"), OPERATIONS, ids=[name for _, _, name in OPERATIONS])
def test_no_input_makes_the_server_fail(
    world: World, call: Callable[[str], Caller], path: str, method: str, name: str
) -> None:
    world.issue()
    caller = call(WHO.get(name, "carl" if name in CUSTOMERS else "rhea"))
    known = {"quota_id": world.sub_quota, "customer_id": world.customer}
    operation = schemathesis.openapi.from_dict(DESCRIPTION)[path][method.upper()]

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def probe(case: Any) -> None:
        Throttle.objects.all().delete()
        place = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}
        address = path.removeprefix("/api/v1").format(**{name: quote(str(value)) for name, value in place.items()})
        body = b"" if isinstance(case.body, NotSet) else json.dumps(case.body, default=str).encode()
        headers = {k: str(v).encode("ascii", "replace").decode() for k, v in (case.headers or {}).items()}
        query = urlencode(case.query or {}, doseq=True)
        answer = caller.send(method.upper(), f"{address}?{query}", body, **headers)
        assert answer.status_code < 500, (address, body, answer.content)
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"

    probe()
