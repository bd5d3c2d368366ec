"""The table of exports. The file lies beside the database; its name follows from the row."""

from __future__ import annotations

from django.db import models

from partner_center.exports.rules import EXPORT, FORMATS, IN_FLIGHT
from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id


class Export(models.Model):
    """A list that somebody asked to have as a file.

    `parameters` say which rows: the list's filter, its words in both languages, the list's address. `attempt` counts
    the workers that took it up: only the last of them may finish it.
    """

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    audience = models.CharField(max_length=8)
    site = models.CharField(max_length=16)
    user_id = models.UUIDField()
    kind = models.CharField(max_length=32)
    parameters = models.JSONField(default=dict)
    language = models.CharField(max_length=2)
    file_format = models.CharField(max_length=4)
    masked = models.BooleanField(default=True)
    state = models.CharField(max_length=8, default=EXPORT.start)
    reason = models.CharField(max_length=24, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    expected_rows = models.PositiveIntegerField()
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=EXPORT.states), name="exports_export_state"),
            models.CheckConstraint(condition=models.Q(file_format__in=FORMATS), name="exports_export_format"),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-asked_at", "-id"], name="exports_export_newest"),
            models.Index(
                fields=["organisation_id"], condition=models.Q(state__in=IN_FLIGHT), name="exports_export_in_flight"
            ),
            models.Index(fields=["expires_at"], condition=models.Q(state="done"), name="exports_export_due"),
        ]
