"""The logs of vouchers and of quota, narrowed in each way, with their sums. Rules: S-379, S-412."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from partner_center.vouchers import actions
from tests.entrypoints.web.vouchers.conftest import cny, page_of

LOG = "/vouchers/records/"
OF_QUOTA = f"{LOG}?kind=quota"


@pytest.fixture
def issued(world: Any) -> Any:
    """Rhea has issued a voucher to Rita, out of the quota that Dario passed on."""
    return actions.issue(
        world.cast.rhea(), quota_id=world.rheas, customer_ids=[world.cast.rita.id], face_value=cny(7), remark="secret"
    ).vouchers[0]


@pytest.mark.parametrize(
    ("narrowed", "lines"),
    [
        ("customer=卡尔", 1),
        ("customer=carl", 1),
        ("customer=nobody", 0),
        ("type=1", 2),
        ("type=2", 0),
        ("type=99", 2),
        ("source=QT00000000", 0),
        ("from=2000-01-01&to=2999-12-31", 2),
        ("from=2999-01-01", 0),
        ("to=2000-01-01", 0),
        ("from=yesterday&to=0001-01-01", 2),
        ("days=7&customer=Cora", 1),
    ],
)
def test_the_log_of_vouchers_is_narrowed_by(world: Any, open_as: Any, narrowed: str, lines: int) -> None:
    page = page_of(open_as(world.cast.sol).get(f"{LOG}?{narrowed}"))
    assert (f"本页 {lines} 条" if lines else "没有符合条件的记录") in page


def test_the_log_of_vouchers_is_narrowed_by_the_source_of_the_quota(world: Any, open_as: Any, issued: Any) -> None:
    dario = open_as(world.cast.dario)
    found = f"{LOG}?reseller=海川&source={world.number(world.darios)}"
    assert issued.number in page_of(dario.get(found))
    assert issued.number not in page_of(dario.get(f"{LOG}?reseller=海川&source={world.number(world.sols)}"))


def test_a_distributor_reads_a_resellers_lines_without_the_remark(world: Any, open_as: Any, issued: Any) -> None:
    """Rules: S-376, S-412."""
    dario = open_as(world.cast.dario)
    assert issued.number not in page_of(dario.get(LOG))
    page = page_of(dario.get(f"{LOG}?reseller=Haichuan"))
    assert issued.number in page and "secret" not in page
    assert "没有符合条件的记录" in page_of(dario.get(f"{LOG}?reseller=陌路"))


def test_a_resellers_name_opens_nothing_to_a_stranger(world: Any, open_as: Any, issued: Any) -> None:
    stranger = open_as(world.cast.strange_distributor)
    for narrowed in ("reseller=海川", "customer=丽塔", f"q={issued.number}", f"source={world.number(world.darios)}"):
        assert issued.number not in page_of(stranger.get(f"{LOG}?{narrowed}"))


@pytest.mark.parametrize(
    ("narrowed", "lines"),
    [("reseller=海川", 1), ("reseller=陌路", 0), ("type=10", 1), ("type=11", 0), ("days=7", 1), ("to=2000-01-01", 0)],
)
def test_the_log_of_quota_is_narrowed_by(world: Any, open_as: Any, narrowed: str, lines: int) -> None:
    page = page_of(open_as(world.cast.dario).get(f"{OF_QUOTA}&{narrowed}"))
    assert (f"本页 {lines} 条" if lines else "没有符合条件的记录") in page


def test_the_log_of_quota_is_narrowed_by_number_source_and_operator(world: Any, open_as: Any) -> None:
    dario, whole = open_as(world.cast.dario), world.number(world.darios)
    assert "本页 1 条" in page_of(dario.get(f"{OF_QUOTA}&source={whole}&who={world.cast.dario.user_id}"))
    assert "本页 1 条" in page_of(dario.get(f"{OF_QUOTA}&q={world.number(world.rheas)}"))
    assert "没有符合条件的记录" in page_of(dario.get(f"{OF_QUOTA}&who={world.cast.fay.user_id}"))


def test_the_foot_says_what_all_lines_come_to(world: Any, open_as: Any) -> None:
    actions.reclaim(world.cast.sol(), voucher_ids=world.vouchers[:1])
    sol = open_as(world.cast.sol)
    assert "以上全部记录合计 −1,000.00" in page_of(sol.get(LOG))
    page = page_of(sol.get(f"{LOG}?type=2"))
    assert "以上全部记录合计 1,000.00" in page and "发放 2" in page and "手动回收 1" in page


def test_older_lines_are_behind_a_link(world: Any, open_as: Any) -> None:
    """Rules: S-379."""
    from partner_center.entrypoints.web.listing import Listing
    from partner_center.entrypoints.web.record_filters import of_quotas, of_vouchers

    actor = world.cast.sol()
    for asked in (of_vouchers, of_quotas):
        since, _ = asked(Listing(LOG, {}), actor).at
        assert since == actor.at - timedelta(days=730)
        assert asked(Listing(LOG, {"old": "1"}), actor).at == (None, None)
    sol = open_as(world.cast.sol)
    page = sol.get(f"{LOG}?type=1")
    assert "2 年以前的记录未列出" in page_of(page) and f'href="{LOG}?type=1&amp;old=1"' in page.content.decode()
    assert "更早的记录也已列出" in page_of(sol.get(f"{LOG}?old=1"))


def test_the_filters_are_two_selects_a_search_and_the_rest_folded(world: Any, open_as: Any) -> None:
    html = open_as(world.cast.dario).get(f"{LOG}?customer=x").content.decode()
    assert html.count('<label class="pc-select">') == 2 and html.count('type="search"') == 1
    assert '<details class="pc-more" open>' in html
    for name in ("from", "to", "source", "reseller", "customer"):
        assert f'name="{name}"' in html
    assert 'name="reseller"' not in open_as(world.cast.sol).get(LOG).content.decode()


def test_signs_that_no_text_holds_fail_no_list(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    for name in ("customer", "reseller", "source", "from", "who", "type", "days"):
        for value in ("%00", "%27", "%25_", "x" * 300, "٣"):
            assert sol.get(f"{LOG}?{name}={value}").status_code == 200
