"""Tables of the review engine: the review itself, what each side did with it, what stays inside, who is away."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partner_center.access.models import SITES, User
from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.reviews.rules import LIFECYCLE, LIVE

OPEN_OR_RETURNED = models.Q(state__in=LIVE)


class Review(models.Model):
    """Something that waits for a decision. Its steps are those of the policy in force when it was opened.

    `asker_id` is nobody's where somebody without an account asks; without `decider_id` the vendor decides. `role` is
    whose turn it is; an `assignee` comes before the role. `first_by` agreed already, where a second person must.
    While it is returned, `due_at` is empty and `days_left` keeps what the clock had left.
    """

    SCOPE = Parties("asker_id", "decider_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=32)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    asker_id = models.UUIDField(null=True)
    asker_kind = models.CharField(max_length=8, default="partner")
    decider_id = models.UUIDField(null=True)
    asked_by_id = models.UUIDField(null=True)
    site = models.CharField(max_length=16)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default=LIFECYCLE.start)
    steps = models.JSONField()
    supplement_days = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=40)
    escalates_to = models.CharField(max_length=40, blank=True)
    first_by_id = models.UUIDField(null=True)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    days_left = models.PositiveSmallIntegerField(null=True)
    supplement_due_at = models.DateTimeField(null=True)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=OPEN_OR_RETURNED, name="reviews_review_one_live"
            ),
            models.CheckConstraint(condition=models.Q(state__in=LIFECYCLE.states), name="reviews_review_state"),
            models.CheckConstraint(condition=models.Q(site__in=SITES), name="reviews_review_site"),
            models.CheckConstraint(
                condition=models.Q(state__in=LIVE, closed_at=None)
                | (~models.Q(state__in=LIVE) & models.Q(closed_at__isnull=False)),
                name="reviews_review_closed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(due_at__isnull=False), name="reviews_review_due"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=OPEN_OR_RETURNED, name="reviews_review_waiting"),
            models.Index(fields=["asker_id", "-opened_at"], name="reviews_review_asker"),
            models.Index(fields=["subject_id", "-opened_at"], name="reviews_review_subject"),
        ]

    @property
    def step_name(self) -> str:
        return str(self.steps[self.place]["name"])


class Turn(models.Model):
    """What one side did with a review, for both to read. Written once."""

    SCOPE = Parties("asker_id", "decider_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    asker_id = models.UUIDField(null=True)
    decider_id = models.UUIDField(null=True)
    move = models.CharField(max_length=16)
    step = models.CharField(max_length=40)
    user_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    said = models.CharField(max_length=1000, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        indexes = [models.Index(fields=["review", "id"], name="reviews_turn_review")]


class Note(models.Model):
    """What stays inside the deciding side: an internal remark, or that the review changed hands. Written once."""

    SCOPE = Parties("decider_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    decider_id = models.UUIDField(null=True)
    what = models.CharField(max_length=16)
    user_id = models.UUIDField(null=True)
    to_id = models.UUIDField(null=True)
    said = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        indexes = [models.Index(fields=["review", "id"], name="reviews_note_review")]


class Absence(models.Model):
    """That somebody is away from one instant to another, and who stands in meanwhile."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lte=models.F("ends_at")), name="reviews_absence_forwards"
            ),
            models.CheckConstraint(condition=~models.Q(user=models.F("stand_in")), name="reviews_absence_other"),
        ]
        indexes = [models.Index(fields=["stand_in", "ends_at"], name="reviews_absence_stand_in")]
