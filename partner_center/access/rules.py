"""Rules of users, roles, sign-in and verification codes. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from partner_center.kernel.rules import Rule, RuleBook, RuleTable

BOOK = RuleBook.beside(__file__)
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Item:
    """A permission item: its code and its path of names, which is the menu's path."""

    name: str
    code: str
    zh: str
    en: str
    documented: bool


@cache
def items() -> Mapping[str, Item]:
    rows = tomllib.loads((Path(__file__).parent / "permissions.toml").read_text(encoding="utf-8"))
    return {
        name: Item(name, row["item"], row["zh"], row["en"], row.get("documented", False)) for name, row in rows.items()
    }


@dataclass(frozen=True)
class Role:
    """A preset role: who may hold it and which items it brings."""

    code: str
    audience: str
    zh: str
    en: str
    grants: tuple[str, ...]


@cache
def roles() -> Mapping[str, Role]:
    rows = tomllib.loads((Path(__file__).parent / "roles.toml").read_text(encoding="utf-8"))
    return {code: Role(code, row["audience"], row["zh"], row["en"], tuple(row["grants"])) for code, row in rows.items()}


def permissions_of(role_codes: tuple[str, ...], audience: str, is_main: bool) -> frozenset[str]:
    """The item codes a user holds. The account itself (its main user) may do everything its audience can.

    Rules: S-590, S-580.
    """
    known = roles()
    held = {item for code in role_codes if code in known for item in known[code].grants}
    if is_main:
        held |= {item for role in known.values() if role.audience == audience for item in role.grants}
    return frozenset(items()[name].code for name in held)


# Roles of a member -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MemberFacts:
    """The roles a member is to hold."""

    roles: tuple[str, ...]
    audience: str
    most: int = 3


def _known(facts: MemberFacts) -> bool:
    return all(code in roles() and roles()[code].audience == facts.audience for code in facts.roles)


MEMBER: RuleTable[MemberFacts] = BOOK.table(
    Rule(
        "S-570",
        "member_role_count",
        lambda f: 1 <= len(set(f.roles)) <= f.most,
        lambda f: {"actual": len(set(f.roles)), "required": f.most},
    ),
    Rule("S-570.known", "member_role_unknown", _known, lambda f: {"actual": ", ".join(f.roles)}),
    Rule(
        "S-571",
        "administrator_excludes_others",
        lambda f: ADMINISTRATOR not in f.roles or len(set(f.roles)) == 1,
        lambda f: {"actual": len(set(f.roles)) - 1, "required": 0},
    ),
    Rule(
        "S-572",
        "manager_excludes_director",
        lambda f: not {"account_manager", "account_director"} <= set(f.roles),
    ),
)

# Verification codes ----------------------------------------------------------------------------------------------

CODE_DIGITS = 6
GUARDED: Mapping[str, str] = {
    "vouchers.issue": "S-562",
    "vouchers.reclaim": "S-562",
    "vouchers.pass_on": "S-562",
    "vouchers.reclaim_quota": "S-562",
    "relationships.disassociate": "S-562",
    "exports.request_unmasked": "S-562",
    # Whoever took over a session must not go round the codes by a key, or by turning them off.
    "access.make_key": "S-562",
    "access.switch_verification": "S-562",
}


def code_life(minutes: int | None, *, default: int, longest: int, fallback: int) -> timedelta:
    """How long a code lives: what was asked for, the default, or the fallback when too much was asked.

    Rules: S-563.
    """
    if minutes is None:
        return timedelta(minutes=default)
    return timedelta(minutes=minutes if 1 <= minutes <= longest else fallback)


@dataclass(frozen=True)
class CodeFacts:
    """A code that was entered for an operation."""

    sent: bool
    matches: bool
    wrong_tries: int
    expires_at: datetime
    now: datetime
    most_tries: int = 3


CODE: RuleTable[CodeFacts] = BOOK.table(
    Rule("S-562", "verification_code_required", lambda f: f.sent),
    Rule(
        "S-563.void",
        "verification_code_void",
        lambda f: f.wrong_tries <= f.most_tries,
        lambda f: {"actual": f.wrong_tries, "required": f.most_tries},
    ),
    Rule(
        "S-563.expired",
        "verification_code_expired",
        lambda f: not f.sent or f.now < f.expires_at,
        lambda f: {"actual": f.now, "required": f.expires_at},
    ),
    Rule(
        "S-563.wrong",
        "verification_code_wrong",
        lambda f: not f.sent or f.matches,
        lambda f: {"actual": f.wrong_tries, "required": f.most_tries},
    ),
)

# Sites -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SiteFacts:
    """The site of an account and the site of the page or interface it uses."""

    account_site: str
    page_site: str


SITE: RuleTable[SiteFacts] = BOOK.table(
    Rule(
        "S-604",
        "wrong_site",
        lambda f: f.account_site == f.page_site,
        lambda f: {"actual": f.account_site, "required": f.page_site},
    ),
)


def advises_other_site(facts: SiteFacts, hidden: bool) -> bool:
    """Whether the page shows the banner that advises the account's own site.

    Rules: S-600, S-601, S-602, S-603, L-300.
    """
    return facts.account_site != facts.page_site and not hidden
