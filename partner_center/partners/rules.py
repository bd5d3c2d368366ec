"""What a partner's account may be, and to whom it may be linked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stdnum.cn import uscc as social_credit
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.rules import Rule, RuleBook, RuleTable
from partner_center.reviews.rules import read_kind

BOOK = RuleBook.beside(__file__)

SOLUTION_PROVIDER, DISTRIBUTOR, RESELLER = "solution_provider", "distributor", "reseller"
# A partner that hands a government's subsidies out to companies named beforehand (S-382).
SUBSIDY = "subsidy"
ASPECTS: Mapping[str, tuple[str, ...]] = {
    "identity": (SOLUTION_PROVIDER, DISTRIBUTOR, RESELLER, SUBSIDY),
    "tier": ("standard", "advanced", "premier", "core"),
    "state": ("active", "restricted", "frozen"),
}
LINK = Lifecycle(start="active", moves={"end": ("active", "ended")})
USCC_DIGITS = 18
USCC_SITE = "cloud-cn"
# What a company's main account may ask to have changed; the credit code is not among it (L-008).
EDITABLE = ("name_zh", "name_en", "legal_representative", "registered_address", "industry")
COMPANY_CHANGE = read_kind(__file__, "company_change")

# The unified social credit code -----------------------------------------------------------------------------------


def uscc_fault(code: str) -> str:
    """What is wrong with a unified social credit code: `length`, `digit`, `form`, or nothing.

    Rules: L-011.
    """
    try:
        social_credit.validate(code)
    except InvalidLength:
        return "length"
    except InvalidChecksum:
        return "digit"
    except ValidationError:
        return "form"
    return "" if code == social_credit.compact(code) else "form"


def uscc_digit(code: str) -> str:
    """The check digit that the first 17 places ask for; a dash where they allow none."""
    try:
        return str(social_credit.calc_check_digit(code[: USCC_DIGITS - 1]))
    except (ValueError, ValidationError, IndexError):
        return "—"


# Whoever comes new, be it opened by the vendor or joining by itself --------------------------------------------------


@dataclass(frozen=True)
class NewcomerFacts:
    """What a company says it is; a further account of a known company names no code again."""

    site: str
    identity: str
    uscc: str
    company_known: bool = False


def _code_fault(facts: NewcomerFacts) -> str:
    return uscc_fault(facts.uscc) if facts.site == USCC_SITE and not facts.company_known else ""


NEWCOMER: RuleTable[NewcomerFacts] = BOOK.table(
    Rule(
        "S-001",
        "identity_unknown",
        lambda f: f.identity in ASPECTS["identity"],
        lambda f: {"actual": f.identity or "—", "required": ", ".join(ASPECTS["identity"])},
    ),
    Rule(
        "L-011.length",
        "uscc_length",
        lambda f: _code_fault(f) != "length",
        lambda f: {"actual": len(f.uscc), "required": USCC_DIGITS},
        about="company",
    ),
    Rule("L-011.form", "uscc_form", lambda f: _code_fault(f) != "form", lambda f: {"actual": f.uscc}, about="company"),
    Rule(
        "L-011.digit",
        "uscc_check_digit",
        lambda f: _code_fault(f) != "digit",
        lambda f: {"actual": f.uscc[-1:], "required": uscc_digit(f.uscc)},
        about="company",
    ),
)


# Opening an account -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenFacts:
    """An account about to be opened for a new company, or as a further one of a known company."""

    site: str
    tier: str
    uscc: str
    company_known: bool
    company_site: str
    uscc_taken: bool


OPEN: RuleTable[OpenFacts] = BOOK.table(
    Rule(
        "L-110",
        "tier_unknown",
        lambda f: not f.tier or f.tier in ASPECTS["tier"],
        lambda f: {"actual": f.tier, "required": ", ".join(ASPECTS["tier"])},
    ),
    Rule(
        "L-005",
        "company_has_account",
        lambda f: f.company_known or not f.uscc_taken,
        lambda f: {"actual": f.uscc},
        about="company",
    ),
    Rule(
        "L-307.company",
        "company_of_other_site",
        lambda f: not f.company_known or f.company_site == f.site,
        lambda f: {"actual": f.company_site, "required": f.site},
        about="company",
    ),
)

# Linking a reseller -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LinkFacts:
    """A reseller about to be put under a distributor."""

    upper_identity: str
    lower_identity: str
    upper_site: str
    lower_site: str
    upper_state: str
    has_distributor: bool
    had_distributor: bool


LINKING: RuleTable[LinkFacts] = BOOK.table(
    Rule(
        "S-004.distributor",
        "not_a_distributor",
        lambda f: f.upper_identity == DISTRIBUTOR,
        lambda f: {"actual": f.upper_identity or "—", "required": DISTRIBUTOR},
    ),
    Rule(
        "S-004.reseller",
        "not_a_reseller",
        lambda f: f.lower_identity == RESELLER,
        lambda f: {"actual": f.lower_identity or "—", "required": RESELLER},
    ),
    Rule("S-004", "reseller_has_distributor", lambda f: not f.has_distributor),
    Rule("S-005", "reseller_had_distributor", lambda f: f.has_distributor or not f.had_distributor),
    Rule(
        "L-307",
        "link_across_sites",
        lambda f: f.upper_site == f.lower_site,
        lambda f: {"actual": f.lower_site, "required": f.upper_site},
    ),
    Rule(
        "L-288",
        "distributor_not_active",
        lambda f: f.upper_state == "active",
        lambda f: {"actual": f.upper_state or "—", "required": "active"},
    ),
)

# Standing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StandingFacts:
    """A change of what an account is, from an instant on."""

    aspect: str
    value: str
    begins_later_than_last: bool
    is_linked: bool


STANDING: RuleTable[StandingFacts] = BOOK.table(
    Rule(
        "S-001.standing",
        "standing_unknown",
        lambda f: f.value in ASPECTS.get(f.aspect, ()),
        lambda f: {"actual": f.value, "required": ", ".join(ASPECTS.get(f.aspect, ()))},
    ),
    Rule("S-001.order", "standing_out_of_order", lambda f: f.begins_later_than_last),
    Rule("S-005.identity", "identity_is_linked", lambda f: f.aspect != "identity" or not f.is_linked),
)

# Changing a company's base information ------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChangeFacts:
    """A change of base information that an account asks for."""

    is_main: bool
    uscc: str
    uscc_wanted: str
    name_zh: str
    differs: bool
    pending: str


CHANGE: RuleTable[ChangeFacts] = BOOK.table(
    Rule("L-006", "not_main_account", lambda f: f.is_main, about="company"),
    Rule(
        "L-008",
        "uscc_fixed",
        lambda f: f.uscc_wanted == f.uscc,
        lambda f: {"actual": f.uscc_wanted, "required": f.uscc or "—"},
        about="company",
    ),
    Rule("L-007.name", "company_nameless", lambda f: bool(f.name_zh), about="company"),
    Rule("L-007.nothing", "nothing_changed", lambda f: f.differs, about="company"),
    Rule("L-007.pending", "change_pending", lambda f: not f.pending, lambda f: {"actual": f.pending}, about="company"),
)


@dataclass(frozen=True)
class SupplementFacts:
    """A returned change as it is handed back."""

    is_main: bool
    touched: frozenset[str]
    reopened: frozenset[str]
    name_zh: str
    differs: bool


def _fields(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "—"


SUPPLEMENT: RuleTable[SupplementFacts] = BOOK.table(
    Rule("L-006", "not_main_account", lambda f: f.is_main, about="company"),
    Rule(
        "L-007.reopened",
        "field_not_reopened",
        lambda f: f.touched <= f.reopened,
        lambda f: {"actual": _fields(f.touched - f.reopened), "required": _fields(f.reopened)},
        about="company",
    ),
    Rule("L-007.name", "company_nameless", lambda f: bool(f.name_zh), about="company"),
    Rule("L-007.nothing", "nothing_changed", lambda f: f.differs, about="company"),
)


# Contacts for customers --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ContactFacts:
    """A contact about to stand among those that an account shows its customers."""

    others: int
    most: int
    phone: str
    email: str


CONTACT: RuleTable[ContactFacts] = BOOK.table(
    Rule(
        "L-194.most",
        "too_many_contacts",
        lambda f: f.others < f.most,
        lambda f: {"actual": f.others, "required": f.most},
    ),
    Rule("L-194.reach", "contact_unreachable", lambda f: bool(f.phone or f.email)),
)
