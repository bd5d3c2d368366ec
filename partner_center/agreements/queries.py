"""Reading agreements, signatures and declarations, and what is barred for want of a signature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from partner_center.agreements.models import Declaration, Signature, Version
from partner_center.agreements.rules import declared_until, due_at
from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.partners.queries import PartnerAccount, account, main_accounts


@dataclass(frozen=True)
class VersionRow:
    """A version of an agreement."""

    id: UUID
    site: str
    code: str
    number: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    sha256_zh: str
    sha256_en: str
    level: str
    mandatory: bool
    binds: tuple[str, ...]
    governs: tuple[str, ...]
    grace_days: int
    effective_at: datetime
    published_at: datetime
    published_by: UUID | None
    superseded_at: datetime | None

    def title(self, language: str) -> str:
        return self.title_zh if language == "zh" else self.title_en

    def text(self, language: str) -> str:
        return self.text_zh if language == "zh" else self.text_en

    def sha256(self, language: str) -> str:
        return self.sha256_zh if language == "zh" else self.sha256_en


@dataclass(frozen=True)
class SignatureRow:
    """A signature, with the version it is under."""

    id: UUID
    version: VersionRow
    company_id: UUID
    partner_id: UUID
    user_id: UUID
    language: str
    sha256: str
    address: str
    signed_at: datetime


@dataclass(frozen=True)
class ToSign:
    """A version that waits for a signature, and from when on it bars what it governs. Rules: L-040."""

    version: VersionRow
    due_at: datetime
    barred: bool
    signed_before: str


@dataclass(frozen=True)
class DeclarationRow:
    """A declaration of relationships."""

    id: UUID
    user_id: UUID
    year: int
    none_to_declare: bool
    relations: tuple[dict[str, str], ...]
    declared_at: datetime


@dataclass(frozen=True)
class Progress:
    """How far a version has come: how many companies it binds, how many signed, and who has not."""

    bound: int
    signed: int
    missing: tuple[PartnerAccount, ...]


def _row(version: Version) -> VersionRow:
    fields = {name: getattr(version, name) for name in VersionRow.__dataclass_fields__}
    return VersionRow(**{**fields, "binds": tuple(version.binds), "governs": tuple(version.governs)})


def versions(site: str = "", *, latest: bool = False) -> tuple[VersionRow, ...]:
    """Versions of every agreement, newest first."""
    rows = Version.objects.filter(site=site) if site else Version.objects.all()
    rows = rows.filter(superseded_at=None) if latest else rows
    return tuple(map(_row, rows.order_by("code", "-published_at")))


def version(version_id: UUID) -> VersionRow:
    """Raises: NotFound."""
    found = Version.objects.filter(pk=version_id).first()
    if found is None:
        raise NotFound("agreement")
    return _row(found)


def numbers(site: str, code: str) -> frozenset[str]:
    return frozenset(Version.objects.filter(site=site, code=code).values_list("number", flat=True))


def signatures(actor: Actor, *, version_id: UUID | None = None) -> tuple[SignatureRow, ...]:
    """What the seat has signed, newest first; the vendor sees everybody's."""
    rows = Signature.objects.visible_to(actor).select_related("version")
    rows = rows.filter(version_id=version_id) if version_id else rows
    return tuple(
        SignatureRow(
            s.pk, _row(s.version), s.company_id, s.partner_id, s.user_id, s.language, s.sha256, s.address, s.signed_at
        )
        for s in rows.order_by("-signed_at", "-id")
    )


def signature(actor: Actor, signature_id: UUID) -> SignatureRow:
    """Raises: NotFound."""
    found = next((each for each in signatures(actor) if each.id == signature_id), None)
    if found is None:
        raise NotFound("signature")
    return found


def signed(version_id: UUID, *, company_id: UUID, user_id: UUID, level: str) -> bool:
    """Whether a version is signed: by any account of the company, or by the person. Rules: L-041."""
    with whole("L-041: whether the company has signed"):
        rows = Signature.objects.filter(version_id=version_id)
        rows = rows.filter(company_id=company_id) if level == "company" else rows.filter(user_id=user_id)
        return rows.exists()


