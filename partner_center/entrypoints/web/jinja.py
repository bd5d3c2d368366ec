"""The environment of all templates: translation, filters, and `ui`, through which every component is reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.formats import Language
from partner_center.kernel.money import Money

_WHOLE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+(?: [0-9]{2}:[0-9]{2})?")


class Components:
    """The macros of templates/ui as one namespace: `ui.badge(…)` in a page, a fragment or another macro."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._homes: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        home = self._known().get(name)
        if home is None:
            raise AttributeError(f"no component is called {name}; see templates/gallery.html")
        return getattr(self._environment.get_template(home).module, name)

    def _known(self) -> dict[str, str]:
        if not self._homes:
            homes = [t for t in self._environment.list_templates(["html"]) if t.startswith("ui/")]
            self._homes = {macro: home for home in homes for macro in self._macros(home)}
        return self._homes

    def _macros(self, home: str) -> list[str]:
        module = self._environment.get_template(home).module
        return [name for name in vars(module) if not name.startswith("_")]


def language() -> Language:
    """The language of the page being written."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def local(pair: Any) -> str:
    """The half of a zh/en pair that the reader reads; the other one where it is missing."""
    here, there = ("zh", "en") if language() == "zh" else ("en", "zh")
    if isinstance(pair, tuple):
        pair = dict(zip(("zh", "en"), pair, strict=True))
    read = pair.get if isinstance(pair, Mapping) else lambda part: getattr(pair, part)
    return str(read(here) or read(there) or "")


def url(name: str, **kwargs: object) -> str:
    """The address of a page by its name."""
    return reverse(name, kwargs=kwargs)


def rule_href(rule_id: str) -> str:
    """The help page of a rule."""
    return f"/rules/{rule_id}/"


def zone() -> ZoneInfo:
    """The zone of the site, which whoever serves the page has activated."""
    current = timezone.get_current_timezone()
    return current if isinstance(current, ZoneInfo) else ZoneInfo("UTC")


def money(value: Money | None, sign: bool = False, estimate: bool = False) -> str:
    return formats.money(value, sign=sign, estimate=estimate)


def amount(value: formats.Number | None, sign: bool = False, estimate: bool = False) -> str:
    return formats.amount(value, sign=sign, estimate=estimate)


def day(value: date | datetime | None) -> Markup:
    return nowrap(formats.day(value, zone()))


def start_day(value: date | datetime | None) -> Markup:
    return nowrap(formats.start_day(value, zone()))


def moment(value: datetime | None, now: datetime | None = None) -> Markup:
    return nowrap(formats.moment(value, zone(), now))


def until(value: datetime | None, now: datetime | None = None) -> Markup:
    return nowrap(formats.until(value, zone(), now))


def due(value: datetime, now: datetime, working_days: int | None = None) -> formats.Due:
    return formats.due(value, now, zone(), language(), working_days)


def show(value: object) -> str:
    """A value found by a rule; also the last argument of `Outcome.text`."""
    return formats.show(value, language(), zone())


def unit(currency: str) -> str:
    return formats.unit(currency, language())


def nowrap(text: object) -> Markup:
    """An id or a date, which never breaks at its hyphen."""
    return Markup('<span class="pc-nowrap">{}</span>').format(text)


def whole(text: object) -> Markup:
    """A sentence in which each id and each date stays in one piece."""
    return Markup(_WHOLE.sub(r'<span class="pc-nowrap">\g<0></span>', str(escape(text))))  # noqa: S704 -- escaped first


FILTERS = {
    "money": money,
    "amount": amount,
    "date": day,
    "start_date": start_day,
    "datetime": moment,
    "until": until,
    "due": due,
    "period": formats.period,
    "exact": formats.exact,
    "grouped": formats.grouped,
    "mask": formats.mask,
    "show": show,
    "nowrap": nowrap,
    "whole": whole,
    "local": local,
}


def environment(**options: Any) -> Environment:
    """The environment Django's Jinja2 backend asks for."""
    options |= {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    made = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)  # noqa: S701 -- autoescape is on
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(FILTERS)
    made.globals.update(
        ui=Components(made), url=url, static=static, local=local, unit=unit, rule_href=rule_href, language=language
    )
    return made
