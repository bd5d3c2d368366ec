"""Writing customers: opening accounts, labels, and the rows of an association for the verbs above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_center.access.actions import add_main_user, login_taken, open_organisation
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.customers import queries, rules
from partner_center.customers.models import Account, Association
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.kernel.ids import new_id


@dataclass(frozen=True)
class OpenedCustomer:
    """A new customer's account and its main user."""

    organisation_id: UUID
    user_id: UUID


@action
def open_customer(
    actor: Actor,
    *,
    site: str,
    name_zh: str,
    name_en: str,
    account_name: str,
    login: str,
    display_name: str,
    registered_at: datetime | None = None,
    uscc: str = "",
    country_code: str = "CN",
    verified_status: int = -1,
    customer_type: int = -1,
    level: str = "V0",
    is_finance_managed: bool = False,
    is_independent_member: bool = False,
    **person: str,
) -> OpenedCustomer:
    """Open a customer's account, which is nobody's customer yet.

    `person` is the main user: password, display_name_en, email, phone, language.
    Rules:   S-112, S-250.
    Raises:  NotAllowed; Refused; Conflict when the login name is taken.
    Records: customer.opened
    """
    require(actor, Can.VENDOR_CUSTOMER_MANAGE)
    taken = queries.name_taken(account_name)
    rules.OPEN.check(rules.OpenFacts(site, level, verified_status, customer_type, taken, account_name))
    if login_taken(login):
        raise Conflict("login_taken", login=login)
    organisation = open_organisation(actor, kind="customer", site=site, name_zh=name_zh, name_en=name_en)
    row = Account(
        organisation_id=organisation,
        site=site,
        account_name=account_name,
        real_name_zh=name_zh,
        real_name_en=name_en or name_zh,
        uscc=uscc or None,
        phone=person.get("phone", ""),
        email=person.get("email", ""),
        country_code=country_code,
        verified_status=verified_status,
        customer_type=customer_type,
        level=level,
        is_finance_managed=is_finance_managed,
        is_independent_member=is_independent_member,
        registered_at=registered_at or actor.at,
    )
    try:
        row.save(force_insert=True)
    except IntegrityError as error:  # somebody took the name between our question and our write
        raise Refused([rules.BOOK.broken("S-112.taken", "account_name_taken", actual=account_name)]) from error
    main = {"login": login, "display_name": display_name, "role": "customer_administrator"}
    user = add_main_user(actor, organisation_id=organisation, **main, **person)
    record(actor, "customer.opened", subject_kind="customer", subject_id=organisation, customer_id=organisation)
    return OpenedCustomer(organisation, user)


@action
def label(actor: Actor, *, customer_id: UUID, text: str) -> None:
    """Put the partner's own label on its customer; an empty text takes it off.

    Rules:   S-251, S-258.
    Raises:  NotAllowed; NotFound; Refused.
    Records: customer.labelled
    """
    require(actor, Can.CUSTOMER_VIEW)
    rules.LABEL.check(rules.LabelFacts(text))
    mine = Association.objects.visible_to(actor, as_="partner").filter(customer_id=customer_id, state="active")
    found = mine.first()
    if found is None:
        raise NotFound("customer")
    mine.update(label=text)
    record(
        actor,
        "customer.labelled",
        subject_kind="customer",
        subject_id=customer_id,
        partner_id=found.partner_id,
        upline_id=found.upline_id,
    )


@action
def reveal(actor: Actor, *, column: str, customer_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Look at a masked column of these customers; those the actor may not see are left out. Returns who was looked at.

    Rules:   S-255.
    Raises:  NotAllowed; NotFound for a column that is not masked.
    Records: customer.column_revealed
    """
    require(actor, Can.CUSTOMER_VIEW, Can.CUSTOMER_VIEW_RESELLERS, Can.VENDOR_CUSTOMER_VIEW)
    if column not in rules.MASKED:
        raise NotFound("column")
    seen = Account.objects.visible_to(actor).filter(pk__in=list(customer_ids)).values_list("pk", flat=True)
    found = tuple(sorted(seen))
    one = len(found) == 1
    record(
        actor,
        "customer.column_revealed",
        subject_kind="customer" if one else "organisation",
        subject_id=found[0] if one else actor.seat_id,
        partner_id=actor.seat if actor.audience == "partner" else None,
        column=column,
        customers=list(found),
    )
    return found


# Rows of an association: parts of the verbs that associate and part, which check and record -------------------------


def associate_rows(
    actor: Actor,
    *,
    customer_id: UUID,
    partner_id: UUID,
    upline_id: UUID | None,
    type: int,
    reason: str = "",
    xaccount_id: str = "",
    xaccount_type: str = "",
    label: str = "",
) -> UUID:
    """Make an account a partner's customer. Part of the verb that associates.

    Raises: Conflict when it became somebody's meanwhile.
    """
    row = Association(
        id=new_id(),
        customer_id=customer_id,
        partner_id=partner_id,
        upline_id=upline_id,
        type=type,
        associated_at=actor.at,
        made_reason=reason,
        xaccount_id=xaccount_id,
        xaccount_type=xaccount_type,
        label=label,
    )
    with seated(actor.for_system("S-025: whose customer it is from now on")):
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict("customer_associated") from error
        Account.objects.filter(pk=customer_id).update(partner_id=partner_id, upline_id=upline_id)
    return row.pk


def end_association_rows(actor: Actor, *, association_id: UUID, by: str, reason: str) -> None:
    """End an association: its row keeps its parties, the account is nobody's. Part of the verb that parts them.

    Raises: Conflict when it ended meanwhile.
    """
    # The customer's row leaves the partner's sight with this, which its own seat could not write.
    with seated(actor.for_system("S-025: nobody's customer from now on")):
        live = Association.objects.filter(pk=association_id, state__in=rules.ASSOCIATION.sources("end"))
        ended = {"ended_at": actor.at, "ended_by": by, "ended_reason": reason}
        if not live.update(state=rules.ASSOCIATION.target("end"), **ended):
            raise Conflict("association_ended")
        customers = Association.objects.filter(pk=association_id).values("customer_id")
        Account.objects.filter(pk__in=customers).update(partner_id=None, upline_id=None)
