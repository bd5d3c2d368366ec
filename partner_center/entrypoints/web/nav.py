"""The menu as data: what stands where, for whom, with which permission. An entry shows when its page exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from partner_center.access.permissions import Can, may
from partner_center.access.rules import items_of
from partner_center.entrypoints.web.view_models import Crumb, NavGroup, NavItem, Tab
from partner_center.exports.kinds import CANS as EXPORTS
from partner_center.kernel.actor import Actor


@dataclass(frozen=True)
class Leaf:
    """One page: its name among the addresses, its label, and the items of which any one opens it."""

    name: str
    label: str
    cans: tuple[Can, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A line of the side menu. Several leaves are the tabs of one page: the line leads to the first that is open."""

    label: str
    icon: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class Group:
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Section:
    """A word of the top menu. Without a label its groups it is a page that stands alone, as home does."""

    label: str
    groups: tuple[Group, ...]


def _one(name: str, label: str, icon: str, *cans: Can) -> Entry:
    return Entry(label, icon, (Leaf(name, label, cans),))


_HOME = Section(gettext_noop("Home"), (Group("", (_one("home", gettext_noop("Home"), "home", Can.HOME_VIEW),)),))
_INBOX = Section(gettext_noop("Inbox"), (Group("", (_one("inbox", gettext_noop("Inbox"), "inbox", Can.HOME_VIEW),)),))
MEMBER_LEAVES = (
    Leaf("members", gettext_noop("Members"), (Can.MEMBER_VIEW,)),
    Leaf("roles", gettext_noop("Roles"), (Can.MEMBER_VIEW,)),
    Leaf("access-requests", gettext_noop("Access requests"), (Can.MEMBER_MANAGE,)),
    # Only partners hold its item: customers and the vendor do not see the tab.
    Leaf("customer-contacts", gettext_noop("Customer contacts"), (Can.CUSTOMER_CONTACT_MANAGE,)),
)
_MEMBERS = Entry(gettext_noop("Members"), "users", MEMBER_LEAVES)
_KEYS = _one("keys", gettext_noop("Access keys"), "key", Can.KEY_MANAGE)
_EXPORTS = _one("exports", gettext_noop("Exports"), "download", *EXPORTS)
_AUDIT = _one("audit", gettext_noop("Audit"), "history", Can.AUDIT_VIEW)

VOUCHER_LEAVES = (
    Leaf("quotas", gettext_noop("Voucher quota"), (Can.VOUCHER_QUOTA_VIEW,)),
    Leaf("issued-quotas", gettext_noop("Issued quota"), (Can.QUOTA_PASS_ON, Can.QUOTA_RECLAIM)),
    Leaf("vouchers", gettext_noop("Issued vouchers"), (Can.VOUCHER_VIEW,)),
    Leaf("voucher-batches", gettext_noop("Mass issues"), (Can.VOUCHER_ISSUE,)),
    Leaf("voucher-records", gettext_noop("Operation records"), (Can.VOUCHER_RECORD_VIEW,)),
    Leaf("whitelist", gettext_noop("Customer whitelist"), (Can.VOUCHER_WHITELIST,)),
)
# Pages that only some partners have a use for; others may hold the permission, but never a row.
OF_IDENTITY = {"issued-quotas": "distributor", "resellers": "distributor", "whitelist": "subsidy"}

