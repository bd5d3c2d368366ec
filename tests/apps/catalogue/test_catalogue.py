"""Service types and products."""

from __future__ import annotations

import pytest

from partner_center.audit.models import Event
from partner_center.catalogue import queries
from partner_center.catalogue.actions import NewProduct, NewServiceType, publish
from partner_center.catalogue.models import Product, ServiceType
from partner_center.fence.seat import seated
from partner_center.kernel.errors import NotAllowed
from partner_center.kernel.money import Money

TYPES = [
    NewServiceType("compute", "云主机", "Compute"),
    NewServiceType("storage", "存储", "Storage"),
]
PRODUCTS = [
    NewProduct("compute.small", "compute", "小型主机", "Small server", Money.of("99.00", "CNY")),
    NewProduct("storage.backup", "storage", "备份", "Backup", Money.of("12.50", "USD"), marketplace=True),
]


def test_what_is_published_is_read_by_everybody(cast):
    publication = publish(cast.vera(), service_types=TYPES, products=PRODUCTS)
    with seated(cast.strange_customer()):
        assert [row.code for row in queries.service_types()] == ["compute", "storage"]
        small, backup = queries.products()
        assert (small.unit_price, small.in_language("zh")) == (Money.of("99.00", "CNY"), "小型主机")
        assert (backup.marketplace, backup.in_language("en")) == (True, "Backup")
        assert [row.code for row in queries.products("USD")] == ["storage.backup"]
    with seated(cast.vera()):
        assert Event.objects.get(name="catalogue.published").subject_id == publication


def test_publishing_again_changes_names_and_prices(cast):
    publish(cast.vera(), service_types=TYPES, products=PRODUCTS)
    dearer = NewProduct("compute.small", "compute", "小型主机", "Small server", Money.of("109.00", "CNY"))
    publish(cast.vera(), service_types=[], products=[dearer])
    assert queries.products_by_code(["compute.small", "none"])["compute.small"].unit_price == Money.of("109.00", "CNY")
    assert ServiceType.objects.count() == 2


def test_unknown_codes_are_left_out(cast):
    publish(cast.vera(), service_types=TYPES, products=PRODUCTS)
    assert queries.known_service_types(["compute", "magic"]) == {"compute"}
    assert queries.known_products(["compute.small", "magic"]) == {"compute.small": "compute"}
    assert queries.known_products([]) == {}


def test_partners_publish_nothing(cast):
    for person in (cast.sol, cast.strange_provider, cast.carl):
        with pytest.raises(NotAllowed):
            publish(person(), service_types=TYPES, products=PRODUCTS)
    assert not Product.objects.exists()
