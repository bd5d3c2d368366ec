"""How much and how often: rates, sizes, and calls that race for one quota."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote as escaped

import pytest
from django.conf import settings
from django.db import connections

from tests.entrypoints.api.open_v2.caller import Answer, call
from tests.entrypoints.api.open_v2.conftest import counted, forget_counts, use_up
from tests.entrypoints.api.open_v2.world import World, quota

QUOTAS = "/v2/partners/coupon-quotas/query"
COUPONS = "/v2/promotions/benefits/partner-coupons"
PER_SECOND = 10

pytestmark = pytest.mark.usefixtures("world")


def test_calls_over_the_rate_are_refused(address: str, world: World) -> None:
    """S-621."""

    def one(_: int) -> int:
        return call(address, world.sol, "POST", QUOTAS, body={}).status

    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(one, range(60)))
    stretches = time.monotonic() - began + 1
    assert PER_SECOND <= statuses[200] <= PER_SECOND * stretches and set(statuses) <= {200, 429}


def test_the_refusal_says_how_many_calls_are_allowed(address: str, world: World) -> None:
    use_up(world.sol, "ListQuotaCoupons", PER_SECOND - 1)
    assert call(address, world.sol, "POST", QUOTAS, body={}).status == 200
    answer = call(address, world.sol, "POST", QUOTAS, body={})
    assert (answer.status, answer.code) == (429, "CBC.0250")
    assert str(PER_SECOND) in answer.body["error_msg"] and answer.headers["X-Request-Id"]


def test_refused_calls_count_as_well(address: str, world: World) -> None:
    for _ in range(2):
        assert call(address, world.operator, "POST", COUPONS, body={"quota_id": 1}).status == 403
        assert call(address, world.sol, "POST", COUPONS, body={"quota_id": 1}).status == 400
    assert counted(world.sol, "CreatePartnerCoupons") == 4


def test_one_accounts_calls_are_not_anothers_nor_one_operations_the_others(address: str, world: World) -> None:
    use_up(world.sol, "ListQuotaCoupons")
    assert call(address, world.sol, "POST", QUOTAS, body={}).status == 429
    assert call(address, world.issuer, "POST", QUOTAS, body={}).status == 429
    assert call(address, world.stranger, "POST", QUOTAS, body={}).status == 200
    assert call(address, world.sol, "POST", "/v2/partners/sub-customers/query", body={}).status == 200


def test_a_call_that_is_not_signed_right_counts_against_nobody(address: str, world: World) -> None:
    assert call(address, world.sol, "POST", QUOTAS, body={}, secret="wrong").status == 401
    assert counted(world.sol, "ListQuotaCoupons") == 0


def test_a_body_beyond_12_mb_is_a_parameter_error(address: str, world: World) -> None:
    body = b'{"label": "' + b"x" * (12 * 1024 * 1024) + b'"}'
    answer = call(address, world.sol, "POST", QUOTAS, body=body)
    assert (answer.status, answer.code) == (400, "CBC.0100")


def test_racing_issues_never_overdraw_a_quota(address: str, world: World) -> None:
    number = quota(world.sol, "10")

    def one(_: int) -> Answer:
        body = {"quota_id": number, "customer_ids": [world.carl], "face_value": 3}
        return call(address, world.sol, "POST", COUPONS, body=body)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(8)))
    assert {answer.status for answer in answers} == {200}
    codes = Counter(row["error_code"] for answer in answers for row in answer.body["error_details"])
    made = sum(len(answer.body["coupon_infos"]) for answer in answers)
    assert (made, dict(codes)) == (3, {"CBC.99000013": 5})
    forget_counts()
    left = call(address, world.sol, "POST", QUOTAS, body={"quota_ids": [number]})
    assert b'"balance":1.00' in left.raw


# The server that production runs ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def granian(world: World) -> Iterator[str]:
    """The web server as it is deployed, on the module's database."""
    at = connections["default"].settings_dict
    login = f"{escaped(at['USER'])}:{escaped(at['PASSWORD'])}"
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{login}@{at['HOST']}:{at['PORT']}/{at['NAME']}",
        "DATABASE_APP_URL": f"postgresql://{login}@{at['HOST']}:{at['PORT']}/{at['NAME']}",
        "PARTNER_CENTER_FIELD_KEY": settings.FIELD_KEY,
        "PARTNER_CENTER_SECRET_KEY": "for this test only",
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "partner_center.config.wsgi:application"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert server.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not listen")


@pytest.mark.parametrize("name", ["CS 1/2", "云 100%", "plain", "a+b*~"])
def test_the_deployed_server_lets_paths_and_queries_verify(granian: str, world: World, name: str) -> None:
    listed = call(granian, world.sol, "GET", COUPONS, query=[("customer_id", name), ("limit", "5")])
    assert (listed.status, listed.body["total_count"]) == (200, 0)
    assert listed.headers["x-request-id"]


def test_the_deployed_server_answers_as_the_contract_says(granian: str, world: World) -> None:
    answer = call(granian, world.sol, "POST", QUOTAS, body={"quota_ids": [world.limited]})
    assert answer.status == 200 and b'"quota_value":100.00' in answer.raw
    assert call(granian, world.sol, "POST", QUOTAS, body={}, secret="wrong").status == 401
    assert call(granian, world.sol, "POST", f"{QUOTAS}/", body={}).status == 404
