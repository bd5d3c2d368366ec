"""What base.html and the `ui` macros are fed with. Texts arrive translated, amounts as Money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from partner_center.kernel.money import Money

BadgeKind = Literal["act", "wait", "man", "ok", "no", "frz", "end", "est"]
ButtonKind = Literal["primary", "secondary", "danger", "link"]


@dataclass(frozen=True)
class Badge:
    """One state in one word; the viewer decides the kind: `act` for whom it waits, `wait` for the rest."""

    kind: BadgeKind
    text: str
    icon: str = ""


@dataclass(frozen=True)
class Crumb:
    label: str
    href: str = ""


@dataclass(frozen=True)
class Page:
    """The head of a page. `user_text` marks a title that somebody typed and that is in whatever language they used."""

    title: str
    subtitle: str = ""
    breadcrumb: tuple[Crumb, ...] = ()
    badge: Badge | None = None
    count: int | None = None
    tags: tuple[str, ...] = ()
    note: str = ""
    user_text: bool = False


@dataclass(frozen=True)
class NavItem:
    label: str
    href: str
    icon: str = ""
    active: bool = False
    count: int | None = None


@dataclass(frozen=True)
class NavGroup:
    label: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True)
class LanguageSwitch:
    """`code` is the page's own language (zh-CN, en); `label` and `href` lead to the other."""

    code: str
    label: str
    href: str


@dataclass(frozen=True)
class Person:
    """Who is signed in: name, the organisation in whose seat, the role, and the lines of their own menu."""

    name: str
    organisation: str
    role: str
    menu: tuple[NavItem, ...] = ()
    sign_out_href: str = ""


@dataclass(frozen=True)
class SiteBanner:
    """An account of one site on the address of another."""

    text: str
    href: str
    link: str
    dismiss_action: str


@dataclass(frozen=True)
class Shell:
    """Everything around a page. `user` is None before sign-in: then there is no navigation at all."""

    audience: Literal["vendor", "partner", "customer", "guest"]
    vendor_name: str
    console_name: str
    language: LanguageSwitch
    site_name: str
    home_href: str = "/"
    user: Person | None = None
    top_nav: tuple[NavItem, ...] = ()
    side_nav: tuple[NavGroup, ...] = ()
    search_href: str = ""
    search_hint: str = ""
    inbox_href: str = ""
    inbox_count: int | None = None
    messages_href: str = ""
    unread: int = 0
    other_site_banner: SiteBanner | None = None
    icp: str = ""
    accent: str = ""
    now: datetime | None = None
    zone_label: str = ""
    footer_links: tuple[NavItem, ...] = ()


