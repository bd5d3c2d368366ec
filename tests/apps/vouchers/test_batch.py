"""Vouchers issued from a file: looked at, issued, carried on with, undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from partner_center.access import actions as access
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound
from partner_center.ledger.models import Entry, Transfer
from partner_center.ledger.verify import verify
from partner_center.vouchers import actions, queries
from partner_center.vouchers.models import IssueBatch, IssueBatchRow, VoucherRecord
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.rules import Cells
from tests.apps.vouchers.conftest import DAY, World, cny, counted

GOOD = ("carl", "100")


def rows(*cells: tuple[str, ...]) -> list[queries.RowIn]:
    return [queries.RowIn(number, Cells(*each)) for number, each in enumerate(cells, 2)]


def upload(world: World, *cells: tuple[str, ...], **changes: Any) -> Any:
    terms: dict[str, Any] = {"quota_id": world.sols, "rows": rows(*cells), "file_name": "q4.xlsx", **changes}
    return actions.upload_batch(terms.pop("by", world.cast.sol()), **terms)


def issue(world: World, *cells: tuple[str, ...], **changes: Any) -> Any:
    """Uploaded and issued; a long file is not carried on with yet."""
    found = upload(world, *cells)
    return actions.issue_batch(world.cast.sol(), batch_id=found.batch_id, **changes)


def work_off(world: World, limit: int = 2, days: int = 0) -> int:
    """What the worker does: chunks until nothing is left."""
    system = system_actor("tests: the worker", world.cast.at + days * DAY)
    total = 0
    with seated(system):
        running = queries.batches_to_carry_on(system)
    for batch in running:
        while done := actions.carry_on(system, batch_id=batch, limit=limit):
            total += done
    return total


def lines(world: World, batch: Any, **asked: Any) -> tuple[queries.BatchLine, ...]:
    with seated(world.cast.sol()):
        return queries.batch_lines(world.cast.sol(), batch.batch_id, **asked)


def states(world: World, batch: Any) -> list[str]:
    return [each.state for each in lines(world, batch)]


def broken(world: World, batch: Any, number: int) -> set[tuple[str, str]]:
    found = {each.number: each for each in lines(world, batch)}
    return {(each.id, each.field) for each in found[number].problems}


def detail(world: World, batch: Any) -> queries.BatchRow:
    with seated(world.cast.sol()):
        return queries.batch_detail(world.cast.sol(), batch.batch_id)


# Looking at it -------------------------------------------------------------------------------------------------------


def test_a_look_at_a_file_is_the_issue_itself_rolled_back(world: World) -> None:
    """S-370, S-371: each row has one status; no voucher, no value, no event of an issue is left."""
    before = counted()
    found = upload(world, GOOD, ("nobody", "100"), ("cora", "1,000.50"))
    after = counted()
    assert {name: after[name] - before[name] for name in ("vouchers_voucher", "ledger_transfer", "ledger_entry")} == {
        "vouchers_voucher": 0,
        "ledger_transfer": 0,
        "ledger_entry": 0,
    }
    assert states(world, found) == ["ready", "refused", "refused"]
    assert broken(world, found, 3) == {("S-370", "customer_ids")}
    assert broken(world, found, 4) == {("S-377", "face_value")}
    assert (found.state, found.rows, found.bad, found.total) == ("checked", 3, 2, cny("100"))
    with seated(world.cast.vera()):
        names = set(Event.objects.filter(subject_id=found.batch_id).values_list("name", flat=True))
    assert names == {"voucher_batch.uploaded"}


def test_a_file_looked_at_again_says_what_is_true_by_then(world: World) -> None:
    """What is left goes to the rows that come first."""
    found = upload(world, ("carl", "600"), ("cora", "400"))
    world.issue(face="500")
    again = actions.check_batch(world.cast.sol(), batch_id=found.batch_id)
    assert states(world, found) == ["refused", "ready"]
    assert (again.bad, again.total) == (1, cny("400"))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("", "100"), {("S-371", "customer")}),
        (("carl", "12.345"), {("S-371", "face_value")}),
        (("carl", "1.234,50"), {("S-371", "face_value")}),
        (("carl", ""), {("S-371", "face_value")}),
        (("carl", "0"), {("S-902", "face_value")}),
        (("carl", "-5"), {("S-902", "face_value")}),
        (("carl", "100000001"), {("S-371", "face_value")}),
        (("carl", "10", "x"), {("S-371", "min_order_amount")}),
        (("carl", "10", "-1"), {("S-371", "min_order_amount")}),
        (("carl", "10", "", "soon"), {("S-373", "starts_at")}),
        (("carl", "10", "", "", "2026-02-30"), {("S-373", "ends_at")}),
        (("carl", "10", "", "", "2199-01-01"), {("S-373", "ends_at")}),
        (("carl", "10", "", "", "2026-06-14"), {("S-373", "ends_at")}),
        (("carl", "10", "", "", "", "x" * 201), {("S-371", "remark")}),
        (("stranger-c", "10"), {("S-370", "customer_ids")}),
        (("nobody", "x", "y"), {("S-370", "customer_ids"), ("S-371", "face_value"), ("S-371", "min_order_amount")}),
    ],
)
def test_a_bad_row_names_every_rule_and_its_field(
    world: World, cells: tuple[str, ...], told: set[tuple[str, str]]
) -> None:
    """S-370, S-371, S-373, S-902; the other rows get theirs."""
    found = upload(world, cells, GOOD)
    assert broken(world, found, 2) == told
    assert states(world, found) == ["refused", "ready"]


@pytest.mark.parametrize(
    ("face", "minor"), [("１２３．５", 12_350), (" 1,000 ", 100_000), ("¥ 99.9", 9_990), ("￥１，０００", 100_000)]
)
def test_amounts_are_read_as_people_write_them(world: World, face: str, minor: int) -> None:
    (line,) = lines(world, upload(world, ("carl", face)))
    assert line.face is not None and line.face.minor == minor


def test_days_are_the_sites_and_close_at_midnight(world: World) -> None:
    """S-373, S-903: a day by itself, the quota's own days, an instant in ISO 8601."""
    given = [("carl", "1", "", "2026/06/20", "2026年7月1日"), ("carl", "1", "", "2026-06-14", "2026-08-14")]
    batch = issue(world, *given, ("carl", "1", "", "2026-06-20T10:00", "2026-07-01T00:00:00Z"))
    windows = [world.voucher(each.voucher_id).window for each in lines(world, batch) if each.voucher_id]
    told = [(w.start.isoformat()[:16], w.end.isoformat()[:16]) for w in windows]
    quota = world.window()
    assert told == [
        ("2026-06-19T16:00", "2026-07-01T16:00"),
        (quota.start.isoformat()[:16], quota.end.isoformat()[:16]),
        ("2026-06-20T02:00", "2026-07-01T00:00"),
    ]