MENUS: dict[str, tuple[Section, ...]] = {
    "partner": (
        _HOME,
        Section(
            gettext_noop("Programmes"),
            (
                Group(
                    "",
                    (
                        _one(
                            "agreements",
                            gettext_noop("Commitments and agreements"),
                            "file-certificate",
                            Can.AGREEMENT_VIEW,
                        ),
                    ),
                ),
            ),
        ),
        Section(
            gettext_noop("Organisation"),
            (
                Group(
                    gettext_noop("Partner information"),
                    (_one("company", gettext_noop("Company information"), "building", Can.ACCOUNT_VIEW),),
                ),
                Group(gettext_noop("Members of the organisation"), (_MEMBERS,)),
                Group(gettext_noop("My credentials"), (_KEYS,)),
                Group(gettext_noop("Records"), (_AUDIT, _EXPORTS)),
            ),
        ),
        Section(
            gettext_noop("Sales"),
            (
                Group(
                    gettext_noop("Customers"),
                    (
                        _one(
                            "customers",
                            gettext_noop("Customer management"),
                            "users",
                            Can.CUSTOMER_VIEW,
                            Can.CUSTOMER_VIEW_RESELLERS,
                        ),
                        Entry(gettext_noop("Voucher management"), "ticket", VOUCHER_LEAVES),
                    ),
                ),
                Group(
                    gettext_noop("Resellers"),
                    (_one("resellers", gettext_noop("My resellers"), "building-store", Can.RESELLER_VIEW),),
                ),
            ),
        ),
    ),
    "vendor": (
        _HOME,
        _INBOX,
        Section(
            gettext_noop("Partners"),
            (Group("", (_one("vendor-partners", gettext_noop("Partner list"), "building", Can.VENDOR_PARTNER_VIEW),)),),
        ),
        Section(
            gettext_noop("Customers"),
            (Group("", (_one("vendor-customers", gettext_noop("Customer list"), "users", Can.VENDOR_CUSTOMER_VIEW),)),),
        ),
        Section(
            gettext_noop("Vouchers and quota"),
            (
                Group(
                    "",
                    (
                        _one("vendor-quotas", gettext_noop("Quota"), "wallet", Can.VENDOR_QUOTA_VIEW),
                        _one("vendor-vouchers", gettext_noop("Vouchers"), "ticket", Can.VENDOR_QUOTA_VIEW),
                        _one("reversals", gettext_noop("Reversals"), "arrow-back-up", Can.VENDOR_REVERSE),
                    ),
                ),
            ),
        ),
        Section(
            gettext_noop("Policies"),
            (
                Group(
                    "",
                    (
                        _one(
                            "vendor-agreements",
                            gettext_noop("Agreements"),
                            "file-certificate",
                            Can.VENDOR_AGREEMENT_VIEW,
                        ),
                    ),
                ),
            ),
        ),
        Section(
            gettext_noop("Tickets"),
            (Group("", (_one("vendor-tickets", gettext_noop("Ticket queue"), "headset", Can.VENDOR_TICKET_VIEW),)),),
        ),
        Section(gettext_noop("Audit"), (Group("", (_AUDIT, _EXPORTS)),)),
        Section(
            gettext_noop("Settings"),
            (
                Group(gettext_noop("Organisation"), (_MEMBERS,)),
                Group(gettext_noop("My credentials"), (_KEYS,)),
                Group(
                    gettext_noop("Messages"),
                    (_one("vendor-deliveries", gettext_noop("Delivery log"), "send", Can.VENDOR_NOTICE_VIEW),),
                ),
            ),
        ),
    ),
    "customer": (
        _HOME,
        Section(
            gettext_noop("Billing Centre"),
            (
                Group(
                    gettext_noop("Vouchers"),
                    (_one("my-vouchers", gettext_noop("My vouchers"), "ticket", Can.MY_VOUCHER_VIEW),),
                ),
                Group(
                    gettext_noop("Orders"),
                    (
                        _one("my-orders", gettext_noop("Orders with vouchers"), "receipt", Can.CHECKOUT_PAY),
                        _one("shop", gettext_noop("Shop"), "shopping-cart", Can.CHECKOUT_PAY),
                    ),
                ),
            ),
        ),
        Section(
            gettext_noop("My partner"),
            (Group("", (_one("my-partner", gettext_noop("My partner"), "building", Can.MY_PARTNER_VIEW),)),),
        ),
        Section(
            gettext_noop("Account Centre"),
            (Group(gettext_noop("Organisation"), (_MEMBERS,)), Group(gettext_noop("My credentials"), (_KEYS,))),
        ),
    ),
}


@dataclass(frozen=True)
class Reader:
    """Whose menu it is: the actor, what their account is to the vendor (for partners), and the page they are on."""

    actor: Actor
    identity: str
    path: str


def reader_of(request: HttpRequest) -> Reader | None:
    """Who looks at the page; nobody before sign-in."""
    actor = getattr(request, "actor", None)
    return Reader(actor, getattr(request, "identity", ""), request.path) if actor else None


def href(name: str) -> str:
    """The address of a page, or nothing while there is none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def is_open(reader: Reader, leaf: Leaf) -> bool:
    if not href(leaf.name) or (leaf.cans and not may(reader.actor, *leaf.cans)):
        return False
    return OF_IDENTITY.get(leaf.name, reader.identity) == reader.identity


@dataclass(frozen=True)
class Explained:
    """A page of the menu: where it stands, whether it is open, and if not why: another identity, or an item missing."""

    path: tuple[str, ...]
    href: str
    opens: bool
    other_identity: str
    missing: tuple[Can, ...]


def explained(reader: Reader) -> tuple[Explained, ...]:
    """Every page of an audience's menu, also those that this reader does not see, with the reason. Rules: L-211."""
    found = []
    for section in MENUS.get(reader.actor.audience, ()):
        for group in section.groups:
            for entry in group.entries:
                found += [_explained(reader, (section.label, group.label, entry.label), leaf) for leaf in entry.leaves]
    return tuple(each for each in found if each.href)


