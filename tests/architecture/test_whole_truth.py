"""Where the fence is opened, and for which question."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import Module, modules

STARTS = re.compile(r"^(sign-in|[A-Z]{1,2}-\d+)(: )\S")
# Every question that needs the whole truth. To add one is to say why a seat's own rows will not do.
QUESTIONS = {
    "access": {
        "S-573: a login name is one person's on all sites",
        "S-563: tries are counted before anybody is let in",
        "sign-in: the roles of who has just proved to be that user",
        "sign-in: whose session it is, before a seat is taken",
        "sign-in: whose login it is, before a seat is taken",
        "sign-in: whose access key it is, before a seat is taken",
        "sign-in: whose token it is, before a seat is taken",
    },
    "agreements": {
        "L-041: whether the company has signed",
        "L-039: which version the company signed before",
        "L-042: whether the company has declared",
    },
    "customers": {
        "S-141: whether the customer is associated with any partner",
        "S-112: an account name is one customer's",
    },
    "entrypoints.api": {"sign-in: the roles of the token's holder"},
    "entrypoints.cli": {"command line: the roles of the user it acts as"},
    "partners": {
        "L-006: which account is the main one of a company",
        "S-352: whose company an account is",
        "S-352: whether two accounts are one company's",
        "S-352: which company an account is, by its code",
        "S-142: whether a company is a partner",
        "L-005: whether the company has an account already",
        "S-004: which distributor a reseller belongs to",
        "S-004: whether a reseller cooperates, or cooperated, with any distributor",
    },
}


def uses() -> list[tuple[Module, ast.Call]]:
    return [(module, call) for module in modules() for call in module.calls("whole") if module.layer != "fence"]


def _owner(module: Module) -> str:
    """The app, or the entrypoint, that asks."""
    return f"entrypoints.{module.part}" if module.layer == "entrypoints" else module.layer


def test_every_use_of_the_whole_truth_is_listed() -> None:
    """Law: each `whole("…")` stands in this file's list, word for word; and each line of the list is used.

    Why: inside it every tenant's rows are visible, so the uses must be few enough to be read by a person. Instead of
    opening the fence read through `visible_to`; if a rule truly asks about others' rows, return a yes or an id.
    """
    found: dict[str, set[str]] = {}
    for module, call in uses():
        assert len(call.args) == 1 and isinstance(call.args[0], ast.Constant), f"{module.at(call)}: a literal reason"
        found.setdefault(_owner(module), set()).add(str(call.args[0].value))
    assert found == QUESTIONS


def test_every_reason_begins_with_a_rule() -> None:
    """Law: the reason begins with the id of the rule that asks, or with `sign-in`, when there is no seat yet.

    Why: a reason that no rule gives is convenience. Instead name the rule.
    """
    for module, call in uses():
        reason = str(getattr(call.args[0], "value", ""))
        assert STARTS.match(reason) or reason.startswith("command line: "), f"{module.at(call)}: {reason}"


def test_acting_as_the_system_names_its_rule() -> None:
    """Law: `actor.for_system(reason)` begins with a rule's id.

    Why: it writes rows of other parties, and the reason stands on the record of it. Instead act from the seat.
    """
    for module in modules():
        for call in module.calls("for_system"):
            if call.args and isinstance(call.args[0], ast.Constant):
                assert STARTS.match(str(call.args[0].value)), module.at(call)
