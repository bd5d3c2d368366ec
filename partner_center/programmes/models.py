"""Tables of joining: the application of a company that is no partner yet."""

from __future__ import annotations

from django.db import models

from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.programmes.rules import APPLICATION


class Application(models.Model):
    """A company's application to join. Nobody's row until it has joined; applicants reach it by a signed link."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    site = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default=APPLICATION.start)
    identity = models.CharField(max_length=40)
    uscc = models.CharField(max_length=18, blank=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    registered_address = models.CharField(max_length=200, blank=True)
    account_name = models.CharField(max_length=64, blank=True)
    display_name = models.CharField(max_length=80)
    login = models.CharField(max_length=64)
    email = models.EmailField()
    phone = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=8)
    agreements = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    link_ends_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    review_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=APPLICATION.states), name="programmes_application_state"
            ),
            models.UniqueConstraint(
                fields=["site", "uscc"],
                condition=models.Q(state="in_review") & ~models.Q(uscc=""),
                name="programmes_application_one_in_review",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "link_ends_at"], name="programmes_application_due"),
            models.Index(fields=["-asked_at", "-id"], name="programmes_application_new"),
        ]
