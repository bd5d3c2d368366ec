"""Tables of agreements. A version and a signature are written once; a version only learns what came after it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from partner_center.agreements.rules import CODES, LEVELS, SITES
from partner_center.fence.scope import SHARED, Parties, Scoped
from partner_center.kernel.ids import new_id


class Version(models.Model):
    """One version of an agreement of one site, in both languages, with what it binds and governs."""

    SCOPE = SHARED

    id = models.UUIDField(primary_key=True, default=new_id)
    site = models.CharField(max_length=16)
    code = models.CharField(max_length=40)
    number = models.CharField(max_length=16)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text_zh = models.TextField()
    text_en = models.TextField()
    sha256_zh = models.CharField(max_length=64)
    sha256_en = models.CharField(max_length=64)
    level = models.CharField(max_length=8)
    mandatory = models.BooleanField()
    # The identities of partners it binds; none means every partner.
    binds = ArrayField(models.CharField(max_length=24), default=list)
    # What is barred until it is signed: keys of the verbs that ask.
    governs = ArrayField(models.CharField(max_length=40), default=list)
    grace_days = models.PositiveSmallIntegerField()
    effective_at = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    superseded_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(site__in=SITES), name="agreements_version_site"),
            models.CheckConstraint(condition=models.Q(code__in=tuple(CODES)), name="agreements_version_code"),
            models.CheckConstraint(condition=models.Q(level__in=LEVELS), name="agreements_version_level"),
            models.UniqueConstraint(fields=["site", "code", "number"], name="agreements_version_number_once"),
            models.UniqueConstraint(
                fields=["site", "code"], condition=models.Q(superseded_at=None), name="agreements_version_one_latest"
            ),
        ]


class Signature(models.Model):
    """Who signed which version for a company, or for themselves: when, from where, and which text exactly."""

    SCOPE = Parties("partner_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    company_id = models.UUIDField()
    partner_id = models.UUIDField()
    user_id = models.UUIDField()
    level = models.CharField(max_length=8)
    language = models.CharField(max_length=2)
    sha256 = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "company_id"],
                condition=models.Q(level="company"),
                name="agreements_signature_company_once",
            ),
            models.UniqueConstraint(
                fields=["version", "user_id"], condition=models.Q(level="person"), name="agreements_signature_user_once"
            ),
        ]
        indexes = [models.Index(fields=["partner_id", "-signed_at"], name="agreements_signature_partner")]


class Declaration(models.Model):
    """A company's yearly word on its sensitive relationships with people of the vendor; the newest of a year counts."""

    SCOPE = Parties("partner_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    company_id = models.UUIDField()
    partner_id = models.UUIDField()
    user_id = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    none_to_declare = models.BooleanField()
    relations = models.JSONField(default=list)
    address = models.CharField(max_length=64)
    declared_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        indexes = [models.Index(fields=["company_id", "-declared_at"], name="agreements_declaration_newest")]