def _explained(reader: Reader, labels: tuple[str, ...], leaf: Leaf) -> Explained:
    steps = dict.fromkeys(gettext(label) for label in (*labels, leaf.label) if label)
    held, wanted = not leaf.cans or may(reader.actor, *leaf.cans), OF_IDENTITY.get(leaf.name, reader.identity)
    return Explained(
        path=tuple(steps),
        href=href(leaf.name),
        opens=is_open(reader, leaf),
        other_identity=wanted if wanted != reader.identity else "",
        missing=() if held else tuple(can for can in leaf.cans if can.value in items_of(reader.actor.audience)),
    )


def _entries(reader: Reader) -> Iterator[tuple[Section, Group, Entry, tuple[Leaf, ...]]]:
    for section in MENUS.get(reader.actor.audience, ()):
        for group in section.groups:
            for entry in group.entries:
                if leaves := tuple(leaf for leaf in entry.leaves if is_open(reader, leaf)):
                    yield section, group, entry, leaves


def _depth(leaf: Leaf, path: str) -> int:
    """How much of the page's address the leaf explains: the deepest wins, and home only explains itself."""
    at = href(leaf.name)
    return len(at) if path == at or (at != "/" and path.startswith(at)) else 0


def place(reader: Reader) -> tuple[Section, Group, Entry, Leaf] | None:
    """Where in the menu a page stands."""
    found = [
        (_depth(leaf, reader.path), (section, group, entry, leaf))
        for section, group, entry, leaves in _entries(reader)
        for leaf in leaves
    ]
    depth, best = max(found, key=lambda each: each[0], default=(0, None))
    return best if depth else None


def top(reader: Reader) -> tuple[NavItem, ...]:
    """The sections the actor may open, each leading to its first page."""
    here = place(reader)
    first: dict[str, tuple[Section, str]] = {}
    for section, _group, _entry, leaves in _entries(reader):
        first.setdefault(section.label, (section, href(leaves[0].name)))
    return tuple(
        NavItem(gettext(section.label), to, active=bool(here and here[0] is section)) for section, to in first.values()
    )


def side(reader: Reader) -> tuple[NavGroup, ...]:
    """The groups of the section one is in; none where the section is a single page."""
    here = place(reader)
    if here is None:
        return ()
    groups: dict[str, list[NavItem]] = {}
    for section, group, entry, leaves in _entries(reader):
        if section is here[0]:
            item = NavItem(gettext(entry.label), href(leaves[0].name), entry.icon, active=entry is here[2])
            groups.setdefault(group.label, []).append(item)
    if sum(map(len, groups.values())) < 2:
        return ()
    return tuple(NavGroup(gettext(label) if label else "", tuple(items)) for label, items in groups.items())


def breadcrumb(reader: Reader, title: str) -> tuple[Crumb, ...]:
    """The menu's path to a page, its own title last; a page outside the menu lies below home."""
    here = place(reader)
    if here is not None and here[3].name == "home":
        return ()
    home = Crumb(gettext("Home"), "/")
    if here is None:
        return (home, Crumb(title))
    section, group, entry, leaf = here
    steps = [(section.label, ""), (group.label, ""), (entry.label, ""), (leaf.label, href(leaf.name))]
    named = [(gettext(label), to) for label, to in steps if label]
    crumbs = [Crumb(label, to if to != reader.path else "") for label, to in dict(named).items()]
    if crumbs[-1].label != title:
        crumbs.append(Crumb(title))
    return tuple(crumbs) if len(crumbs) > 1 else (home, *crumbs)


def tabs(request: HttpRequest, leaves: tuple[Leaf, ...], counts: dict[str, int] | None = None) -> tuple[Tab, ...]:
    """The pages that share one line of the menu, as tabs."""
    reader, known = reader_of(request), counts or {}
    deepest = max((_depth(leaf, request.path) for leaf in leaves), default=0)
    return tuple(
        Tab(
            gettext(leaf.label),
            href(leaf.name),
            known.get(leaf.name),
            bool(deepest) and _depth(leaf, request.path) == deepest,
        )
        for leaf in leaves
        if reader and is_open(reader, leaf)
    )
