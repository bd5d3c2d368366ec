"""What may be published, who signs what, and what is barred until then. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from partner_center.kernel.rules import Rule, RuleBook, RuleTable

BOOK = RuleBook.beside(__file__)
SITES = ("cloud-cn", "cloud-intl")
LEVELS = ("company", "person")
CODES: Mapping[str, tuple[str, str]] = {
    "code_of_conduct": ("合作伙伴行为准则", "Partner code of conduct"),
    "programme_agreement": ("伙伴计划合作协议", "Programme agreement"),
    "association_statement": ("个人信息关联声明", "Statement of personal association"),
}
# What an agreement can govern, by the key that verbs ask with.
GOVERNED: Mapping[str, tuple[str, str]] = {
    "vouchers.issue": ("发放代金券", "issuing vouchers"),
    "vouchers.pass_on": ("向云经销商发放额度", "passing quota on"),
    "customers.associate": ("关联客户", "associating customers"),
    "customers.invite": ("拓展客户", "winning customers"),
    "resellers.invite": ("邀请云经销商", "inviting resellers"),
}
MOST_GRACE_DAYS, LONGEST_TEXT = 365, 200_000

# Publishing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublishFacts:
    """A version about to be published; `numbers` are those its agreement has had."""

    code: str
    number: str
    numbers: frozenset[str]
    titles: tuple[str, str]
    texts: tuple[str, str]
    governs: tuple[str, ...]
    grace_days: int
    effective_at: datetime
    at: datetime

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.governs) - set(GOVERNED)))


PUBLISH: RuleTable[PublishFacts] = BOOK.table(
    Rule("L-039.code", "agreement_unknown", lambda f: f.code in CODES, lambda f: {"actual": f.code}),
    Rule(
        "L-039.number",
        "version_number_used",
        lambda f: bool(f.number.strip()) and len(f.number) <= 16 and f.number not in f.numbers,
        lambda f: {"actual": f.number or "—"},
    ),
    Rule("L-039.titles", "title_missing", lambda f: all(0 < len(each.strip()) <= 120 for each in f.titles)),
    Rule("L-039.texts", "text_missing", lambda f: all(0 < len(each.strip()) <= LONGEST_TEXT for each in f.texts)),
    Rule("L-040.governs", "governs_unknown", lambda f: not f.unknown, lambda f: {"actual": ", ".join(f.unknown)}),
    Rule(
        "L-040.grace",
        "grace_out_of_range",
        lambda f: 0 <= f.grace_days <= MOST_GRACE_DAYS,
        lambda f: {"actual": f.grace_days, "required": MOST_GRACE_DAYS},
    ),
    Rule(
        "L-040.effective",
        "effective_in_the_past",
        lambda f: f.effective_at >= f.at - timedelta(days=1),
        lambda f: {"actual": f.effective_at, "required": f.at},
    ),
)

# Signing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignFacts:
    """A version that somebody is about to sign."""

    level: str
    is_latest: bool
    binds: tuple[str, ...]
    identity: str
    is_main_account: bool
    is_administrator: bool
    signed_already: bool
    same_text: bool = True


SIGN: RuleTable[SignFacts] = BOOK.table(
    Rule("L-039.latest", "version_superseded", lambda f: f.is_latest),
    Rule("L-039.text", "another_text", lambda f: f.same_text),
    Rule(
        "L-030",
        "agreement_not_for_this_partner",
        lambda f: not f.binds or f.identity in f.binds,
        lambda f: {"actual": f.identity or "—", "required": ", ".join(f.binds)},
    ),
    Rule("L-041", "main_account_signs", lambda f: f.level != "company" or f.is_main_account),
    Rule("L-041.administrator", "administrator_signs", lambda f: f.level != "company" or f.is_administrator),
    Rule("L-039.once", "signed_already", lambda f: not f.signed_already),
)


def due_at(effective_at: datetime, concerned_since: datetime, grace_days: int) -> datetime:
    """From when on what a version governs is barred without a signature: after grace, counted from when it concerns.

    Rules: L-040.
    """
    return max(effective_at, concerned_since) + timedelta(days=grace_days)


def titles(codes: Iterable[str]) -> list[str]:
    return [" / ".join(CODES[code]) if code in CODES else code for code in codes]


# Declaring relationships -----------------------------------------------------------------------------------------

RELATIONS: Mapping[str, tuple[str, str]] = {
    "relative": ("亲属", "relative"),
    "former_employee": ("离职员工", "former employee"),
    "shareholding": ("持股", "shareholding"),
    "post": ("兼任职务", "holds a post"),
    "other": ("其他", "other"),
}
_ASKED = ("vendor_person", "vendor_department", "partner_person", "partner_position", "relation")


@dataclass(frozen=True)
class DeclareFacts:
    """A declaration: none, or the relationships one by one."""

    none_to_declare: bool
    relations: tuple[Mapping[str, str], ...]
    is_main_account: bool
    is_administrator: bool
    affirmed: bool = field(default=True)

    @property
    def incomplete(self) -> tuple[int, ...]:
        """Which relationships, counted from one, lack something that is asked of each."""
        return tuple(n for n, each in enumerate(self.relations, 1) if not _complete(each))


def _complete(relation: Mapping[str, str]) -> bool:
    return all(str(relation.get(name, "")).strip() for name in _ASKED) and relation["relation"] in RELATIONS


DECLARE: RuleTable[DeclareFacts] = BOOK.table(
    Rule("L-041.declare", "main_account_declares", lambda f: f.is_main_account and f.is_administrator),
    Rule("L-042.either", "none_or_some", lambda f: f.none_to_declare != bool(f.relations)),
    Rule(
        "L-042.complete",
        "relation_incomplete",
        lambda f: not f.incomplete,
        lambda f: {"actual": ", ".join(map(str, f.incomplete))},
    ),
    Rule("L-042.affirmed", "truth_not_affirmed", lambda f: f.affirmed),
)


def declared_until(years: Sequence[datetime], months: int = 12) -> datetime | None:
    """Until when the newest of these declarations holds. Rules: L-042."""
    return max(years) + timedelta(days=round(months * 365 / 12)) if years else None