@dataclass(frozen=True)
class Tab:
    """A tab or a chip: kinds of object are tabs, states are chips."""

    label: str
    href: str
    count: int | None = None
    active: bool = False


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Select:
    """A select of a filter bar, shown as 「name：value」."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str = ""


@dataclass(frozen=True)
class More:
    """A filter that is folded away until it is needed."""

    name: str
    label: str
    value: str = ""
    kind: Literal["text", "date"] = "text"


@dataclass(frozen=True)
class Filter:
    """A search field and at most two selects, `more` folded below; `keep` are parameters of the address that stay."""

    action: str
    placeholder: str
    query: str = ""
    name: str = "q"
    selects: tuple[Select, ...] = ()
    keep: tuple[tuple[str, str], ...] = ()
    target: str = ""
    more: tuple[More, ...] = ()


@dataclass(frozen=True)
class Column:
    """A head of a table. On a phone `main` stands left, `money` right with `state` below; the rest line by line.

    A `minor` column gives way where the drawer beside the table leaves no room for it.
    """

    label: str
    kind: Literal["text", "main", "amount", "number", "money", "state", "actions"] = "text"
    unit: str = ""
    minor: bool = False

    @property
    def numeric(self) -> bool:
        return self.kind in {"amount", "number", "money"}


@dataclass(frozen=True)
class Cell:
    """A cell with a second line, a link or a badge; `drawer`: the link opens the drawer beside the list.

    `of`: the whole of which the amount is left, drawn as a thin bar below it.
    """

    value: str | int | Money | None = None
    sub: str = ""
    href: str = ""
    badge: Badge | None = None
    sign: bool = False
    user_text: bool = False
    drawer: bool = False
    of: Money | None = None


@dataclass(frozen=True)
class Action:
    """Something one can do here; `field` goes with a post, `reason` says why not, `minor` is left out on a phone.

    A post goes through the page's own form, or through the form with the id `form`, with all that stands in it;
    with `swap`, scripts put the answer's part of that selector in the place of the page's.
    """

    label: str
    href: str = ""
    kind: ButtonKind = "secondary"
    method: Literal["get", "post"] = "get"
    icon: str = ""
    field: tuple[str, str] = ("", "")
    reason: str = ""
    minor: bool = False
    drawer: bool = False
    form: str = "pc-post"
    swap: str = ""


@dataclass(frozen=True)
class Term:
    """A summand of an equation: value above, label below, its operator before it. `colour` 1 to 5 repeats the bar."""

    label: str
    value: Money | str
    operator: str = ""
    colour: int = 0
    result: bool = False


@dataclass(frozen=True)
class Segment:
    label: str
    value: int
    colour: int


@dataclass(frozen=True)
class NowState:
    """What happens now, who acts, by when, and what happens by itself otherwise."""

    kind: BadgeKind
    now: str
    who: str = ""
    by: str = ""
    otherwise: str = ""


@dataclass(frozen=True)
class RuleView:
    """A rule's answer as a reader sees it: what is required, what was found, what to do about it."""

    id: str
    name: str
    kind: Literal["ok", "no", "man", "act", "na"]
    found: str = ""
    remedy: str = ""
    action: Action | None = None
    subject: str = ""

    @property
    def passed(self) -> bool:
        return self.kind in {"ok", "na"}


@dataclass(frozen=True)
class Event:
    """A line of a timeline. The future stands on top and is dashed."""

    title: str
    when: str
    kind: Literal["done", "bad", "now", "future"] = "done"
    body: str = ""
    effect: str = ""
    actor: str = ""
    action: Action | None = None


@dataclass(frozen=True)
class Step:
    label: str
    note: str = ""
    state: Literal["done", "now", "todo"] = "todo"


@dataclass(frozen=True)
class Fact:
    """A line of a definition list."""

    label: str
    value: object
    href: str = ""
    reveal_href: str = ""
    user_text: bool = False


@dataclass(frozen=True)
class FieldError:
    """What is wrong with a field, and the rule that says so."""

    text: str
    rule: str = ""
    field: str = ""


@dataclass(frozen=True)
class Job:
    """Work that goes on without its asker."""

    title: str
    badge: Badge
    note: str
    done: int | None = None
    of: int | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Node:
    """A row of a tree in which each yuan stands once."""

    label: str
    amount: Money
    depth: int = 0
    note: str = ""
    segments: tuple[Segment, ...] = ()
    href: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Confirm:
    """The last question before what cannot be undone."""

    question: str
    effect: str
    action: str
    button: str
    rows: tuple[tuple[str, Money], ...] = ()
    total: Money | None = None
    bullets: tuple[str, ...] = ()
    code_sent_to: str = ""
    code_send_action: str = ""
    code_errors: tuple[FieldError, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    cancel_href: str = ""
    danger: bool = True


@dataclass(frozen=True)
class Choice:
    """An answer one can give, with what follows from it."""

    value: str
    label: str
    effect: str = ""
    badge: Badge | None = None
    checked: bool = False


@dataclass(frozen=True)
class Pager:
    """The foot of a list: what is shown of how many, the sum of this page, and the ways on."""

    text: str
    sum_label: str = ""
    sum: str = ""
    previous: str = ""
    next: str = ""


def failed_first(rules: Sequence[RuleView]) -> tuple[tuple[RuleView, ...], tuple[RuleView, ...]]:
    """Rules that stand in the way, and those that do not."""
    return tuple(r for r in rules if not r.passed), tuple(r for r in rules if r.passed)