def test_a_customer_is_named_by_account_or_by_the_number_that_lists_show(world: World) -> None:
    carl = world.cast.carl.id
    batch = upload(world, ("carl", "1"), (carl.hex, "1"), (str(carl).upper(), "1"))
    assert [each.customer.id for each in lines(world, batch) if each.customer] == [carl] * 3


def test_a_customer_named_twice_is_a_warning(world: World) -> None:
    """S-372: both vouchers are issued; the second row says so beforehand."""
    found = upload(world, GOOD, GOOD, ("cora", "5"), ("carl", "x"))
    assert [[each.id for each in line.warnings] for line in lines(world, found)] == [[], ["S-372"], [], []]
    assert detail(world, found).warned == 1
    assert [each.number for each in lines(world, found, status="warned")] == [3]


def test_a_file_is_refused_whole_where_the_quota_is_closed(world: World, refuses: Any) -> None:
    """S-362, S-374: nothing of it is kept."""
    with refuses("S-374"):
        upload(world, GOOD, service_types=["no-such-type"])
    actions.freeze(world.cast.vera(), quota_id=world.sols, reason="audit")
    with refuses("S-362"):
        upload(world, GOOD)


# Issuing -------------------------------------------------------------------------------------------------------------


def test_good_rows_are_issued_and_bad_ones_named(world: World) -> None:
    """S-371, S-410: one transfer; each row's own face, minimum, days and remark; the log names the file."""
    batch = issue(
        world, ("carl", "100", "300", "", "2026-07-01", "a"), ("nobody", "5"), ("cora", "50.5", "", "", "", "b")
    )
    assert (batch.state, batch.issued, batch.bad, batch.total) == ("issued", 2, 1, cny("150.50"))
    assert states(world, batch) == ["issued", "refused", "issued"]
    first, _, third = lines(world, batch)
    assert first.voucher_id and third.voucher_id
    one, other = world.voucher(first.voucher_id), world.voucher(third.voucher_id)
    assert (one.face, one.min_order, one.balance) == (cny("100"), cny("300"), cny("100"))
    assert (other.face, other.min_order, other.window) == (cny("50.50"), cny("0"), world.window())
    with seated(world.cast.vera()):
        (transfer,) = Transfer.objects.filter(kind="voucher.issue")
        assert transfer.entry_count == 3
        told = VoucherRecord.objects.order_by("amount_minor").values_list("amount_minor", "remark", "batch_id")
        assert list(told) == [(5_050, "b", batch.batch_id), (10_000, "a", batch.batch_id)]
    found = world.sum(world.sols)
    assert (found.free, found.outstanding, found.closes) == (cny("849.50"), cny("150.50"), True)


