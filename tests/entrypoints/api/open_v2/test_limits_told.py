"""Limits on the wire: each that a quota or voucher may have has its row, and none is told that there is not."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

from partner_center.entrypoints.api.open_v2.limits import OF_SCOPE, limit_infos
from partner_center.vouchers.rules import Scope

LIMITED = Scope(
    service_types=frozenset({"rds", "ecs"}),
    product_codes=frozenset({"ecs.s"}),
    service_types_excluded=frozenset({"obs"}),
    order_types=frozenset({"renew"}),
    regions=frozenset({"cn-north-4"}),
    billing_modes=frozenset({"yearly"}),
    enterprise_projects=frozenset({"0"}),
    with_discounts=False,
    min_discount=Decimal("0.8000"),
    use_ratio=Decimal("0.50"),
)


def told(scope: Scope) -> dict[str, list[object]]:
    return {str(row["limit_key"]): [each["value1"] for each in row["limit_values"]] for row in limit_infos(scope)}  # type: ignore[attr-defined]


def test_every_part_of_a_scope_has_a_row() -> None:
    assert len(OF_SCOPE) == len(fields(Scope)) == len(told(LIMITED))


def test_values_are_told_in_order_and_shares_as_short_as_they_are() -> None:
    found = told(LIMITED)
    assert found["cloud_service_types"] == ["ecs", "rds"]
    assert (found["with_discounts"], found["min_discount"], found["use_ratio"]) == (["false"], ["0.8"], ["0.5"])


def test_what_is_not_limited_is_not_told() -> None:
    assert told(Scope()) == {}
    assert told(replace(Scope(), regions=frozenset({"cn-east-3"}))) == {"regions": ["cn-east-3"]}
