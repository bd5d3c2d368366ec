"""Organisations and their users. An organisation is one account of a site: the seat from which rows are seen."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from partner_center.fence.scope import SYSTEM, Parties, Scoped
from partner_center.kernel.ids import new_id

KINDS = ("vendor", "partner", "customer")
SITES = ("cloud-cn", "cloud-intl")
REQUEST_STATES = ("open", "granted", "declined")


def _one_of(field: str, values: tuple[str, ...]) -> models.Q:
    return models.Q(**{f"{field}__in": values})


class Organisation(models.Model):
    """An account: of the vendor, of a partner's company or of a customer. What it is besides lives higher up."""

    SCOPE = Parties("id")

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=8)
    site = models.CharField(max_length=16)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    verification_on = models.BooleanField(default=False)
    opened_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_one_of("kind", KINDS), name="access_organisation_kind"),
            models.CheckConstraint(condition=_one_of("site", SITES), name="access_organisation_site"),
        ]


class User(AbstractBaseUser):
    """A person who signs in for an organisation; its main user is the account itself, the others are sub-accounts."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    login = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    display_name = models.CharField(max_length=80)
    display_name_en = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    is_main = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="zh")
    joined_at = models.DateTimeField()
    # The account director above an account manager; both hold their roles by dated rows.
    director = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    last_login = None  # a sign-in is an event, not a column
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(is_main=True), name="access_user_one_main"
            ),
            models.CheckConstraint(condition=_one_of("language", ("zh", "en")), name="access_user_language"),
        ]


class RoleAssignment(models.Model):
    """A user's role, from one day to another."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], condition=models.Q(valid_to=None), name="access_role_once")
        ]


class Role(models.Model):
    """A role that an organisation made for itself. Its code stands on assignments as that of a preset role does."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    grants = ArrayField(models.CharField(max_length=48), default=list)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "name"], condition=models.Q(ended_at=None), name="access_role_name_once"
            )
        ]


class AccessRequest(models.Model):
    """A member's wish for a permission item that a menu entry or page needs, and its answer."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=48)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default="open")
    asked_at = models.DateTimeField()
    role = models.CharField(max_length=40, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_one_of("state", REQUEST_STATES), name="access_request_state"),
            models.UniqueConstraint(
                fields=["user", "item"], condition=models.Q(state="open"), name="access_request_one_open"
            ),
        ]
        indexes = [models.Index(fields=["organisation_id", "state", "-asked_at"], name="access_request_waiting")]


class BannerHidden(models.Model):
    """A user's wish not to be told again that another site would suit better. It hides the banner, nothing else."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    site = models.CharField(max_length=16)
    hidden_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "site"], name="access_banner_once")]


class ApiKey(models.Model):
    """An access key with its secret, which is encrypted at rest and was shown once."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    access_key = models.CharField(max_length=32, unique=True)
    secret_encrypted = models.BinaryField()
    organisation_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()


class AccessToken(models.Model):
    """A bearer token of the integration API: kept as a digest, ends by itself."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    digest = models.BinaryField(max_length=32, unique=True)
    organisation_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()


class VerificationCode(models.Model):
    """A code sent for one sensitive operation of one user; wrong guesses are counted even when the operation fails."""

    SCOPE = Parties("organisation_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    operation = models.CharField(max_length=64)
    code_digest = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "operation", "-sent_at"], name="access_code_latest")]


class SeatGrant(models.Model):
    """Leave to act from another organisation's seat, for a scope and a time."""

    SCOPE = Parties("grantor_id", "holder_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    grantor_id = models.UUIDField()
    holder_id = models.UUIDField()
    scope = models.CharField(max_length=40)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grantor_id", "holder_id", "scope"],
                condition=models.Q(valid_to=None),
                name="access_seat_grant_once",
            )
        ]


class Throttle(models.Model):
    """How often something was tried within one stretch of time."""

    SCOPE = SYSTEM

    WRITES = ("INSERT", "UPDATE", "DELETE")

    bucket = models.CharField(max_length=200, primary_key=True)
    tries = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField()

    objects = Scoped.as_manager()