def test_a_file_issued_twice_is_issued_once(world: World) -> None:
    """S-901: the same key, and another key."""
    found = upload(world, GOOD)
    first = actions.issue_batch(world.cast.sol(), batch_id=found.batch_id, key="k")
    before = counted()
    assert actions.issue_batch(world.cast.sol(), batch_id=found.batch_id, key="k") == first
    with pytest.raises(Conflict):
        actions.issue_batch(world.cast.sol(), batch_id=found.batch_id, key="another")
    assert counted() == before


def test_a_file_without_a_good_row_is_not_issued(world: World, refuses: Any) -> None:
    found = upload(world, ("nobody", "1"), ("carl", "x"))
    with refuses("S-370", "S-371"):
        actions.issue_batch(world.cast.sol(), batch_id=found.batch_id)
    assert detail(world, found).state == "checked"


def test_what_stands_in_every_rows_way_is_said_once(world: World, refuses: Any) -> None:
    found = upload(world, GOOD, ("nobody", "1"))
    actions.freeze(world.cast.vera(), quota_id=world.sols, reason="audit")
    with refuses("S-362"):
        actions.issue_batch(world.cast.sol(), batch_id=found.batch_id)


def test_issuing_a_file_asks_for_a_code_where_the_account_wants_one(world: World, refuses: Any) -> None:
    """S-378."""
    found = upload(world, GOOD)
    guarded = world.cast.sol(guarded=True)
    with refuses("S-562"):
        actions.issue_batch(guarded, batch_id=found.batch_id)
    issued = actions.issue_batch(world.cast.sol(), batch_id=found.batch_id)
    with refuses("S-562"):
        actions.undo_batch(guarded, batch_id=issued.batch_id)


def test_a_file_given_up_is_not_issued(world: World) -> None:
    found = upload(world, GOOD)
    assert actions.discard_batch(world.cast.sol(), batch_id=found.batch_id).state == "discarded"
    with pytest.raises(Conflict):
        actions.issue_batch(world.cast.sol(), batch_id=found.batch_id)


def test_who_may_not_issue_may_not_upload(world: World) -> None:
    with pytest.raises(NotAllowed):
        upload(world, GOOD, by=world.cast.carl())


@pytest.mark.parametrize("verb", [actions.issue_batch, actions.check_batch, actions.discard_batch, actions.undo_batch])
def test_the_stranger_finds_no_file(world: World, verb: Any) -> None:
    found = upload(world, GOOD)
    with pytest.raises(NotFound):
        verb(world.cast.strange_provider(), batch_id=found.batch_id)


def test_the_stranger_sees_no_file_and_the_distributor_no_rows(world: World, stranger_sql: Any) -> None:
    child = world.pass_on("300")
    upload(world, ("rita", "5"), quota_id=child, by=world.cast.rhea())
    assert stranger_sql("SELECT id FROM vouchers_issuebatch", world.cast.strange_reseller.id) == []
    assert len(stranger_sql("SELECT id FROM vouchers_issuebatch", world.cast.dario.id)) == 1
    assert stranger_sql("SELECT id FROM vouchers_issuebatchrow", world.cast.dario.id) == []
    with seated(world.cast.dario()):
        assert queries.batches(world.cast.dario(), queries.BatchFilter()).rows == ()


