"""Mass issue: template, upload, the look at each row, the decision, the result file, undoing."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from partner_center.access.actions import switch_verification
from partner_center.vouchers import actions, queries
from partner_center.vouchers.rules import Cells
from tests.entrypoints.web.vouchers.conftest import HTMX, page_of, value_of

HEAD = ["客户", "面值", "最小可用订单额", "生效日期", "截止日期", "备注"]


def address(world: Any, rest: str = "") -> str:
    return f"/vouchers/quotas/{world.sols}/mass-issue/{rest}"


def csv_of(*rows: str, head: str = ",".join(HEAD)) -> bytes:
    return "\r\n".join([head, *rows]).encode()


def send(client: Any, world: Any, content: bytes, name: str = "q4.csv", **terms: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(address(world), {"key": uuid4().hex, "file": file, **terms})


def table_of(response: Any) -> list[list[Any]]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def batch_of(world: Any, *cells: tuple[str, ...]) -> Any:
    rows = [queries.RowIn(number, Cells(*each)) for number, each in enumerate(cells, 2)]
    return actions.upload_batch(world.cast.sol.actor, quota_id=world.sols, rows=rows, file_name="q4.xlsx").batch_id


@pytest.mark.parametrize(("language", "head"), [("zh", "客户"), ("en", "Customer")])
def test_the_template_filled_in_is_taken(world: Any, open_as: Any, language: str, head: str) -> None:
    sol = open_as(world.cast.sol, language)
    got = sol.get(address(world, "template.xlsx"))
    assert got["Content-Type"].endswith("spreadsheetml.sheet")
    content = got.content
    assert table_of(got)[0][0] == head
    filled = io.BytesIO()
    with xlsxwriter.Workbook(filled, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, table_of(got)[0])
        sheet.write_row(1, 0, ["carl", 100.5])
    assert zipfile.is_zipfile(io.BytesIO(content))
    assert send(sol, world, filled.getvalue()).status_code == 303
    example = sol.get(address(world, "template.csv")).content
    page = page_of(sol.get(send(sol, world, example).url))
    assert "S-370" in page


def test_a_file_is_looked_at_then_issued_then_undone(world: Any, open_as: Any) -> None:
    sol, before = open_as(world.cast.sol, "en"), world.balance(world.sols)
    answer = send(sol, world, csv_of("carl,100", "nobody,5", 'cora,"1,000.50",,,,"=1+1"'))
    assert answer.status_code == 303
    page = page_of(sol.get(answer.url))
    assert "Checked, not issued" in page and "Issue 2 vouchers" in page and "¥1,100.50" in page
    assert "S-370" in page and "nobody" in page
    assert world.balance(world.sols) == before
    key = value_of(sol.get(answer.url), "key")
    issued = sol.post(answer.url, {"key": key})
    again = sol.post(answer.url, {"key": uuid4().hex})
    assert (issued.status_code, again.status_code) == (303, 303)
    assert world.balance(world.sols) == before - 1_100_50
    rows = table_of(sol.get(f"{answer.url}result.xlsx"))
    assert [row[7] for row in rows] == ["Status", "Voucher issued", "Not issued", "Voucher issued"]
    assert (rows[2][8], rows[3][6]) == ("S-370", "=1+1")
    listed = page_of(sol.get("/vouchers/batches/"))
    assert "q4.csv" in listed and "1,100.50" in listed
    undo = f"{answer.url}undo/"
    assert "Take back all 2 vouchers?" in page_of(sol.get(undo))
    done = sol.post(undo, {"key": uuid4().hex, "remark": "slip"})
    assert done.status_code == 303
    assert world.balance(world.sols) == before
    assert "Undone" in page_of(sol.get(answer.url))
    assert sol.post(undo, {"key": uuid4().hex}).status_code == 409


def test_no_cell_of_a_result_file_is_a_formula(world: Any, open_as: Any) -> None:
    cells = [(sign + "cmd", sign + "1", "", "", "", sign + "x") for sign in "=+-@"]
    sol = open_as(world.cast.sol)
    content = sol.get(f"/vouchers/batches/{batch_of(world, *cells)}/result.xlsx").content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[ >]", sheet) and "=cmd" in sheet
    assert set(re.findall(r'<c [^>]*t="(\w+)"', sheet)) <= {"inlineStr", "s"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件中没有数据行"),
        (b"%PDF-1.7\x00", "文件不是 xlsx 工作簿"),
        (csv_of("carl,1", head="账号,面值"), "表头与模板不一致"),
        (csv_of(), "文件中没有数据行"),
    ],
)
def test_a_bad_file_is_refused_with_what_to_do(world: Any, open_as: Any, content: bytes, says: str) -> None:
    sol, before = open_as(world.cast.sol), world.written()
    answer = send(sol, world, content)
    assert answer.status_code == 422
    assert says in page_of(answer)
    assert world.written() == before
    assert sol.post(address(world), {"key": uuid4().hex}).status_code == 422


def test_a_file_that_is_far_too_large_is_not_kept(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    answer = send(sol, world, b"x" * (33 * 2**20))
    assert answer.status_code == 422
    assert "文件超过 10 MB" in page_of(answer)


def test_a_quota_that_is_closed_refuses_the_file(world: Any, open_as: Any) -> None:
    actions.freeze(world.cast.vera.actor, quota_id=world.sols, reason="audit")
    answer = send(open_as(world.cast.sol, "en"), world, csv_of("carl,1"))
    assert answer.status_code == 422 and "S-362" in page_of(answer)


def test_issuing_asks_for_the_code_and_a_refusal_names_the_rule(world: Any, open_as: Any) -> None:
    """S-378."""
    switch_verification(world.cast.sol.actor, on=True)
    sol, batch = open_as(world.cast.sol, "en"), batch_of(world, ("carl", "1"))
    page = f"/vouchers/batches/{batch}/"
    assert "Send code" in page_of(sol.get(page))
    refused = sol.post(page, {"key": uuid4().hex, "code": "000000"})
    assert refused.status_code == 422 and "S-562" in page_of(refused)


def test_a_long_file_shows_how_far_it_is(world: Any, open_as: Any) -> None:
    sol, batch = open_as(world.cast.sol, "en"), batch_of(world, ("carl", "1"), ("cora", "2"), ("nobody", "3"))
    actions.issue_batch(world.cast.sol.actor, batch_id=batch, at_once=1)
    page = f"/vouchers/batches/{batch}/"
    assert "1 of 3 rows are worked off" in page_of(sol.get(page))
    part = sol.get(f"{page}progress/", **HTMX)
    assert "every 2s" in part.content.decode() and "HX-Refresh" not in part
    from partner_center.kernel.actor import system_actor

    actions.carry_on(system_actor("tests: a worker", world.now), batch_id=batch)
    assert sol.get(f"{page}progress/", **HTMX)["HX-Refresh"] == "true"
    assert "2 vouchers issued" in page_of(sol.get(page))


def test_rows_are_shown_by_status_and_paged(world: Any, open_as: Any, cost: Any) -> None:
    sol = open_as(world.cast.sol, "en")
    batch = batch_of(world, *[("carl", str(number)) for number in range(1, 61)], ("nobody", "1"))
    page = f"/vouchers/batches/{batch}/"
    assert "nobody" in page_of(sol.get(page)) and "59 worth a look" in page_of(sol.get(page))
    every = sol.get(f"{page}?status=all")
    following = re.search(r'href="([^"]*after=51[^"]*)"', every.content.decode())
    assert following
    assert "nobody" in page_of(sol.get(following.group(1).replace("&amp;", "&")))
    assert "nobody" not in page_of(sol.get(f"{page}?status=ready"))
    assert sol.get(f"{page}?status=x&after=y").status_code == 200
    assert max(cost(sol, page), cost(sol, f"{page}?status=all")) <= 25


def test_the_list_is_narrowed_and_its_cost_does_not_grow(world: Any, open_as: Any, cost: Any) -> None:
    sol = open_as(world.cast.sol, "en")
    assert "No mass issue yet" in page_of(sol.get("/vouchers/batches/"))
    batch_of(world, ("carl", "1"))
    one = cost(sol, "/vouchers/batches/")
    away = batch_of(world, ("carl", "1"))
    assert cost(sol, "/vouchers/batches/") == one <= 24
    assert sol.post(f"/vouchers/batches/{away}/discard/").status_code == 303
    assert sol.post(f"/vouchers/batches/{away}/check/").status_code == 409
    assert "1 on this page" in page_of(sol.get("/vouchers/batches/?state=discarded"))
    assert "1 on this page" in page_of(sol.get(f"/vouchers/batches/?quota={world.sols}&state=checked"))
    assert "No mass issue matches" in page_of(sol.get("/vouchers/batches/?q=nothing"))
    assert "No mass issue matches" in page_of(sol.get(f"/vouchers/batches/?quota={world.darios}"))


def test_the_record_and_the_quota_lead_to_the_file_and_events_stay_short(world: Any, open_as: Any) -> None:
    """S-410."""
    sol = open_as(world.cast.sol, "en")
    batch = batch_of(world, *[("carl", "1")] * 25)
    number = actions.issue_batch(world.cast.sol.actor, batch_id=batch).number
    assert page_of(sol.get("/vouchers/records/")).count(number) == 20
    assert "Mass issues 1" in page_of(sol.get(f"/vouchers/quotas/{world.sols}/"))
    audit = page_of(sol.get("/audit/"))
    assert "Mass issue done" in audit and "… 25" in audit


def test_the_stranger_finds_nothing(world: Any, open_as: Any) -> None:
    batch = batch_of(world, ("carl", "1"))
    stranger = open_as(world.cast.strange_provider)
    assert stranger.get(address(world)).status_code == 404
    for rest in ("", "progress/", "result.xlsx", "undo/"):
        assert stranger.get(f"/vouchers/batches/{batch}/{rest}").status_code == 404
    for rest in ("", "check/", "discard/", "undo/"):
        assert stranger.post(f"/vouchers/batches/{batch}/{rest}", {"key": "k"}).status_code == 404
    assert open_as(world.cast.carl).get(f"/vouchers/batches/{batch}/").status_code == 403
