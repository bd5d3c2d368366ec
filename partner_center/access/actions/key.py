"""Access keys and the tokens of the integration API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from partner_center.access.actions.parties import party
from partner_center.access.codes import require_code
from partner_center.access.models import AccessToken, ApiKey
from partner_center.access.permissions import Can, require
from partner_center.access.secrets import encrypt, keyed_digest, new_access_key, new_secret
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound

TOKEN_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class NewKey:
    """A key with its secret, which is told this once."""

    id: UUID
    access_key: str
    secret: str


@action
def make_key(actor: Actor, *, label: str = "") -> NewKey:
    """Make an access key for the caller; its secret is returned here and never again.

    Rules:   S-562.
    Raises:  NotAllowed.
    Records: access_key.made
    """
    require(actor, Can.KEY_MANAGE)
    require_code(actor, "access.make_key")
    if actor.user_id is None or actor.seat is None:
        raise NotFound("user")
    secret = new_secret()
    key = ApiKey.objects.create(
        access_key=new_access_key(),
        secret_encrypted=encrypt(secret),
        organisation_id=actor.seat,
        user_id=actor.user_id,
        label=label,
        made_at=actor.at,
    )
    record(actor, "access_key.made", subject_kind="access_key", subject_id=key.pk, **party(actor))
    return NewKey(key.pk, key.access_key, secret)


@action
def revoke_key(actor: Actor, *, key_id: UUID) -> None:
    """End an access key at once, and the tokens its user has had for keys; a sub-account ends its own only.

    Raises:  NotAllowed; NotFound; Conflict when it is revoked already.
    Records: access_key.revoked
    """
    require(actor, Can.KEY_MANAGE)
    keys = ApiKey.objects.visible_to(actor).filter(pk=key_id, organisation_id=actor.seat_id)
    if not actor.is_main:
        keys = keys.filter(user_id=actor.person_id)
    holder = keys.values_list("user_id", flat=True).first()
    if holder is None:
        raise NotFound("access_key")
    if not keys.filter(revoked_at=None).update(revoked_at=actor.at):
        raise Conflict("access_key_revoked")
    AccessToken.objects.filter(user_id=holder, revoked_at=None).update(revoked_at=actor.at)
    record(actor, "access_key.revoked", subject_kind="access_key", subject_id=key_id, **party(actor))


@action
def make_token(actor: Actor) -> str:
    """Make a bearer token for the integration API; it ends after a day.

    Records: access_token.made
    """
    token = new_secret()
    assert actor.user_id is not None and actor.seat is not None
    row = AccessToken.objects.create(
        digest=keyed_digest("token", token),
        organisation_id=actor.seat,
        user_id=actor.user_id,
        made_at=actor.at,
        expires_at=timezone.now() + TOKEN_LIFE,
    )
    record(actor, "access_token.made", subject_kind="access_token", subject_id=row.pk, **party(actor))
    return token