# Long files ----------------------------------------------------------------------------------------------------------

LONG = [("carl", "100"), ("cora", "50"), ("nobody", "1"), ("carl", "20"), ("cora", "30")]


def test_a_long_file_takes_its_total_first_and_is_worked_off_in_chunks(world: World) -> None:
    """S-366: the sum closes at each step; what is held counts as outstanding."""
    batch = issue(world, *LONG, at_once=3)
    assert (batch.state, batch.issued, batch.total) == ("issuing", 0, cny("200"))
    system = system_actor("tests: the worker", world.cast.at)
    for issued in (2, 4):
        found = world.sum(world.sols)
        assert (found.free, found.outstanding, found.closes) == (cny("800"), cny("200"), True)
        assert actions.carry_on(system, batch_id=batch.batch_id, limit=2) == 2
        assert detail(world, batch).issued == issued
    assert detail(world, batch).state == "issued"
    assert actions.carry_on(system, batch_id=batch.batch_id, limit=2) == 0
    found = world.sum(world.sols)
    assert (found.outstanding, found.closes) == (cny("200"), True)
    assert [each.named_before for each in _kept(world, batch)] == [None, None, None, 2, 3]
    with seated(world.cast.vera()):
        kinds = list(Transfer.objects.filter(kind__startswith="voucher.").order_by("id").values_list("kind", flat=True))
        assert kinds == ["voucher.batch_hold", "voucher.batch_issue", "voucher.batch_issue"]
        by = set(Event.objects.filter(name="voucher.issued").values_list("user_id", "partner_id"))
    assert by == {(world.cast.sol.user_id, world.cast.sol.id)}
    assert verify(system, [], None) == ()


def _kept(world: World, batch: Any) -> list[IssueBatchRow]:
    with seated(world.cast.vera()):
        return list(IssueBatchRow.objects.filter(batch_id=batch.batch_id).order_by("number"))


def test_a_look_at_a_long_file_goes_through_its_chunks(world: World) -> None:
    found = upload(world, *LONG)
    before = counted()
    actions.check_batch(world.cast.sol(), batch_id=found.batch_id, at_once=2)
    assert counted()["ledger_entry"] == before["ledger_entry"]
    assert states(world, found) == ["ready", "ready", "refused", "ready", "ready"]


def test_a_freeze_stops_the_rows_that_are_left_and_their_value_goes_home(world: World) -> None:
    """S-362, S-402."""
    batch = issue(world, *LONG, at_once=3)
    system = system_actor("tests: the worker", world.cast.at)
    actions.carry_on(system, batch_id=batch.batch_id, limit=2)
    actions.freeze(world.cast.vera(), quota_id=world.sols, reason="audit")
    work_off(world)
    found = detail(world, batch)
    assert (found.state, found.issued, found.bad, found.total) == ("issued", 2, 3, cny("150"))
    assert states(world, batch) == ["issued", "issued", "refused", "refused", "refused"]
    assert broken(world, batch, 5) == {("S-362", "quota_id")}
    sum_ = world.sum(world.sols)
    assert (sum_.free, sum_.outstanding, sum_.closes) == (cny("850"), cny("150"), True)


def test_what_a_file_holds_of_a_quota_that_is_over_is_lost(world: World) -> None:
    """S-402: lapsing leaves it to the file; the file brings it home, and home is lost."""
    batch = issue(world, *LONG, at_once=3)
    over = system_actor("S-401: what has ended", world.cast.at + 70 * DAY)
    actions.lapse_due(over)
    sum_ = world.sum(world.sols)
    assert (sum_.lost, sum_.outstanding, sum_.closes) == (cny("800"), cny("200"), True)
    work_off(world, days=70)
    sum_ = world.sum(world.sols)
    assert (sum_.lost, sum_.outstanding, sum_.closes) == (cny("1000"), cny("0"), True)
    assert detail(world, batch).issued == 0


