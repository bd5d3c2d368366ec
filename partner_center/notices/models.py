"""Tables of messages: what somebody was told, how it went out, what an account wants, and which links were used."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.notices.rules import DELIVERY, OUTWARD


class Notice(models.Model):
    """One message to one person of an account: its kind and the values its words name, ids and amounts only.

    The words are filled when it is read, in the reader's language of then. `shown`: it stands in the message centre.
    """

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    user_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    category = models.CharField(max_length=16)
    event_id = models.UUIDField()
    about = models.UUIDField()
    values = models.JSONField(default=dict)
    shown = models.BooleanField(default=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id", "kind", "about", "user_id"], name="notices_notice_once")
        ]
        indexes = [
            models.Index(fields=["user_id", "-at", "-id"], name="notices_notice_newest"),
            models.Index(
                fields=["user_id"], condition=models.Q(read_at=None, shown=True), name="notices_notice_unread"
            ),
        ]


class Delivery(models.Model):
    """A message on its way out by mail or SMS. `digest`: it waits for the daily mail that collects such."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    organisation_id = models.UUIDField()
    user_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=4)
    state = models.CharField(max_length=8, default=DELIVERY.start)
    reason = models.CharField(max_length=24, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    digest = models.BooleanField(default=False)
    message_id = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=DELIVERY.states), name="notices_delivery_state"),
            models.CheckConstraint(condition=models.Q(channel__in=OUTWARD), name="notices_delivery_channel"),
            models.UniqueConstraint(fields=["notice", "channel"], name="notices_delivery_once"),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="notices_delivery_newest"),
            models.Index(
                fields=["user_id", "at"],
                condition=models.Q(state="queued", digest=True),
                name="notices_delivery_digest",
            ),
        ]


class Preference(models.Model):
    """What an account wants of one category of messages: by which channels, and who receives them.

    With a user it is that person's own wish, which only takes channels away.
    """

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    user_id = models.UUIDField(null=True)
    category = models.CharField(max_length=16)
    channels = ArrayField(models.CharField(max_length=4), default=list)
    user_ids = ArrayField(models.UUIDField(), default=list)
    changed_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "category"],
                condition=models.Q(user_id=None),
                name="notices_preference_account_once",
            ),
            models.UniqueConstraint(fields=["user_id", "category"], name="notices_preference_user_once"),
        ]


class LinkUse(models.Model):
    """A signed link of a message that did its work: it does none again."""

    SCOPE = Parties("organisation_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    user_id = models.UUIDField()
    purpose = models.CharField(max_length=24)
    link_id = models.UUIDField()
    used_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link_id", "purpose"], name="notices_link_once")]
