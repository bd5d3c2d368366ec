"""Where a list stands in its address: what it is narrowed to, and how far one has paged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext

from partner_center.entrypoints.web.formats import amount
from partner_center.entrypoints.web.places import asked
from partner_center.entrypoints.web.view_models import Filter, More, Pager, Select, Tab
from partner_center.fence.paging import Paged
from partner_center.kernel.money import Money

PAGE = 20
# Behind these many pages, Previous leads to the first one: an address does not grow without end.
LONGEST_TRAIL = 24


@dataclass(frozen=True)
class Listing:
    """A list's address in parts. `trail` are the places of the pages before this one."""

    path: str
    params: Mapping[str, str]
    after: str = ""
    trail: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest, *names: str) -> Listing:
        """What the address says of the parameters that this list knows."""
        said = {name: asked(request, name) for name in names}
        trail = tuple(each for each in asked(request, "trail").split("!") if each)
        return cls(request.path, {k: v for k, v in said.items() if v}, asked(request, "after"), trail)

    def value(self, name: str) -> str:
        return self.params.get(name, "")

    @property
    def is_narrowed(self) -> bool:
        return bool(self.params)

    def href(self, **changes: str) -> str:
        """The same list narrowed in another way, from its first page on."""
        return self._address({**self.params, **changes})

    def _address(self, params: Mapping[str, str]) -> str:
        kept = {name: value for name, value in params.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def next_href(self, cursor: str | None) -> str:
        if not cursor:
            return ""
        trail = (*self.trail, self.after or "0")[-LONGEST_TRAIL:]
        return self._address({**self.params, "after": cursor, "trail": "!".join(trail)})

    def previous_href(self) -> str:
        if not self.after:
            return ""
        back = self.trail[-1] if self.trail else ""
        place = {} if back in ("", "0") else {"after": back, "trail": "!".join(self.trail[:-1])}
        return self._address({**self.params, **place})

    def chips(self, name: str, states: Iterable[tuple[str, str, int | None]], total: int | None) -> tuple[Tab, ...]:
        """All, then each state with its count."""
        chosen = self.value(name)
        every = Tab(gettext("All"), self.href(**{name: ""}), total, not chosen)
        return (every, *(Tab(label, self.href(**{name: v}), many, v == chosen) for v, label, many in states))

    def filter(
        self, placeholder: str, *selects: Select, keep: Sequence[str] = (), more: tuple[More, ...] = ()
    ) -> Filter:
        """The bar that searches and narrows; `keep` are the parameters that stay as they are."""
        kept = tuple((name, self.value(name)) for name in keep if self.value(name))
        return Filter(self.path, placeholder, self.value("q"), selects=selects, keep=kept, more=more)

    def pager(self, page: Paged[object], total: int | None = None, label: str = "", sum_: Money | None = None) -> Pager:
        """How many of how many, the sum of this page, and the ways on."""
        shown = len(page.rows)
        text = gettext("%(num)s on this page") % {"num": shown}
        if total is not None:
            text = gettext("%(num)s on this page, %(total)s in all") % {"num": shown, "total": f"{total:,}"}
        closing = amount(sum_) if sum_ is not None else ""
        return Pager(text, label, closing, self.previous_href(), self.next_href(page.next))