def test_what_a_file_holds_of_a_quota_taken_back_goes_on_to_the_distributors(world: World) -> None:
    """S-402."""
    child = world.pass_on("300")
    found = upload(world, ("rita", "10"), ("rita", "20"), quota_id=child, by=world.cast.rhea())
    actions.issue_batch(world.cast.rhea(), batch_id=found.batch_id, at_once=1)
    actions.reclaim_quota(world.cast.dario(), quota_id=child)
    assert world.sum(child).outstanding == cny("30") and world.sum(child).closes
    work_off(world)
    sum_, above = world.sum(child), world.sum(world.darios)
    assert (sum_.given_back, sum_.outstanding, sum_.closes) == (cny("300"), cny("0"), True)
    assert (above.free, above.closes) == (cny("1000"), True)


def test_a_customer_that_left_gets_nothing_more_of_a_long_file(world: World) -> None:
    """S-370."""
    from partner_center.relationships.actions import disassociate

    batch = issue(world, ("carl", "100"), ("cora", "50"), at_once=1)
    disassociate(world.cast.sol(), customer_id=world.cast.carl.id, reason="they asked")
    work_off(world)
    assert states(world, batch) == ["refused", "issued"]
    sum_ = world.sum(world.sols)
    assert (sum_.free, sum_.closes) == (cny("950"), True)


def test_only_the_system_carries_on(world: World) -> None:
    batch = issue(world, *LONG, at_once=3)
    with pytest.raises(NotAllowed):
        actions.carry_on(world.cast.sol(), batch_id=batch.batch_id)


# Undoing -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at_once", [10, 2])
def test_an_untouched_file_is_undone_in_one_go(world: World, at_once: int) -> None:
    """S-399, S-402, S-410: everything is back in the quota."""
    batch = issue(world, *LONG, at_once=at_once)
    work_off(world)
    with seated(world.cast.vera()):
        before = Transfer.objects.count()
    undone = actions.undo_batch(world.cast.sol(), batch_id=batch.batch_id, key="u")
    assert actions.undo_batch(world.cast.sol(), batch_id=batch.batch_id, key="u") == undone
    assert undone.state == "undone"
    assert states(world, batch) == ["undone", "undone", "refused", "undone", "undone"]
    found = world.sum(world.sols)
    assert (found.free, found.outstanding, found.closes) == (cny("1000"), cny("0"), True)
    with seated(world.cast.vera()):
        assert Transfer.objects.count() == before + 1
        assert VoucherRecord.objects.filter(operation_type=2).count() == 4
        assert Entry.objects.filter(account_id=world.sols, amount_minor=20_000).exists()
    with pytest.raises(Conflict):
        actions.undo_batch(world.cast.sol(), batch_id=batch.batch_id, key="v")


def test_a_file_of_which_something_is_used_is_not_undone(world: World, refuses: Any) -> None:
    """S-399: the refusal says how many."""
    batch = issue(world, ("carl", "100"), ("cora", "50"))
    actions.authorise(
        world.cast.carl(), order_reference="o-1", lines=[OrderInput("ecs.s", cny("50"))], voucher_ids=None, api=True
    )
    with refuses("S-399") as caught:
        actions.undo_batch(world.cast.sol(), batch_id=batch.batch_id)
    (outcome,) = caught[0].outcomes
    assert (outcome.values["actual"], outcome.values["required"]) == (1, 2)


def test_a_files_transfers_are_not_reversed_by_two_persons_but_undone(world: World) -> None:
    batch = issue(world, *LONG, at_once=3)
    work_off(world)
    approver = access.add_member(world.cast.vera(), login="vito", display_name="vito", roles=["vendor_finance"])
    with seated(world.cast.vera()):
        transfers = list(Transfer.objects.filter(kind__startswith="voucher.batch").values_list("pk", flat=True))
    for transfer in transfers:
        with pytest.raises(Conflict, match="transfer_not_reversible"):
            actions.reverse(world.cast.vera(), transfer_id=transfer, reason="slip", approved_by=approver)
    assert detail(world, batch).state == "issued"


def test_what_is_kept_of_a_file_does_not_change_with_the_look(world: World) -> None:
    upload(world, GOOD)
    with seated(world.cast.vera()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_account WHERE kind = 'batch.hold'")
        assert cursor.fetchone()[0] == 0
        assert IssueBatch.objects.get().held_minor == 0
