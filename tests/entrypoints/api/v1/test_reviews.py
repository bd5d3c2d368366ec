"""Reviews for programs: read, decided once, and nothing of others."""

from __future__ import annotations

from collections.abc import Callable

from partner_center.partners.actions import ask_for_change
from tests.entrypoints import world as cast
from tests.entrypoints.api.v1.conftest import Caller
from tests.entrypoints.world import World

Call = Callable[[str], Caller]
BACK = {
    "move": "return",
    "reason": "incomplete",
    "text": "which street?",
    "fields": ["registered_address"],
    "version": 1,
}


def test_a_review_is_read_and_decided_once(world: World, call: Call) -> None:
    asked = ask_for_change(cast.actor("rhea"), after={"name_en": "New Name"})
    vera, rhea = call("vera"), call("rhea")
    [waiting] = vera.get("/reviews?side=others").json()
    assert (waiting["number"], waiting["kind"], waiting["working_days_left"]) == (asked.number, "company_change", 3)
    one = vera.get(f"/reviews/{asked.review_id}").json()
    assert one["role"] == "ecosystem_manager" and one["facts"]["diff"][0]["after"] == "New Name"
    decisions = f"/reviews/{asked.review_id}/decisions"
    refused = vera.post(decisions, {**BACK, "fields": []}, key="a")
    assert refused.status_code == 422 and refused.json()["errors"][0]["rule"] == "L-007"
    done = vera.post(decisions, BACK, key="b")
    assert done.json()["state"] == "returned" == vera.post(decisions, BACK, key="b").json()["state"]
    assert vera.post(decisions, BACK, key="c").status_code == 409
    assert [row["state"] for row in rhea.get("/reviews").json()] == ["returned"]
    assert rhea.get(f"/reviews/{asked.review_id}").json()["turns"][0]["text"] == "which street?"


def test_a_stranger_finds_no_review(world: World, call: Call) -> None:
    asked = ask_for_change(cast.actor("rhea"), after={"name_en": "New Name"})
    stranger = call("stranger")
    assert stranger.get("/reviews").json() == [] == stranger.get("/reviews?side=others").json()
    assert stranger.get(f"/reviews/{asked.review_id}").status_code == 404
    assert stranger.post(f"/reviews/{asked.review_id}/decisions", BACK, key="k").status_code == 404
    assert call("rhea").post(f"/reviews/{asked.review_id}/decisions", BACK, key="k").status_code == 403
