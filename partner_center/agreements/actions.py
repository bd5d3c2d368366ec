"""Publishing agreements, signing them, and declaring relationships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_center.access.permissions import Can, require, require_system
from partner_center.agreements import rules
from partner_center.agreements.models import Declaration, Signature, Version
from partner_center.agreements.queries import due_soon, hold_version, numbers, signed
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotAllowed, Refused
from partner_center.partners.queries import account


@action(keyed=True)
def publish(
    actor: Actor,
    *,
    site: str,
    code: str,
    number: str,
    titles: tuple[str, str],
    texts: tuple[str, str],
    effective_at: datetime,
    grace_days: int,
    binds: Sequence[str] = (),
    governs: Sequence[str] = (),
    level: str = "company",
    mandatory: bool = True,
    key: str | None = None,
) -> UUID:
    """Publish a version of an agreement; everyone it binds is asked to sign it, whatever they signed before.

    `titles` and `texts`: Chinese, English; the texts are Markdown.
    Rules:   L-030, L-039, L-040.
    Raises:  NotAllowed; Refused; Conflict on a reused key, or when another version was published meanwhile.
    Records: agreement.published
    """
    require(actor, Can.VENDOR_AGREEMENT_PUBLISH)
    facts = rules.PublishFacts(
        code, number, numbers(site, code), titles, texts, tuple(governs), grace_days, effective_at, actor.at
    )
    rules.PUBLISH.check(facts)
    # Whoever signs the version that ends here holds it; they are waited for, or they wait and are told.
    Version.objects.filter(site=site, code=code, superseded_at=None).update(superseded_at=actor.at)
    row = Version(
        site=site,
        code=code,
        number=number.strip(),
        title_zh=titles[0].strip(),
        title_en=titles[1].strip(),
        text_zh=texts[0],
        text_en=texts[1],
        sha256_zh=digest(texts[0]),
        sha256_en=digest(texts[1]),
        level=level,
        mandatory=mandatory,
        binds=sorted(set(binds)),
        governs=sorted(set(governs)),
        grace_days=grace_days,
        effective_at=effective_at,
        published_at=actor.at,
        published_by=actor.user_id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("agreement_published_meanwhile") from error
    record(actor, "agreement.published", subject_kind="agreement", subject_id=row.pk, code=code, number=row.number)
    return row.pk


def digest(text: str) -> str:
    """What identifies a text: sha-256 of its UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


@action(keyed=True)
def sign(actor: Actor, *, version_id: UUID, language: str, text_sha256: str = "", key: str | None = None) -> UUID:
    """Sign a version for the company, or for oneself: which text, when, from which address.

    Rules:   L-030, L-039, L-041.
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key.
    Records: agreement.signed
    """
    require(actor, Can.AGREEMENT_SIGN)
    partner, version = _own(actor), hold_version(version_id)
    text = version.sha256(language)
    company = {"company_id": partner.company_id, "user_id": actor.person_id, "level": version.level}
    rules.SIGN.check(
        rules.SignFacts(
            level=version.level,
            is_latest=version.superseded_at is None and version.site == partner.site,
            binds=version.binds,
            identity=partner.identity,
            is_main_account=partner.is_main,
            is_administrator=actor.is_main,
            signed_already=signed(version_id, **company),
            same_text=text_sha256 in ("", text),
        )
    )
    row = Signature(
        version_id=version_id,
        partner_id=partner.organisation_id,
        language=language,
        sha256=text,
        address=actor.address,
        signed_at=actor.at,
        **company,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # another account or window of the company was quicker
        raise Refused([rules.BOOK.broken("L-039.once", "signed_already")]) from error
    data: dict[str, Any] = {"code": version.code, "number": version.number, "sha256": text}
    record(actor, "agreement.signed", subject_kind="agreement", subject_id=version_id, partner_id=actor.seat, **data)
    return row.pk


def _own(actor: Actor) -> Any:
    """The partner's account in whose seat somebody signs. Raises: NotAllowed for anybody else."""
    if actor.audience != "partner" or actor.seat is None:
        raise NotAllowed("partner")
    return account(actor, actor.seat)


@action(keyed=True)
def declare_relationships(
    actor: Actor,
    *,
    none_to_declare: bool,
    relations: Sequence[Mapping[str, str]] = (),
    affirmed: bool = True,
    key: str | None = None,
) -> UUID:
    """Declare a company's sensitive relationships with people of the vendor, or that there are none.

    `relations`: vendor_person, vendor_department, partner_person, partner_position, relation; share where it applies.
    Rules:   L-035, L-041, L-042.
    Raises:  NotAllowed; Refused; Conflict on a reused key.
    Records: relationships.declared, how many, no names
    """
    require(actor, Can.AGREEMENT_SIGN)
    partner = _own(actor)
    told = tuple({name: str(value).strip()[:200] for name, value in each.items()} for each in relations)
    rules.DECLARE.check(rules.DeclareFacts(none_to_declare, told, partner.is_main, actor.is_main, affirmed))
    row = Declaration.objects.create(
        company_id=partner.company_id,
        partner_id=partner.organisation_id,
        user_id=actor.person_id,
        year=actor.at.year,
        none_to_declare=none_to_declare,
        relations=list(told),
        address=actor.address,
        declared_at=actor.at,
    )
    data: dict[str, Any] = {"count": len(told), "year": actor.at.year}
    record(
        actor, "relationships.declared", subject_kind="declaration", subject_id=row.pk, partner_id=actor.seat, **data
    )
    return row.pk


@action(keyed=True)
def warn_due(actor: Actor, *, days: int, key: str | None = None) -> int:
    """Note for whom something is barred in so many days for want of a signature; once for each key.

    Returns how many accounts. A run a day finds each once.
    Rules:   L-040.
    Raises:  NotAllowed for anybody but the system.
    Records: agreement.due_announced
    """
    require_system(actor)
    found = due_soon(actor, days)
    for version, partner, due in found:
        record(
            actor,
            "agreement.due_announced",
            subject_kind="agreement",
            subject_id=version.id,
            partner_id=partner.organisation_id,
            code=version.code,
            number=version.number,
            days=days,
            due_at=due,
        )
    return len(found)
