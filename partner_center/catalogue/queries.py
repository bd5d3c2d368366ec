"""Reading the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from partner_center.catalogue.models import Product, Region, ServiceType
from partner_center.kernel.money import Money


@dataclass(frozen=True)
class ServiceTypeRow:
    """A kind of service with its names."""

    code: str
    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class ProductRow:
    """A product with its names and list price."""

    code: str
    service_type: str
    zh: str
    en: str
    unit_price: Money
    marketplace: bool

    def in_language(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class RegionRow:
    """A region with its names."""

    code: str
    site: str
    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def regions(site: str | None = None) -> tuple[RegionRow, ...]:
    """Every region, by code; of one site where one is named."""
    rows = Region.objects.order_by("code")
    found = (rows.filter(site=site) if site else rows).values("code", "site", "zh", "en")
    return tuple(RegionRow(**row) for row in found)


def known_regions(codes: Iterable[str]) -> frozenset[str]:
    """Which of the codes name a region."""
    return frozenset(Region.objects.filter(code__in=set(codes)).values_list("code", flat=True))


def service_types() -> tuple[ServiceTypeRow, ...]:
    """Every kind of service, by code."""
    return tuple(ServiceTypeRow(**row) for row in ServiceType.objects.order_by("code").values("code", "zh", "en"))


def products(currency: str | None = None) -> tuple[ProductRow, ...]:
    """Every product, by service type and code; of one currency where a site asks."""
    rows = Product.objects.order_by("service_type_id", "code")
    return tuple(map(_row, rows.filter(currency=currency) if currency else rows))


def products_by_code(codes: Iterable[str]) -> dict[str, ProductRow]:
    """The products with these codes; unknown ones are left out."""
    return {row.code: _row(row) for row in Product.objects.filter(code__in=set(codes))}


def known_service_types(codes: Iterable[str]) -> frozenset[str]:
    """Which of the codes name a kind of service."""
    return frozenset(ServiceType.objects.filter(code__in=set(codes)).values_list("code", flat=True))


def known_products(codes: Iterable[str]) -> dict[str, str]:
    """Product code → its service type; unknown codes are left out."""
    return dict(Product.objects.filter(code__in=set(codes)).values_list("code", "service_type_id"))


def _row(product: Product) -> ProductRow:
    price = Money(product.unit_price_minor, product.currency)
    return ProductRow(product.code, product.service_type_id, product.zh, product.en, price, product.marketplace)