def to_sign(actor: Actor) -> tuple[ToSign, ...]:
    """What the seat, or the person, has still to sign; what bars first stands first. Rules: L-039, L-040."""
    if actor.audience != "partner" or actor.seat is None:
        return ()
    partner = account(actor, actor.seat)
    found = [
        _waiting(actor, partner, each)
        for each in versions(partner.site, latest=True)
        if (not each.binds or partner.identity in each.binds)
        and not signed(each.id, company_id=partner.company_id, user_id=actor.person_id, level=each.level)
    ]
    return tuple(sorted(found, key=lambda each: each.due_at))


def _waiting(actor: Actor, partner: PartnerAccount, each: VersionRow) -> ToSign:
    due = due_at(each.effective_at, partner.opened_at, each.grace_days)
    barred = each.mandatory and bool(each.governs) and due <= actor.at
    return ToSign(each, due, barred, _signed_before(partner.company_id, each))


def _signed_before(company_id: UUID, each: VersionRow) -> str:
    """The number of the version that the company signed last."""
    with whole("L-039: which version the company signed before"):
        rows = Signature.objects.filter(company_id=company_id, version__site=each.site, version__code=each.code)
        return rows.order_by("-signed_at").values_list("version__number", flat=True).first() or ""


def unsigned(partner_id: UUID, governs: str, at: datetime) -> tuple[str, ...]:
    """The agreements that bar a verb for this partner: mandatory, past their grace, and unsigned. Rules: L-040."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agreements_unsigned(%s, %s, %s)", [partner_id, governs, at])
        row = cursor.fetchone()
    return tuple(row[0]) if row else ()


# The same as a column of a statement whose parameters name `governed` and `at`; costs no round trip.
UNSIGNED_THEN = "agreements_unsigned({owner}, %(governed)s, %(at)s)"


def declarations(actor: Actor) -> tuple[DeclarationRow, ...]:
    """What the seat has declared, newest first."""
    rows = Declaration.objects.visible_to(actor).order_by("-declared_at", "-id")
    return tuple(
        DeclarationRow(d.pk, d.user_id, d.year, d.none_to_declare, tuple(d.relations), d.declared_at) for d in rows
    )


def declaration_holds_until(company_id: UUID) -> datetime | None:
    """Until when the company's newest declaration holds. Rules: L-042."""
    with whole("L-042: whether the company has declared"):
        return declared_until(
            list(Declaration.objects.filter(company_id=company_id).values_list("declared_at", flat=True))
        )


def progress(actor: Actor, each: VersionRow, accounts: Iterable[PartnerAccount]) -> Progress:
    """Who of these main accounts is bound by a version and has signed it. For the vendor."""
    bound = [one for one in accounts if one.is_main and (not each.binds or one.identity in each.binds)]
    done = set(Signature.objects.visible_to(actor).filter(version_id=each.id).values_list("company_id", flat=True))
    missing = tuple(one for one in bound if one.company_id not in done)
    return Progress(len(bound), len(bound) - len(missing), missing)


def bound(actor: Actor, version_id: UUID) -> tuple[UUID, ...]:
    """The main accounts that a version binds: whoever it asks. For the system and the vendor. Raises: NotFound."""
    asked = version(version_id)
    return tuple(each.organisation_id for each in _bound(actor, asked))


def _bound(actor: Actor, each: VersionRow) -> tuple[PartnerAccount, ...]:
    found = (one for one in main_accounts(actor) if one.site == each.site)
    return tuple(one for one in found if not each.binds or one.identity in each.binds)


def due_soon(actor: Actor, days: int) -> tuple[tuple[VersionRow, PartnerAccount, datetime], ...]:
    """What bars something that many days from now, for whom it is not signed yet, and from when on. Rules: L-040."""
    found = []
    for each in (one for one in versions(latest=True) if one.mandatory and one.governs and one.level == "company"):
        for one in progress(actor, each, _bound(actor, each)).missing:
            due = due_at(each.effective_at, one.opened_at, each.grace_days)
            if timedelta(days=days - 1) < due - actor.at <= timedelta(days=days):
                found.append((each, one, due))
    return tuple(found)


def hold_version(version_id: UUID) -> VersionRow:
    """A version as it is, held, so that it is not superseded while it is being signed. Raises: NotFound."""
    found = list(Version.objects.raw("SELECT * FROM agreements_version WHERE id = %s FOR SHARE", [version_id]))
    if not found:
        raise NotFound("agreement")
    return _row(found[0])
