"""Tables of partners: the company, its accounts, what each account is at a time, and the distributor it belongs to."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from partner_center.access.models import SITES, Organisation
from partner_center.fence.scope import Company as CompanyScope
from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.partners.rules import ASPECTS, EDITABLE, LINK

LIVE = models.Q(state="active")


class Company(models.Model):
    """A legal entity on one site. Its accounts share what stands here (L-006)."""

    SCOPE = CompanyScope("id")

    id = models.UUIDField(primary_key=True, default=new_id)
    site = models.CharField(max_length=16)
    uscc = models.CharField(max_length=18, null=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    contracting_entity = models.CharField(max_length=120, blank=True)
    registered_address = models.CharField(max_length=200, blank=True)
    legal_representative = models.CharField(max_length=80, blank=True, default="", db_default="")
    industry = models.CharField(max_length=80, blank=True, default="", db_default="")

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            # A company of both sites stands here twice: nothing links the sites (L-307).
            models.UniqueConstraint(fields=["site", "uscc"], name="partners_company_uscc"),
            models.CheckConstraint(condition=models.Q(site__in=SITES), name="partners_company_site"),
        ]


class Account(models.Model):
    """A partner's account: an organisation of access, seen by itself and by today's distributor.

    What it is called is repeated here, where its distributor may search it.
    """

    SCOPE = Parties("organisation_id", "upline_id")

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, primary_key=True, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    site = models.CharField(max_length=16)
    account_name = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    is_main = models.BooleanField()
    may_resell = models.BooleanField(default=True)
    upline_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(is_main=True), name="partners_account_one_main"
            ),
            models.CheckConstraint(condition=models.Q(site__in=SITES), name="partners_account_site"),
        ]
        indexes = [
            models.Index(fields=["upline_id"], name="partners_account_upline"),
            models.Index(fields=["-opened_at", "-organisation"], name="partners_account_newest"),
        ]


class Standing(models.Model):
    """What an account is from one day to another: its identity, its tier, its state; at most one of each at a time.

    `upline_id` is the distributor of the days a row is open; ended rows keep the one they had.
    """

    SCOPE = Parties("organisation_id", "upline_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    aspect = models.CharField(max_length=12)
    value = models.CharField(max_length=40)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(aspect__in=tuple(ASPECTS)), name="partners_standing_aspect"),
            ExclusionConstraint(
                name="partners_standing_one_at_a_time",
                expressions=[
                    ("organisation_id", RangeOperators.EQUAL),
                    ("aspect", RangeOperators.EQUAL),
                    (
                        models.Func("valid_from", "valid_to", function="TSTZRANGE", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["organisation_id", "aspect"], name="partners_standing_of")]


class DistributorLink(models.Model):
    """A reseller's belonging to a distributor; a reseller has one at a time."""

    SCOPE = Parties("distributor_id", "reseller_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    distributor = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    reseller = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default=LINK.start)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller"], condition=LIVE, name="partners_link_one_distributor"),
            models.CheckConstraint(condition=models.Q(state__in=LINK.states), name="partners_link_state"),
            models.CheckConstraint(
                condition=models.Q(state="active", valid_to=None) | models.Q(state="ended", valid_to__isnull=False),
                name="partners_link_ended",
            ),
        ]
        indexes = [models.Index(fields=["distributor", "-valid_from", "-id"], name="partners_link_distributor")]


class CompanyChange(models.Model):
    """A change of base information that the main account asked for; its state is that of its review."""

    SCOPE = Parties("partner_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    partner_id = models.UUIDField()
    review_id = models.UUIDField(unique=True)
    before = models.JSONField()
    after = models.JSONField()
    asked_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes = [models.Index(fields=["company", "-asked_at"], name="partners_change_company")]


class CompanyFact(models.Model):
    """What a company was called, or where it sat, from one instant to another; one row of a field at a time."""

    SCOPE = CompanyScope("company_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=40)
    value = models.CharField(max_length=200, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(field__in=EDITABLE), name="partners_fact_field"),
            models.UniqueConstraint(
                fields=["company", "field"], condition=models.Q(valid_to=None), name="partners_fact_one_at_a_time"
            ),
        ]


class CustomerContact(models.Model):
    """Somebody of a partner whom its customers may call: what stands here is shown to each of them."""

    SCOPE = Parties("organisation_id")
    WRITES = ("INSERT", "UPDATE", "DELETE")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=80)
    duty = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    made_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(phone="") | ~models.Q(email=""), name="partners_contact_reachable"
            )
        ]
        indexes = [models.Index(fields=["organisation_id", "made_at"], name="partners_contact_of")]
