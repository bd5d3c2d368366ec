"""Bearer tokens: made from an access key, slow to guess, over in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partner_center.access.actions import make_key
from partner_center.access.models import AccessToken
from partner_center.fence.seat import whole
from tests.entrypoints import world as cast
from tests.entrypoints.api.v1.conftest import Caller
from tests.entrypoints.world import World


def test_a_key_and_its_secret_give_a_token_that_works(world: World) -> None:
    key = make_key(cast.actor("carl"))
    made = Caller("").post("/tokens", {"access_key": key.access_key, "secret_key": key.secret})
    assert made.status_code == 201, made.content
    assert made.json()["token_type"] == "Bearer"
    assert made["Cache-Control"] == "no-store"
    answer = Caller(made.json()["token"]).get("/vouchers")
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_secret_and_an_unknown_key_look_the_same(world: World, known: bool) -> None:
    key = make_key(cast.actor("carl")).access_key if known else "NOSUCHKEY"
    answer = Caller("").post("/tokens", {"access_key": key, "secret_key": "wrong"})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["code"] for error in answer.json()["errors"]] == ["credentials_wrong"]


def test_guessing_a_secret_is_slowed_down(world: World) -> None:
    key = make_key(cast.actor("carl"))
    tries = [Caller("").post("/tokens", {"access_key": key.access_key, "secret_key": "wrong"}) for _ in range(6)]
    assert [each.status_code for each in tries] == [401] * 5 + [429]
    assert 0 < int(tries[-1]["Retry-After"]) <= 900
    right = Caller("").post("/tokens", {"access_key": key.access_key, "secret_key": key.secret})
    assert right.status_code == 429


@pytest.mark.parametrize("token", ["", "nonsense", "ключ", "x" * 5000])
def test_without_a_valid_token_nothing_is_told(world: World, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = Caller("").send("GET", "/vouchers", **headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_ends(world: World) -> None:
    caller = Caller(Caller("").post("/tokens", _credentials()).json()["token"])
    with whole("test: a day later"):
        for row in AccessToken.objects.all():
            AccessToken.objects.filter(pk=row.pk).update(expires_at=row.expires_at - timedelta(hours=25))
    assert caller.get("/vouchers").status_code == 401


def _credentials() -> dict[str, str]:
    key = make_key(cast.actor("carl"))
    return {"access_key": key.access_key, "secret_key": key.secret}
