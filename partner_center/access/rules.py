"""Rules of users, roles, sign-in and verification codes. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from partner_center.kernel.rules import Rule, RuleBook, RuleTable

BOOK = RuleBook.beside(__file__)
ADMINISTRATOR = "administrator"
ACCOUNT_DIRECTOR, ACCOUNT_MANAGER = "account_director", "account_manager"


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


# What every role brings, an organisation's own too (S-580, L-210); each audience has those of them that it knows.
ALWAYS = ("HOME_VIEW", "ACCOUNT_VIEW", "KEY_MANAGE")
# What only administrators may do: not to be had by a role of one's own (S-581, L-214).
RESERVED = frozenset({"CUSTOMER_DISASSOCIATE", "MEMBER_MANAGE", "VERIFICATION_SWITCH"})


@cache
def items_of(audience: str) -> frozenset[str]:
    """The items that somebody of an audience can hold at all."""
    return frozenset(item for role in roles().values() if role.audience == audience for item in role.grants)


@cache
def always(audience: str) -> frozenset[str]:
    """The items of an audience that come with every role. Rules: S-580, L-210."""
    return items_of(audience) & frozenset(ALWAYS)


def permissions_of(
    role_codes: tuple[str, ...], audience: str, is_main: bool, own: Mapping[str, Sequence[str]] | None = None
) -> frozenset[str]:
    """The item codes a user holds. The account itself (its main user) may do everything its audience can.

    `own`: what the organisation's own roles among these bring; items that the audience does not know count for nothing.
    Rules: S-590, S-580.
    """
    known = roles()
    held = {item for code in role_codes if code in known for item in known[code].grants}
    for code, grants in (own or {}).items():
        if code in role_codes:
            held |= (items_of(audience) & frozenset(grants)) - RESERVED | always(audience)
    if is_main:
        held |= items_of(audience)
    return frozenset(items()[name].code for name in held)


# Roles of a member -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MemberFacts:
    """The roles a member is to hold."""

    roles: tuple[str, ...]
    audience: str
    most: int = 3
    # The codes of the organisation's own roles.
    custom: frozenset[str] = frozenset()


def _known(facts: MemberFacts) -> bool:
    known = roles()
    return all(
        code in facts.custom or (code in known and known[code].audience == facts.audience) for code in facts.roles
    )


def sees_all_customers(codes: Sequence[str]) -> bool:
    """An account manager with any further role sees every customer, which surprises. Rules: L-206."""
    return ACCOUNT_MANAGER in codes and len(set(codes)) > 1


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
        lambda f: not {ACCOUNT_MANAGER, ACCOUNT_DIRECTOR} <= set(f.roles),
    ),
)


@dataclass(frozen=True)
class SuperviseFacts:
    """Who is to be under whom: the roles each holds. No director puts a manager under nobody."""

    member: tuple[str, ...]
    director: tuple[str, ...] | None


SUPERVISE: RuleTable[SuperviseFacts] = BOOK.table(
    Rule("S-574.manager", "not_an_account_manager", lambda f: ACCOUNT_MANAGER in f.member),
    Rule(
        "S-574.director",
        "not_an_account_director",
        lambda f: f.director is None or ACCOUNT_DIRECTOR in f.director,
    ),
)


@dataclass(frozen=True)
class LeaveFacts:
    """Somebody whose sign-in is to end."""

    is_oneself: bool


LEAVE: RuleTable[LeaveFacts] = BOOK.table(Rule("S-581.self", "not_oneself", lambda f: not f.is_oneself))


@dataclass(frozen=True)
class PasswordFacts:
    """A new password, and the old one as it was entered."""

    old_is_right: bool
    is_another: bool


PASSWORD: RuleTable[PasswordFacts] = BOOK.table(
    Rule("L-017.old", "old_password_wrong", lambda f: f.old_is_right),
    Rule("L-017.new", "password_not_new", lambda f: f.is_another),
)

# Roles of one's own ----------------------------------------------------------------------------------------------

# An organisation's own roles (S-576), and the length of a name.
MOST_ROLES, LONGEST_NAME = 10, 40


@dataclass(frozen=True)
class RoleFacts:
    """A role an organisation is about to make or change; `names` are those of its other roles."""

    name: str
    names: frozenset[str]
    grants: tuple[str, ...]
    audience: str
    is_new: bool = True

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.grants) - items_of(self.audience)))

    @property
    def reserved(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.grants) & RESERVED))


def _paths(names: Sequence[str]) -> str:
    known = items()
    return ", ".join(known[name].code if name in known else name for name in names)


ROLE: RuleTable[RoleFacts] = BOOK.table(
    Rule(
        "S-576",
        "too_many_roles",
        lambda f: not f.is_new or len(f.names) < MOST_ROLES,
        lambda f: {"actual": len(f.names), "required": MOST_ROLES},
    ),
    Rule(
        "L-209.name",
        "role_name_length",
        lambda f: 1 <= len(f.name) <= LONGEST_NAME,
        lambda f: {"actual": len(f.name), "required": LONGEST_NAME},
    ),
    Rule("L-209.taken", "role_name_taken", lambda f: f.name not in f.names, lambda f: {"actual": f.name}),
    Rule("L-209.items", "role_without_items", lambda f: bool(f.grants)),
    Rule("L-209.known", "item_unknown", lambda f: not f.unknown, lambda f: {"actual": _paths(f.unknown)}),
    Rule("S-581", "item_of_administrators", lambda f: not f.reserved, lambda f: {"actual": _paths(f.reserved)}),
)


@dataclass(frozen=True)
class DropRoleFacts:
    """A role that is to end, and how many hold it."""

    held_by: int


DROP_ROLE: RuleTable[DropRoleFacts] = BOOK.table(
    Rule("L-209.held", "role_is_held", lambda f: not f.held_by, lambda f: {"actual": f.held_by, "required": 0})
)

# Asking for an item ----------------------------------------------------------------------------------------------

LONGEST_REASON = 200


@dataclass(frozen=True)
class AskFacts:
    """An item somebody misses, the items they hold (codes), and whether they asked for it already."""

    item: str
    audience: str
    held: frozenset[str]
    waiting: bool
    reason_length: int


def _holds(facts: AskFacts) -> bool:
    return facts.item in items() and items()[facts.item].code in facts.held


ASK: RuleTable[AskFacts] = BOOK.table(
    Rule("L-211.known", "item_unknown", lambda f: f.item in items_of(f.audience), lambda f: {"actual": f.item}),
    Rule("L-211.held", "item_held_already", lambda f: not _holds(f), lambda f: {"actual": f.item}),
    Rule("L-211.waiting", "already_asked", lambda f: not f.waiting),
    Rule(
        "L-211.reason",
        "reason_too_long",
        lambda f: f.reason_length <= LONGEST_REASON,
        lambda f: {"actual": f.reason_length, "required": LONGEST_REASON},
    ),
)


@dataclass(frozen=True)
class GiveFacts:
    """The item that was asked for, and what the role that is to be given brings."""

    item: str
    grants: frozenset[str]


GIVE: RuleTable[GiveFacts] = BOOK.table(
    Rule("L-209.brings", "role_does_not_bring_item", lambda f: f.item in f.grants, lambda f: {"actual": f.item})
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
