"""Operators' commands: what they print, and the exit codes that scripts rely on."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partner_center.audit.queries import events
from partner_center.entrypoints.cli.commands import COMMANDS
from partner_center.entrypoints.cli.main import main
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.ledger.queries import transfers
from tests.entrypoints import world as cast
from tests.entrypoints.world import PASSWORD, World


@pytest.fixture
def world(db: None, channel_stage: Any) -> World:
    return replace(channel_stage.world)


def _window() -> list[str]:
    now = timezone.now()
    return ["--from", (now - timedelta(hours=1)).isoformat(), "--to", (now + timedelta(days=9)).isoformat()]


def _grant(world: World, *more: str, login: str = "vera", value: str = "100.00CNY") -> int:
    return main(["grant-quota", "--as", login, str(world.distributor), value, *_window(), *more])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setenv("PARTNER_CENTER_AS_OWNER", "0")
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert COMMANDS[name].zh in capsys.readouterr().out.replace("\n", "")


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in COMMANDS)
    assert main([]) == main(["no-such-command"]) == 2


def test_a_verb_is_done_as_the_named_user_and_says_how(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert _grant(world) == 0
    quota = json.loads(capsys.readouterr().out)["quota_id"]
    actor = system_actor("test", timezone.now())
    with seated(actor):
        [granted] = events(actor, name="quota.granted", text=quota)
    assert granted.user_id == cast.actor("vera").user_id
    assert granted.system == "command line"


def test_the_same_key_acts_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    window = _window()
    call = ["grant-quota", "--as", "vera", str(world.distributor), "100.00CNY", *window, "--key", "k"]
    assert main(call) == main(call) == 0
    first, second = capsys.readouterr().out.split("}\n{")
    assert json.loads(first + "}") == json.loads("{" + second)


@pytest.mark.parametrize(("language", "word"), [("zh", "补救"), ("en", "Remedy")])
def test_a_refusal_names_every_rule_and_its_remedy(
    world: World, capsys: pytest.CaptureFixture[str], language: str, word: str
) -> None:
    assert _grant(world, "--service-type", "nothing-such", "--language", language, value="0.00USD") == 3
    told = capsys.readouterr().err
    assert {"S-902", "L-307", "S-374"} <= {line.split()[1] for line in told.splitlines() if "(" in line}
    assert told.count(word) >= 3


def test_each_kind_of_no_has_its_exit_code(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert _grant(world, login="dario") == 4
    assert _grant(world, login="nobody") == 5
    assert main(["unfreeze-quota", "--as", "vera", str(world.quota), "--reason", "r"]) == 6
    assert main(["freeze-quota", "--as", "vera", str(world.quota), "--reason", "r"]) == 0


def test_an_operator_opens_accounts_and_brings_them_together(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    def done(*words: str) -> Any:
        assert main([words[0], "--as", "vera", *words[1:]]) == 0
        return json.loads(capsys.readouterr().out)

    named = ["--name-zh", "新", "--name-en", "New", "--display-name", "新"]
    partner = done("open-partner", "reseller", *named, "--login", "new", "--uscc", "91000000MA00000030")
    done("link-reseller", partner["organisation_id"], str(world.distributor))
    customer = done("open-customer", "new-customer", *named, "--login", "newcomer")
    ids = customer["organisation_id"], partner["organisation_id"]
    associated = done("associate", *ids, "--type", "consulting", "--reason", "ticket 2")
    assert associated["upline_id"] == str(world.distributor)
    switched = done("switch-type", ids[0], "--type", "resale", "--reason", "ticket 3")
    assert (switched["type"], switched["vouchers"]) == (2, 0)
    assert main(["switch-type", "--as", "vera", ids[0], "--type", "resale", "--reason", "ticket 3"]) == 3


def test_a_quota_is_set_invalid_with_its_parts(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["invalidate-quota", "--as", "vera", str(world.quota), "--reason", "called off", "--with-parts"]
    assert main(call) == 0
    assert str(world.sub_quota) in json.loads(capsys.readouterr().out)["quota_ids"]
    assert main(call) == 6


def test_a_voucher_is_reclaimed_by_its_issuer(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    voucher = world.issue().vouchers[0].voucher_id
    assert main(["reclaim", "--as", "rhea", str(voucher), "--remark", "wrong"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == {"minor": 10000, "currency": "CNY"}


def test_a_transfer_is_reversed_by_two_persons(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _grant(world) == 0
    vera = cast.actor("vera")
    with seated(vera):
        transfer = transfers(vera)[0]
    call = ["reverse-transfer", "--as", "vera", str(_id(transfer)), "--reason", "twice", "--password-stdin"]

    def approved(login: str, password: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        return main([*call, "--approved-by", login])

    assert approved("vito", "wrong") == 4
    assert approved("vito", PASSWORD) == 0
    assert approved("vito", PASSWORD) == 6


def _id(transfer: Any) -> Any:
    return transfer.id


def test_a_key_can_be_made_for_a_user(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["make-key", "--as", "carl", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"id", "access_key", "secret_key"}


def test_the_ledger_is_verified(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify-ledger", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_database_url_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner@h/db")
    monkeypatch.setenv("DATABASE_APP_URL", "postgresql://app@h/db")
    assert main(["database-url"]) == main(["database-url", "--owner"]) == 0
    assert capsys.readouterr().out.split() == ["postgresql://app@h/db", "postgresql://owner@h/db"]
