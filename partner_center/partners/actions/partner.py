"""Writing partners: opening accounts, linking resellers, changing what an account is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_center.access.actions import add_main_user, grant_seat, login_taken, open_organisation
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.rules import Outcome, check_all
from partner_center.partners import queries, rules
from partner_center.partners.models import Account, Company, CustomerContact, DistributorLink, Standing
from partner_center.policy.queries import pack

RESELLER_SCOPE = "reseller"


@dataclass(frozen=True)
class OpenedPartner:
    """A new account of a partner, its company and its main user."""

    organisation_id: UUID
    company_id: UUID
    user_id: UUID


@action
def open_partner(
    actor: Actor,
    *,
    site: str,
    identity: str,
    name_zh: str,
    name_en: str,
    uscc: str = "",
    login: str,
    display_name: str,
    tier: str = "",
    company_id: UUID | None = None,
    account_name: str = "",
    contracting_entity: str = "",
    registered_address: str = "",
    may_resell: bool = True,
    **person: str,
) -> OpenedPartner:
    """Open a partner's account: the main one of a new company, or a further one of a company that has some.

    `person` is the main user: password, display_name_en, email, phone, language.
    Rules:   S-001, L-005, L-011, L-110, L-307.
    Raises:  NotAllowed; NotFound (company); Refused; Conflict when the login name is taken.
    Records: partner.opened
    """
    require(actor, Can.VENDOR_PARTNER_MANAGE)
    check_all(_opening(actor, site, identity, tier, uscc, company_id))
    if login_taken(login):
        raise Conflict("login_taken", login=login)
    is_main = company_id is None
    company = company_id or _new_company(site, uscc, name_zh, name_en, contracting_entity, registered_address)
    organisation = open_organisation(actor, kind="partner", site=site, name_zh=name_zh, name_en=name_en)
    Account.objects.create(
        organisation_id=organisation,
        company_id=company,
        site=site,
        account_name=account_name or login,
        name_zh=name_zh,
        name_en=name_en or name_zh,
        phone=person.get("phone", ""),
        email=person.get("email", ""),
        is_main=is_main,
        may_resell=may_resell,
        opened_at=actor.at,
    )
    _begin(organisation, {"identity": identity, "tier": tier, "state": "active"}, actor.at)
    main = {"login": login, "display_name": display_name, "role": "administrator"}
    user = add_main_user(actor, organisation_id=organisation, **main, **person)
    record(
        actor,
        "partner.opened",
        subject_kind="partner",
        subject_id=organisation,
        partner_id=organisation,
        company=company,
        identity=identity,
        main=is_main,
    )
    return OpenedPartner(organisation, company, user)


def opening_check(actor: Actor, *, site: str, identity: str, tier: str, uscc: str) -> tuple[Outcome, ...]:
    """The rules that opening the main account of a new company would break; nothing is changed.

    Rules:   S-001, L-005, L-011, L-110.
    Raises:  NotAllowed.
    """
    require(actor, Can.VENDOR_PARTNER_MANAGE)
    return _opening(actor, site, identity, tier, uscc, None)


def _opening(
    actor: Actor, site: str, identity: str, tier: str, uscc: str, company_id: UUID | None
) -> tuple[Outcome, ...]:
    company = queries.company(actor, company_id) if company_id else None
    says = rules.NewcomerFacts(site, identity, uscc, company is not None)
    facts = rules.OpenFacts(
        site=site,
        tier=tier,
        uscc=uscc,
        company_known=company is not None,
        company_site=company.site if company else "",
        uscc_taken=queries.company_id_by_uscc(uscc, site) is not None,
    )
    return rules.NEWCOMER.broken(says) + rules.OPEN.broken(facts)


def _new_company(site: str, uscc: str, name_zh: str, name_en: str, entity: str, address: str) -> UUID:
    company = Company(
        id=new_id(),
        site=site,
        uscc=uscc or None,
        name_zh=name_zh,
        name_en=name_en or name_zh,
        contracting_entity=entity,
        registered_address=address,
    )
    try:
        with transaction.atomic():
            company.save(force_insert=True)
    except IntegrityError as error:
        raise Refused([rules.BOOK.broken("L-005", "company_has_account", actual=uscc)]) from error
    return company.pk


def _begin(organisation_id: UUID, standing: dict[str, str], at: datetime) -> None:
    Standing.objects.bulk_create(
        Standing(organisation_id=organisation_id, aspect=aspect, value=value, valid_from=at)
        for aspect, value in standing.items()
        if value
    )


@action
def link_reseller(actor: Actor, *, distributor_id: UUID, reseller_id: UUID) -> UUID:
    """Put a reseller under its distributor, which may act from the reseller's seat from then on.

    Rules:   S-004, S-005, L-288, L-307.
    Raises:  NotAllowed; NotFound (either account); Refused.
    Records: reseller.linked
    """
    require(actor, Can.VENDOR_PARTNER_MANAGE)
    rules.LINKING.check(_link_facts(actor, distributor_id, reseller_id))
    link = DistributorLink(distributor_id=distributor_id, reseller_id=reseller_id, valid_from=actor.at)
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError as error:
        raise Refused([rules.BOOK.broken("S-004", "reseller_has_distributor")]) from error
    Account.objects.filter(pk=reseller_id).update(upline_id=distributor_id)
    Standing.objects.filter(organisation_id=reseller_id, valid_to=None).update(upline_id=distributor_id)
    grant_seat(actor, grantor_id=reseller_id, holder_id=distributor_id, scope=RESELLER_SCOPE)
    record(
        actor,
        "reseller.linked",
        subject_kind="partner",
        subject_id=reseller_id,
        partner_id=reseller_id,
        upline_id=distributor_id,
        link=link.pk,
    )
    return link.pk


def _link_facts(actor: Actor, distributor_id: UUID, reseller_id: UUID) -> rules.LinkFacts:
    upper, lower = queries.account(actor, distributor_id), queries.account(actor, reseller_id)
    has, had = queries.was_linked(reseller_id)
    return rules.LinkFacts(
        upper_identity=upper.identity,
        lower_identity=lower.identity,
        upper_site=upper.site,
        lower_site=lower.site,
        upper_state=upper.state,
        has_distributor=has,
        had_distributor=had,
    )


@action
def set_standing(actor: Actor, *, organisation_id: UUID, aspect: str, value: str, since: datetime) -> UUID:
    """Change what an account is (identity, tier or state) from an instant on; what it was stays in the record.

    Rules:   S-001, S-005.
    Raises:  NotAllowed; NotFound; Refused; Conflict when it is that already, or was changed meanwhile.
    Records: standing.changed
    """
    require(actor, Can.VENDOR_PARTNER_MANAGE)
    account = queries.account(actor, organisation_id)
    open_rows = Standing.objects.visible_to(actor).filter(organisation_id=organisation_id, aspect=aspect, valid_to=None)
    last = open_rows.select_for_update().first()
    rules.STANDING.check(
        rules.StandingFacts(
            aspect=aspect,
            value=value,
            begins_later_than_last=last is None or since > last.valid_from,
            is_linked=queries.was_linked(organisation_id)[0],
        )
    )
    if last is not None and last.value == value:
        raise Conflict("standing_unchanged", value=value)
    open_rows.update(valid_to=since)
    row = Standing(
        organisation_id=organisation_id, upline_id=account.upline_id, aspect=aspect, value=value, valid_from=since
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        # Another change came first, or lies ahead: two rows of one aspect may not overlap.
        raise Conflict("standing_changed", aspect=aspect) from error
    record(
        actor,
        "standing.changed",
        subject_kind="partner",
        subject_id=organisation_id,
        partner_id=organisation_id,
        upline_id=account.upline_id,
        aspect=aspect,
        before=last.value if last else "",
        after=value,
        since=since,
    )
    return row.pk


# Contacts for customers -----------------------------------------------------------------------------------------------


@action
def add_contact(actor: Actor, *, name: str, duty: str = "", phone: str = "", email: str = "") -> UUID:
    """Name somebody whom the account's customers may call.

    Rules:   L-194.
    Raises:  NotAllowed; Refused.
    Records: customer_contact.added, no names
    """
    require(actor, Can.CUSTOMER_CONTACT_MANAGE)
    others = queries.hold_contacts(actor)
    most = pack(actor.site, actor.at).number("partners.most_customer_contacts")
    rules.CONTACT.check(rules.ContactFacts(len(others), most, phone, email))
    row = CustomerContact(
        organisation_id=actor.seat_id, name=name, duty=duty, phone=phone, email=email, made_at=actor.at
    )
    row.save(force_insert=True)
    record(actor, "customer_contact.added", subject_kind="customer_contact", subject_id=row.pk, partner_id=actor.seat)
    return row.pk


@action
def change_contact(
    actor: Actor, *, contact_id: UUID, name: str, duty: str = "", phone: str = "", email: str = ""
) -> None:
    """Change what customers read of a contact.

    Rules:   L-194.
    Raises:  NotAllowed; NotFound; Refused.
    Records: customer_contact.changed, no names
    """
    row, others = _contact(actor, contact_id)
    most = pack(actor.site, actor.at).number("partners.most_customer_contacts")
    rules.CONTACT.check(rules.ContactFacts(others, most, phone, email))
    row.name, row.duty, row.phone, row.email = name, duty, phone, email
    row.save(update_fields=["name", "duty", "phone", "email"])
    record(actor, "customer_contact.changed", subject_kind="customer_contact", subject_id=row.pk, partner_id=actor.seat)


@action
def remove_contact(actor: Actor, *, contact_id: UUID) -> None:
    """Take a contact away; of the last one, customers are shown the account's own data again.

    Rules:   L-194.
    Raises:  NotAllowed; NotFound.
    Records: customer_contact.removed
    """
    row, _ = _contact(actor, contact_id)
    id_ = row.pk
    row.delete()
    record(actor, "customer_contact.removed", subject_kind="customer_contact", subject_id=id_, partner_id=actor.seat)


def _contact(actor: Actor, contact_id: UUID) -> tuple[CustomerContact, int]:
    """A contact of the seat's, and how many others there are."""
    require(actor, Can.CUSTOMER_CONTACT_MANAGE)
    all_ = queries.hold_contacts(actor)
    found = next((each for each in all_ if each.pk == contact_id), None)
    if found is None:
        raise NotFound("contact")
    return found, len(all_) - 1
