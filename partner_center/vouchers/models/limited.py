"""What tables of quota and vouchers have in common: their limits, and columns of codes and states."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partner_center.vouchers.rules import VOUCHER_KIND


def in_states(field: str, states: tuple[str, ...]) -> models.Q:
    return models.Q(**{f"{field}__in": states})


def codes() -> Any:
    return ArrayField(models.CharField(max_length=64), default=list, blank=True)


def _more_codes() -> Any:
    return ArrayField(models.CharField(max_length=64), default=list, db_default=[], blank=True)


def _share(whole: int) -> Any:
    return models.DecimalField(max_digits=5, decimal_places=4, default=Decimal(whole), db_default=Decimal(whole))


class Limited(models.Model):
    """The limits of a quota or voucher, by the names of `Scope`, and what of its kind goes with it. Rules: S-395."""

    kind = models.PositiveSmallIntegerField(default=VOUCHER_KIND, db_default=VOUCHER_KIND)
    counts_as_performance = models.BooleanField(default=False, db_default=False)
    service_types = codes()
    product_codes = codes()
    service_types_excluded = _more_codes()
    order_types = _more_codes()
    regions = _more_codes()
    billing_modes = _more_codes()
    enterprise_projects = _more_codes()
    with_discounts = models.BooleanField(default=True, db_default=True)
    min_discount = _share(0)
    use_ratio = _share(1)

    class Meta:
        abstract = True
