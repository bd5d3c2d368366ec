"""Policy packs: every value says where it comes from."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from partner_center.policy import queries
from partner_center.policy.rules import UnknownValue, in_force, read_pack

AT = datetime(2026, 6, 1, tzinfo=UTC)
DOCUMENTED = re.compile(r"^(S-\d+|L-\d+|C-\d+|CBC\.\d+)$")
ALL = [(pack, value) for site in queries.sites() for pack in queries.packs(site) for value in pack.values.values()]
TEXT = """
[pack]
site = "cloud-cn"
version = "{version}"
effective_from = {start}
currency = "CNY"
language = "zh"
timezone = "Asia/Shanghai"
models = ["consulting"]
[vouchers]
most = {{ value = {most}, assumed = true, source = "" }}
"""
OLD = read_pack(TEXT.format(version="2025-1", start="2025-01-01T00:00:00+08:00", most=5))
NEW = read_pack(TEXT.format(version="2026-1", start="2026-01-01T00:00:00+08:00", most=10))


@pytest.mark.parametrize(("pack", "value"), ALL, ids=lambda each: getattr(each, "name", getattr(each, "site", "")))
def test_a_value_without_a_documented_source_is_an_assumption(pack, value):
    assert value.source, f"{value.name} of {pack.site} names no source"
    assert value.assumed == (not DOCUMENTED.match(value.source))


def test_the_sites_decide_the_same_things():
    assert queries.sites() == ("cloud-cn", "cloud-intl")
    china, abroad = (queries.pack(site, AT) for site in queries.sites())
    assert set(china.values) == set(abroad.values)


def test_only_china_has_the_consulting_model():
    assert queries.pack("cloud-cn", AT).models == ("consulting", "resale")
    assert queries.pack("cloud-intl", AT).models == ("resale",)


def test_a_site_has_its_currency_and_time_zone():
    assert [queries.pack(site, AT).currency for site in queries.sites()] == ["CNY", "USD"]
    assert queries.pack("cloud-cn", AT).zone.key == "Asia/Shanghai"


def test_a_value_tells_its_name_version_and_source():
    value = queries.pack("cloud-cn", AT).value("vouchers.most_customers_console")
    assert (value.value, value.assumed, value.source) == (10, False, "S-372")
    assert (value.name, value.version) == ("vouchers.most_customers_console", "2026-1")
    assert queries.pack("cloud-cn", AT).value("vouchers.most_customers_api").assumed


def test_an_unknown_value_and_an_unknown_site_are_errors():
    with pytest.raises(UnknownValue):
        queries.pack("cloud-cn", AT).value("vouchers.colour")
    with pytest.raises(queries.NoPack):
        queries.pack("cloud-moon", AT)


def test_the_past_replays_with_the_version_of_its_time():
    assert in_force([NEW, OLD], NEW.effective_from).version == "2026-1"
    assert in_force([NEW, OLD], NEW.effective_from - timedelta(seconds=1)).version == "2025-1"
    assert in_force([NEW, OLD], OLD.effective_from - timedelta(days=400)).version == "2025-1"
