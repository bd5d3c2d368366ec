"""Tables of the record. Events are written once; the feed gives them one order."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from partner_center.fence.scope import SYSTEM, Parties, Scoped
from partner_center.kernel.ids import new_id


class Event(models.Model):
    """A fact of the business, in the past tense, with ids and amounts only."""

    SCOPE = Parties("partner_id", "upline_id", "customer_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    partner_id = models.UUIDField(null=True)
    upline_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)
    home_id = models.UUIDField(null=True)
    seat_id = models.UUIDField(null=True)
    system = models.CharField(max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=40), default=list)
    site = models.CharField(max_length=16)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    operation_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "id"], name="audit_event_subject"),
            models.Index(fields=["partner_id", "id"], name="audit_event_partner"),
            models.Index(fields=["customer_id", "id"], name="audit_event_customer"),
            models.Index(fields=["upline_id", "id"], name="audit_event_upline"),
            models.Index(fields=["request_id"], name="audit_event_request"),
        ]


class Outbox(models.Model):
    """An event that the sequencer has not yet put into the feed."""

    SCOPE = SYSTEM
    WRITES = ("INSERT", "DELETE")

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()

    objects = Scoped.as_manager()


class Feed(models.Model):
    """An event's place in the one order that reactions and webhooks follow."""

    SCOPE = SYSTEM
    WRITES = ("INSERT",)

    position = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)

    objects = Scoped.as_manager()


class Cursor(models.Model):
    """How far a follower of the feed has come."""

    SCOPE = SYSTEM

    name = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()


class Operation(models.Model):
    """A keyed call that was made: its inputs' digest and its result, returned again to its twins."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    verb = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    digest = models.BinaryField(max_length=32)
    result = models.JSONField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation_id", "verb", "key"], name="audit_operation_once")]
