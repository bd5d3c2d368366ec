"""Mass issues for programs: looked at, issued, read row by row, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.entrypoints.api.v1.conftest import Caller
from tests.entrypoints.world import World

Call = Callable[[str], Caller]
GOOD = {"customer": "carl-works", "face_value": "100.00"}


def upload(world: World, caller: Caller, *rows: dict[str, str], key: str = "u") -> Any:
    return caller.post(f"/quotas/{world.sub_quota}/batches", {"rows": list(rows), "name": "q4"}, key=key)


def test_rows_are_looked_at_issued_and_undone(world: World, call: Call) -> None:
    rhea = call("rhea")
    made = upload(world, rhea, GOOD, {"customer": "nobody", "face_value": "1.234"})
    assert made.status_code == 201
    batch = made.json()
    assert (batch["state"], batch["rows"], batch["bad"], batch["total"]["amount"]) == ("checked", 2, 1, "100.00")
    (bad,) = rhea.get(f"/batches/{batch['id']}/rows?status=refused").json()["items"]
    assert [(each["rule"], each["field"]) for each in bad["problems"]] == [
        ("S-371", "face_value"),
        ("S-370", "customer_ids"),
    ]
    issued = rhea.post(f"/batches/{batch['id']}/issue", key="i").json()
    assert (issued["state"], issued["issued"]) == ("issued", 1)
    first = rhea.get(f"/batches/{batch['id']}/rows?limit=1").json()
    assert (first["items"][0]["status"], first["next"]) == ("issued", 1)
    undone = rhea.post(f"/batches/{batch['id']}/undo", {"remark": "slip"}, key="z").json()
    assert undone["state"] == "undone"
    assert rhea.get(f"/quotas/{world.sub_quota}").json()["balance"]["amount"] == "3000.00"
    assert [each["id"] for each in rhea.get("/batches?state=undone").json()["items"]] == [batch["id"]]


def test_a_repeated_key_has_no_second_effect(world: World, call: Call) -> None:
    rhea = call("rhea")
    first, second = upload(world, rhea, GOOD), upload(world, rhea, GOOD)
    assert first.json() == second.json()
    assert len(rhea.get("/batches").json()["items"]) == 1


def test_a_file_is_taken_too_and_a_bad_one_is_told(world: World, call: Call) -> None:
    rhea = call("rhea")

    def send(content: bytes, **headers: str) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("q4.xlsx", content)})
        given = {"Authorization": f"Bearer {rhea.token}", "Idempotency-Key": "f", "Accept-Language": "en", **headers}
        path = f"/api/v1/quotas/{world.sub_quota}/batches/file"
        return Client(enforce_csrf_checks=True).generic(
            "POST", path, body, content_type=MULTIPART_CONTENT, headers=given
        )

    told = send(b"%PDF\x00")
    assert told.status_code == 422
    assert [(each["code"], each["field"]) for each in told.json()["errors"]] == [("file_not_a_table", "file")]
    made = send("客户,面值\ncarl-works,100\n".encode("gbk"))
    assert (made.status_code, made.json()["name"], made.json()["bad"]) == (201, "q4.xlsx", 0)
    assert rhea.post(f"/quotas/{world.sub_quota}/batches/file", key="n").json()["errors"][0]["code"] == "file_missing"


@pytest.mark.parametrize("path", ["", "/rows", "/issue", "/discard", "/undo"])
def test_the_stranger_finds_no_batch(world: World, call: Call, path: str) -> None:
    batch = upload(world, call("rhea"), GOOD).json()["id"]
    stranger = call("stranger")
    for method in ("GET",) if path in ("", "/rows") else ("POST",):
        body = None if method == "GET" else {}
        assert stranger.send(method, f"/batches/{batch}{path}", body, Idempotency_Key="s").status_code == 404
    assert stranger.get("/batches").json()["items"] == []
    assert call("carl").get("/batches").status_code == 403


def test_discarded_is_not_issued(world: World, call: Call) -> None:
    rhea = call("rhea")
    batch = upload(world, rhea, GOOD).json()["id"]
    assert rhea.post(f"/batches/{batch}/discard", key="d").json()["state"] == "discarded"
    refused = rhea.post(f"/batches/{batch}/issue", key="i")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "batch_in_other_state")
