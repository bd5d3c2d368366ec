"""Export on each list, the question, the record of exports, and the file. Rules: S-254, S-412, S-581, S-904."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from partner_center.access import actions as access
from partner_center.entrypoints.jobs import exporting
from partner_center.exports import queries
from partner_center.fence.seat import seated
from tests.entrypoints.web.vouchers.conftest import page_of, value_of

EXPORTS = "/exports/"
LISTS = [
    ("sol", "/vouchers/issued/?state=usable", "vouchers"),
    ("sol", "/vouchers/records/?type=1", "voucher_records"),
    ("dario", "/vouchers/records/?kind=quota", "quota_records"),
    ("sol", "/vouchers/quotas/?state=normal", "quotas"),
    ("dario", "/vouchers/issued-quotas/", "issued_quotas"),
    ("sol", "/customers/?type=1", "customers"),
    ("sol", "/audit/?name=voucher", "audit"),
    ("vera", "/vendor/quotas/?state=normal", "vendor_quotas"),
    ("vera", "/audit/", "audit"),
]


@pytest.fixture(autouse=True)
def kept_in(tmp_path: Path, settings: Any) -> Path:
    at = tmp_path / "kept"
    settings.STORAGES = settings.STORAGES | {"exports": settings.STORAGES["exports"] | {"OPTIONS": {"location": at}}}
    settings.EXPORTS_AT_WORK = tmp_path / "at-work"
    return at


def new(kind: str, narrowed: str = "") -> str:
    return f"/exports/new/{kind}/{narrowed}"


def sent(client: Any, kind: str, narrowed: str = "", **more: str) -> Any:
    asked = client.get(new(kind, narrowed))
    assert asked.status_code == 200, page_of(asked)
    typed = {"key": value_of(asked, "key"), "asked": value_of(asked, "asked"), "masked": "yes", "file_format": "csv"}
    return client.post(new(kind, narrowed), typed | more)


def latest(world: Any, who: str = "sol") -> queries.ExportRow:
    actor = getattr(world.cast, who)(at=timezone.now())
    with seated(actor):
        return queries.exports(actor).rows[0]


@pytest.mark.parametrize(("who", "address", "kind"), LISTS)
def test_each_list_has_its_export_as_narrowed_as_it_is(
    world: Any, open_as: Any, who: str, address: str, kind: str
) -> None:
    client = open_as(getattr(world.cast, who))
    narrowed = f"?{address.partition('?')[2]}" if "?" in address else ""
    assert f'href="{new(kind, narrowed)}"' in client.get(address).content.decode()
    answer = sent(client, kind, narrowed)
    assert answer.status_code == 303, page_of(answer)
    row = latest(world, who)
    assert (row.kind, row.masked, row.state) == (kind, True, "queued") and row.expected_rows > 0
    exporting.make(row.id)
    done = latest(world, who)
    assert (done.state, done.rows) == ("done", row.expected_rows) or kind == "audit"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("客户名称或代金券编号：卡尔", "名称与联系方式", "目前 1 行")),
        ("en", ("Customer or voucher number: 卡尔", "1 as of now")),
    ],
)
def test_the_question_says_what_becomes_a_file(world: Any, open_as: Any, language: str, words: Any) -> None:
    page = page_of(open_as(world.cast.sol, language).get(new("vouchers", "?q=卡尔")))
    for each in (*words, "S-254", "S-412"):
        assert each in page


def test_the_record_shows_its_way_from_waiting_to_done(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    assert "还没有导出" in page_of(sol.get(EXPORTS))
    sent(sol, "vouchers", "?state=usable")
    waiting = sol.get(EXPORTS)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    for each in ("排队中", "状态：可使用", "≈ 2", "重新导出"):
        assert each in page_of(waiting)
    exporting.make(latest(world).id)
    done = sol.get(EXPORTS)
    assert 'hx-trigger="every 2s"' not in done.content.decode()
    for each in ("已完成", "下载", "已脱敏"):
        assert each in page_of(done)
    assert f'href="{new("vouchers", "?state=usable")}"' in done.content.decode()


def test_the_file_is_saved_never_shown_and_kept_by_nobody(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    sent(sol, "vouchers")
    row = latest(world)
    exporting.make(row.id)
    answer = sol.get(f"{EXPORTS}{row.id}/file/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="vouchers-')
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    text = b"".join(answer.streaming_content).decode()
    assert "卡尔制造" not in text and world.numbers[0] in text
    assert "下载导出文件" in page_of(sol.get("/audit/?name=export"))


def test_a_stranger_and_who_lacks_the_permission_get_no_file(world: Any, open_as: Any, manager: Any) -> None:
    sent(open_as(world.cast.sol), "vouchers")
    row = latest(world)
    exporting.make(row.id)
    address = f"{EXPORTS}{row.id}/file/"
    for stranger in (world.cast.strange_provider, world.cast.dario, world.cast.vera):
        assert open_as(stranger).get(address).status_code == 404
    assert open_as(world.cast.carl).get(address).status_code == 403
    answer = open_as(manager).get(address)
    assert answer.status_code == 403 and "BPC_ITEM_SUBCUSTSERV_030102" in page_of(answer)


def test_a_form_sent_twice_is_one_export(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    asked = sol.get(new("quotas"))
    typed = {"key": value_of(asked, "key"), "asked": value_of(asked, "asked"), "masked": "yes", "file_format": "xlsx"}
    for _ in range(2):
        assert sol.post(new("quotas"), typed).status_code == 303
    with seated(world.cast.sol()):
        assert queries.exports_count(world.cast.sol()) == 1


@pytest.mark.parametrize(
    ("language", "remedy"), [("zh", "等其中一个完成后再导出"), ("en", "Wait until one of them is done")]
)
def test_too_many_at_once_are_refused_with_the_rule(world: Any, open_as: Any, language: str, remedy: str) -> None:
    sol = open_as(world.cast.sol, language)
    for _ in range(3):
        sent(sol, "vouchers")
    answer = sent(sol, "vouchers")
    assert answer.status_code == 422
    assert remedy in page_of(answer) and "S-254" in page_of(answer)


def test_customers_are_exported_by_the_administrator_alone(world: Any, open_as: Any) -> None:
    fay = open_as(world.cast.fay)
    assert new("customers") not in fay.get("/customers/").content.decode()
    answer = fay.get(new("customers"))
    assert answer.status_code == 403 and "导出客户" in page_of(answer)


def test_who_may_not_unmask_is_not_asked_and_cannot(world: Any, open_as: Any) -> None:
    fay = open_as(world.cast.fay)
    assert 'value="no"' not in fay.get(new("vouchers")).content.decode()
    assert sent(fay, "vouchers", masked="no").status_code == 403


def test_unmasked_wants_a_code_where_the_account_does(world: Any, open_as: Any) -> None:
    access.switch_verification(world.cast.sol(), on=True)
    sol = open_as(world.cast.sol)
    answer = sent(sol, "vouchers", masked="no")
    assert answer.status_code == 422 and "S-562" in page_of(answer)
    assert sent(sol, "vouchers").status_code == 303


@pytest.mark.parametrize(
    "typed", [{}, {"asked": "x"}, {"asked": "x", "key": "k", "masked": "maybe", "file_format": "exe"}]
)
def test_a_question_that_was_not_ours_is_none(world: Any, open_as: Any, typed: dict[str, str]) -> None:
    sol = open_as(world.cast.sol)
    assert sol.post(new("vouchers"), typed).status_code == 404
    assert sol.get(new("passwords")).status_code == 404
    other = value_of(sol.get(new("quotas")), "asked")
    assert sol.post(new("vouchers"), {"asked": other}).status_code == 404


def test_what_was_not_chosen_is_said_at_the_form(world: Any, open_as: Any) -> None:
    answer = sent(open_as(world.cast.sol), "vouchers", masked="maybe", file_format="exe")
    assert answer.status_code == 422


def test_the_record_asks_as_often_for_twenty_as_for_one(world: Any, open_as: Any, cost: Any) -> None:
    sol = open_as(world.cast.sol)
    sent(sol, "vouchers")
    one = cost(sol, EXPORTS)
    exporting.make(latest(world).id)
    for _ in range(10):
        sent(sol, "vouchers")
        exporting.make(latest(world).id)
    assert cost(sol, EXPORTS) == one <= 13
