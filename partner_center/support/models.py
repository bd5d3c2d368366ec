"""Tables of tickets: the ticket as it stands, what both sides wrote, the vendor's own notes, what was attached."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.support.rules import OPEN, SEVERITIES, TICKET


class Ticket(models.Model):
    """What a member of an organisation asks the vendor.

    `subject_*` name what it is about, `rule` the rule that led here. `due_at` stands still from `paused_at` on, while
    it waits for its opener. `unread_*` count what the other side wrote since this one looked.
    """

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    site = models.CharField(max_length=16)
    organisation_id = models.UUIDField()
    audience = models.CharField(max_length=8)
    opened_by = models.UUIDField()
    category = models.CharField(max_length=32)
    severity = models.CharField(max_length=20)
    subject = models.CharField(max_length=120)
    contact = models.CharField(max_length=200)
    particulars = models.JSONField(default=dict)
    rule = models.CharField(max_length=24, blank=True)
    subject_kind = models.CharField(max_length=24, blank=True)
    subject_id = models.UUIDField(null=True)
    subject_label = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=16, default=TICKET.start)
    assignee_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True)
    urges = models.PositiveSmallIntegerField(default=0)
    unread_opener = models.PositiveSmallIntegerField(default=0)
    unread_vendor = models.PositiveSmallIntegerField(default=0)
    return_address = models.CharField(max_length=200, blank=True)
    return_addressee = models.CharField(max_length=60, blank=True)
    return_phone = models.CharField(max_length=32, blank=True)
    marks = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=500, blank=True)
    rated_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=TICKET.states), name="support_ticket_state"),
            models.CheckConstraint(condition=models.Q(severity__in=SEVERITIES), name="support_ticket_severity"),
            models.CheckConstraint(
                condition=models.Q(marks=None) | models.Q(marks__range=(1, 5)), name="support_ticket_marks"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-changed_at", "-id"], name="support_ticket_newest"),
            models.Index(fields=["due_at"], condition=models.Q(state__in=OPEN), name="support_ticket_queue"),
            models.Index(fields=["closes_at"], condition=models.Q(state="resolved"), name="support_ticket_closing"),
        ]


class Message(models.Model):
    """What one side wrote to the other; `kind` says what it came with."""

    SCOPE = Parties("organisation_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    organisation_id = models.UUIDField()
    kind = models.CharField(max_length=8)
    from_vendor = models.BooleanField()
    user_id = models.UUIDField()
    body = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="support_message_of_ticket")]


class Note(models.Model):
    """What the vendor's people noted for each other: its only party is the vendor."""

    SCOPE = Parties("vendor_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    vendor_id = models.UUIDField()
    user_id = models.UUIDField()
    body = models.TextField()
    at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="support_note_of_ticket")]


class Attachment(models.Model):
    """A file beside a message. Its id is random, since the file is found by it; the row stays when the file goes."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=uuid4)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ticket"], name="support_attachment_of_ticket")]
