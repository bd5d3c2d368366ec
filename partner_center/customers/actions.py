"""Writing customers: opening accounts, labels, and the rows of an association for the verbs above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from partner_center.access.actions import NewAccount, login_taken, logins_taken, open_accounts
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.customers import queries, rules
from partner_center.customers.models import Account, Association
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.rules import check_all


@dataclass(frozen=True)
class NewCustomer:
    """A customer's account about to be opened; `person` is its main user, as for `open_customer`."""

    site: str
    name_zh: str
    name_en: str
    account_name: str
    login: str
    display_name: str
    registered_at: datetime | None = None
    uscc: str = ""
    country_code: str = "CN"
    verified_status: int = -1
    customer_type: int = -1
    level: str = "V0"
    is_finance_managed: bool = False
    is_independent_member: bool = False
    person: Mapping[str, str] = field(default_factory=dict)


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
    new = NewCustomer(
        site=site,
        name_zh=name_zh,
        name_en=name_en,
        account_name=account_name,
        login=login,
        display_name=display_name,
        registered_at=registered_at,
        uscc=uscc,
        country_code=country_code,
        verified_status=verified_status,
        customer_type=customer_type,
        level=level,
        is_finance_managed=is_finance_managed,
        is_independent_member=is_independent_member,
        person=person,
    )
    return _write_customers(actor, [new])[0]


@action
def open_customers(actor: Actor, *, customers: Sequence[NewCustomer]) -> tuple[OpenedCustomer, ...]:
    """Open many customers' accounts at once, all or none; the same rules as for one, asked of each.

    Rules:   S-112, S-250.
    Raises:  NotAllowed; Refused; Conflict when a login name is taken.
    Records: customer.opened
    """
    require(actor, Can.VENDOR_CUSTOMER_MANAGE)
    names, logins = [new.account_name for new in customers], [new.login for new in customers]
    taken = queries.names_taken(names) | _twice(names)
    check_all(
        *(
            rules.OPEN.broken(
                rules.OpenFacts(
                    new.site,
                    new.level,
                    new.verified_status,
                    new.customer_type,
                    new.account_name in taken,
                    new.account_name,
                ),
                new.account_name,
            )
            for new in customers
        )
    )
    if somebodys := logins_taken(logins) | _twice(logins):
        raise Conflict("login_taken", login=", ".join(sorted(somebodys)))
    return _write_customers(actor, customers)


def _twice(names: Iterable[str]) -> set[str]:
    return {name for name, times in Counter(names).items() if times > 1}


def _write_customers(actor: Actor, customers: Sequence[NewCustomer]) -> tuple[OpenedCustomer, ...]:
    accounts = [
        NewAccount(new.site, new.name_zh, new.name_en, new.login, new.display_name, new.person) for new in customers
    ]
    opened = open_accounts(actor, kind="customer", role="customer_administrator", accounts=accounts)
    rows = [_row(actor, organisation, new) for (organisation, _), new in zip(opened, customers, strict=True)]
    try:
        with transaction.atomic():
            Account.objects.bulk_create(rows)
    except IntegrityError as error:  # somebody took a name between our question and our write
        taken = sorted(queries.names_taken([row.account_name for row in rows]))
        broken = [rules.BOOK.broken("S-112.taken", "account_name_taken", actual=name) for name in taken]
        raise Refused(broken) from error
    for organisation, _ in opened:
        record(actor, "customer.opened", subject_kind="customer", subject_id=organisation, customer_id=organisation)
    return tuple(OpenedCustomer(*ids) for ids in opened)


def _row(actor: Actor, organisation: UUID, new: NewCustomer) -> Account:
    return Account(
        organisation_id=organisation,
        site=new.site,
        account_name=new.account_name,
        real_name_zh=new.name_zh,
        real_name_en=new.name_en or new.name_zh,
        uscc=new.uscc or None,
        phone=new.person.get("phone", ""),
        email=new.person.get("email", ""),
        country_code=new.country_code,
        verified_status=new.verified_status,
        customer_type=new.customer_type,
        level=new.level,
        is_finance_managed=new.is_finance_managed,
        is_independent_member=new.is_independent_member,
        registered_at=new.registered_at or actor.at,
    )


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


@dataclass(frozen=True)
class NewAssociation:
    """That an account is about to become a partner's customer."""

    customer_id: UUID
    partner_id: UUID
    upline_id: UUID | None
    type: int
    xaccount_id: str = ""
    xaccount_type: str = ""
    label: str = ""


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
    row = NewAssociation(customer_id, partner_id, upline_id, type, xaccount_id, xaccount_type, label)
    return associate_all_rows(actor, [row], reason)[0]


def associate_all_rows(actor: Actor, rows: Sequence[NewAssociation], reason: str = "") -> tuple[UUID, ...]:
    """The same for many. Raises: Conflict when one of them became somebody's meanwhile."""
    made = [Association(id=new_id(), associated_at=actor.at, made_reason=reason, **asdict(row)) for row in rows]
    with seated(actor.for_system("S-025: whose customer it is from now on")):
        try:
            with transaction.atomic():
                Association.objects.bulk_create(made)
        except IntegrityError as error:
            raise Conflict("customer_associated") from error
        with connection.cursor() as cursor:
            cursor.execute(_OWN, [[row.pk for row in made]])
    return tuple(row.pk for row in made)


_OWN = """
    UPDATE customers_account AS mine SET partner_id = made.partner_id, upline_id = made.upline_id
    FROM customers_association AS made WHERE made.id = ANY (%s) AND mine.organisation_id = made.customer_id
"""


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
