"""Tables of what can be bought and where: service types, their products, regions. Everybody reads them."""

from __future__ import annotations

from django.db import models

from partner_center.fence.scope import SHARED, Scoped


class ServiceType(models.Model):
    """A kind of cloud service; vouchers and quota may be limited to some."""

    SCOPE = SHARED

    code = models.CharField(max_length=64, primary_key=True)
    zh = models.CharField(max_length=80)
    en = models.CharField(max_length=80)

    objects = Scoped.as_manager()


class Product(models.Model):
    """Something that is ordered, with its list price. The marketplace's products come from other sellers."""

    SCOPE = SHARED

    code = models.CharField(max_length=64, primary_key=True)
    service_type = models.ForeignKey(ServiceType, on_delete=models.PROTECT, related_name="+")
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    unit_price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    marketplace = models.BooleanField(default=False)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(unit_price_minor__gte=0), name="catalogue_product_price"),
        ]


class Region(models.Model):
    """Where the vendor runs its services on a site; vouchers and quota may be limited to some."""

    SCOPE = SHARED

    code = models.CharField(max_length=64, primary_key=True)
    site = models.CharField(max_length=16)
    zh = models.CharField(max_length=80)
    en = models.CharField(max_length=80)

    objects = Scoped.as_manager()
