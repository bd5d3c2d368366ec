"""When an account may become a partner's customer, and when the two may part. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from partner_center.kernel.rules import Rule, RuleBook, RuleTable

BOOK = RuleBook.beside(__file__)

CONSULTING, RESALE = 1, 2
MODELS = {CONSULTING: "consulting", RESALE: "resale"}
LONGEST_REASON = 200


def shift_months(at: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The same local day and hour some months on or back; the month's last day where it has no such day."""
    local = at.astimezone(zone)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


# What a person wrote ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReasonFacts:
    """The reason given for founding or ending a relation."""

    text: str


REASON: RuleTable[ReasonFacts] = BOOK.table(
    Rule("S-195", "reason_missing", lambda f: bool(f.text.strip())),
    Rule(
        "S-195.length",
        "reason_too_long",
        lambda f: len(f.text) <= LONGEST_REASON,
        lambda f: {"actual": len(f.text), "required": LONGEST_REASON},
    ),
)

# Associating ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AssociateFacts:
    """An account and the partner whose customer it is to become."""

    type: int
    models: tuple[str, ...]
    customer_site: str
    partner_site: str
    has_partner: bool
    is_partners_company: bool
    may_resell: bool
    locked_orders: tuple[str, ...] = ()


NO_ORDER_HOLDS: Rule[Any] = Rule(
    "S-201",
    "voucher_locked_by_order",
    lambda f: not f.locked_orders,
    lambda f: {"actual": ", ".join(f.locked_orders), "count": len(f.locked_orders)},
)
NO_MANAGED_MEMBER: Rule[Any] = Rule(
    "S-206", "customer_finance_managed", lambda f: f.type != CONSULTING or not f.is_finance_managed
)

ASSOCIATE: RuleTable[AssociateFacts] = BOOK.table(
    Rule(
        "S-020",
        "model_not_offered",
        lambda f: MODELS.get(f.type, "") in f.models,
        lambda f: {"actual": MODELS.get(f.type, str(f.type)), "required": ", ".join(f.models)},
    ),
    Rule(
        "S-140",
        "registered_other_site",
        lambda f: f.customer_site == f.partner_site,
        lambda f: {"actual": f.customer_site, "required": f.partner_site},
    ),
    Rule("S-141", "associated_other_partner", lambda f: not f.has_partner),
    Rule("S-142", "is_partner", lambda f: not f.is_partners_company, about="company"),
    Rule("S-168", "partner_prepaid_no_reseller", lambda f: f.type != RESALE or f.may_resell),
    # What a previous partner's vouchers are held for would otherwise be taken from under the order.
    NO_ORDER_HOLDS,
)

# Parting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DisassociateFacts:
    """A partner about to leave its customer."""

    is_administrator: bool
    in_own_seat: bool
    type: int
    is_finance_managed: bool
    requests: int
    most_requests: int
    next_request_at: datetime
    locked_orders: tuple[str, ...]
    partner_state: str = "active"


DISASSOCIATE: RuleTable[DisassociateFacts] = BOOK.table(
    Rule("S-190", "not_administrator", lambda f: f.is_administrator),
    Rule("S-190.seat", "not_own_customer", lambda f: f.in_own_seat),
    Rule(
        "S-215",
        "partner_frozen",
        lambda f: f.partner_state != "frozen",
        lambda f: {"actual": f.partner_state, "required": "active"},
    ),
    Rule(
        "S-191",
        "requested_lately",
        lambda f: f.requests < f.most_requests,
        lambda f: {"actual": f.requests, "required": f.most_requests, "until": f.next_request_at},
    ),
    NO_ORDER_HOLDS,
    NO_MANAGED_MEMBER,
)

# Switching the model ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SwitchFacts:
    """A customer that is to be its partner's in the other model: `type` is today's, `to` the one asked for."""

    type: int
    to: int
    models: tuple[str, ...]
    may_resell: bool
    is_independent_member: bool
    is_finance_managed: bool
    locked_orders: tuple[str, ...]


SWITCH: RuleTable[SwitchFacts] = BOOK.table(
    Rule(
        "S-020",
        "model_not_offered",
        lambda f: MODELS.get(f.to, "") in f.models,
        lambda f: {"actual": MODELS.get(f.to, str(f.to)), "required": ", ".join(f.models)},
    ),
    Rule("S-197", "same_type", lambda f: f.type != f.to, lambda f: {"actual": MODELS.get(f.type, str(f.type))}),
    Rule("S-168", "partner_prepaid_no_reseller", lambda f: f.to != RESALE or f.may_resell),
    Rule("S-198", "independent_member", lambda f: not f.is_independent_member),
    NO_ORDER_HOLDS,
    NO_MANAGED_MEMBER,
)
