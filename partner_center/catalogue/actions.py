"""Writing the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.catalogue.models import Product, Region, ServiceType
from partner_center.kernel.actor import Actor
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money


@dataclass(frozen=True)
class NewServiceType:
    """A kind of service to be offered."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class NewProduct:
    """A product to be offered, with its list price."""

    code: str
    service_type: str
    zh: str
    en: str
    unit_price: Money
    marketplace: bool = False


@dataclass(frozen=True)
class NewRegion:
    """A region in which services are to be had."""

    code: str
    site: str
    zh: str
    en: str


@action
def publish(
    actor: Actor,
    *,
    service_types: Sequence[NewServiceType],
    products: Sequence[NewProduct],
    regions: Sequence[NewRegion] = (),
) -> UUID:
    """Offer kinds of service, products and regions, or offer known ones under new names and prices.

    Money:   unit_price, minor units; the list price from now on.
    Raises:  NotAllowed.
    Records: catalogue.published
    """
    require(actor, Can.VENDOR_PARTNER_MANAGE)
    ServiceType.objects.bulk_create(
        [ServiceType(code=each.code, zh=each.zh, en=each.en) for each in service_types],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["zh", "en"],
    )
    Product.objects.bulk_create(
        [_product(each) for each in products],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["service_type", "zh", "en", "unit_price_minor", "currency", "marketplace"],
    )
    Region.objects.bulk_create(
        [Region(code=each.code, site=each.site, zh=each.zh, en=each.en) for each in regions],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["site", "zh", "en"],
    )
    publication = new_id()
    record(
        actor,
        "catalogue.published",
        subject_kind="catalogue",
        subject_id=publication,
        service_types=len(service_types),
        products=len(products),
        regions=len(regions),
    )
    return publication


def _product(each: NewProduct) -> Product:
    return Product(
        code=each.code,
        service_type_id=each.service_type,
        zh=each.zh,
        en=each.en,
        unit_price_minor=each.unit_price.minor,
        currency=each.unit_price.currency,
        marketplace=each.marketplace,
    )
