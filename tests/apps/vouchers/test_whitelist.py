"""To whom a subsidy partner may issue: its list of customers, imported version by version."""

from __future__ import annotations

from typing import Any

import pytest

from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound
from partner_center.vouchers import actions, queries
from tests.apps.vouchers.conftest import World


def imported(world: World, *accounts: str, key: str | None = None) -> actions.Imported:
    return actions.import_whitelist(world.cast.sol(), accounts=accounts, source="list.csv", key=key)


def test_an_import_replaces_the_list_and_keeps_the_one_before(subsidised: World) -> None:
    """S-382."""
    assert imported(subsidised, "carl", "cora", "someone_else").number == 2
    sol = subsidised.cast.sol()
    with seated(sol):
        assert [(row.number, row.accounts) for row in queries.whitelists(sol)] == [(2, 3), (1, 2)]
        assert queries.whitelist_accounts(sol, 2).rows == ("carl", "cora", "someone_else")
        assert queries.whitelist_accounts(sol, 2, "co").rows == ("cora",)
    assert subsidised.event("whitelist.imported")["number"] == 2


def test_a_customer_that_is_not_on_the_list_gets_nothing(subsidised: World, refuses: Any) -> None:
    """S-382."""
    imported(subsidised, "cora")
    with refuses("S-382"):
        subsidised.issue(subsidised.cast.carl)
    subsidised.issue(subsidised.cast.cora)
    imported(subsidised, "carl")
    subsidised.issue(subsidised.cast.carl)


def test_without_a_list_nobody_gets_anything(world: World, refuses: Any) -> None:
    """S-382."""
    world.becomes_subsidy(world.cast.sol)
    with refuses("S-382"):
        world.issue()


def test_every_line_that_is_wrong_is_named_at_once(subsidised: World, refuses: Any) -> None:
    """S-382."""
    with refuses("S-382") as told:
        imported(subsidised, "carl", "two words", "carl", "")
    assert [(each.subject, each.code) for each in told[0].outcomes] == [
        (2, "account_malformed"),
        (3, "account_twice"),
        (4, "account_malformed"),
    ]
    with refuses("S-382"):
        imported(subsidised)


def test_only_subsidy_partners_keep_a_list(world: World, refuses: Any) -> None:
    """S-382."""
    with refuses("S-382"):
        imported(world, "carl")
    with refuses(error=NotAllowed):
        actions.import_whitelist(world.cast.carl(), accounts=["carl"])


def test_the_same_key_imports_once(subsidised: World, refuses: Any) -> None:
    assert imported(subsidised, "carl", key="k") == imported(subsidised, "carl", key="k")
    with refuses(error=Conflict):
        imported(subsidised, "cora", key="k")


def test_strangers_see_no_list(subsidised: World, stranger_sql: Any) -> None:
    for stranger in subsidised.cast.strangers:
        actor = stranger()
        with seated(actor):
            assert queries.whitelists(actor) == ()
            with pytest.raises(NotFound):
                queries.whitelist_accounts(actor, 1)
        assert stranger_sql("SELECT 1 FROM vouchers_whitelistentry", stranger.id) == []
        assert stranger_sql("SELECT 1 FROM vouchers_whitelistversion", stranger.id) == []
