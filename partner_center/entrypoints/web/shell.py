"""What stands around every page: names, menus, who is signed in, and the banner of another site."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from partner_center.access.permissions import may
from partner_center.access.queries import role_names
from partner_center.entrypoints.web import nav, session, sites
from partner_center.entrypoints.web.accent import readable
from partner_center.entrypoints.web.formats import zone_label, zone_of
from partner_center.entrypoints.web.jinja import language, local
from partner_center.entrypoints.web.places import site_of
from partner_center.entrypoints.web.view_models import LanguageSwitch, NavItem, Person, Shell
from partner_center.exports.kinds import CANS as EXPORTS
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.notices.queries import unread_count


def around(request: HttpRequest) -> dict[str, Any]:
    """The context that base.html needs besides the page itself."""
    return {"shell": shell_of(request)}


def shell_of(request: HttpRequest) -> Shell:
    reader = nav.reader_of(request)
    actor = reader.actor if reader else None
    page_site, now = site_of(request), timezone.now()
    menus: dict[str, Any] = {}
    if reader is not None and actor is not None:
        menus = {
            "user": _person(request, actor),
            "top_nav": nav.top(reader),
            "side_nav": nav.side(reader),
            "other_site_banner": sites.banner(request, actor),
            "inbox_href": nav.href("inbox"),
            "messages_href": nav.href("messages"),
            "unread": _unread(request, actor),
        }
    return Shell(
        audience=actor.audience if actor and actor.audience != "system" else "guest",
        vendor_name=local((settings.VENDOR["zh"], settings.VENDOR["en"])),
        console_name=_console_name(actor),
        language=_switch(),
        site_name=sites.name(page_site),
        icp=settings.VENDOR["icp"] if page_site == "cloud-cn" else "",
        accent=readable(settings.VENDOR["accent"]),
        now=now,
        zone_label=zone_label(zone_of(page_site), now),
        footer_links=(NavItem(gettext("Rules"), nav.href("rules")),),
        **menus,
    )


def _unread(request: HttpRequest, actor: Actor) -> int:
    """How many messages wait to be read: one query a page, whoever asks for it on that page."""
    if not hasattr(request, "_unread"):
        with seated(actor):
            request._unread = unread_count(actor)  # type: ignore[attr-defined]
    return int(request._unread)  # type: ignore[attr-defined]


def _console_name(actor: Actor | None) -> str:
    names = {"vendor": gettext("Partner operations"), "customer": gettext("Console")}
    return names.get(actor.audience if actor else "", gettext("Partner Center"))


def _switch() -> LanguageSwitch:
    here, other, label = ("zh-CN", "en", "EN") if language() == "zh" else ("en", "zh", "中文")
    return LanguageSwitch(here, label, f"{nav.href('language')}?{urlencode({'to': other})}")


def _person(request: HttpRequest, actor: Actor) -> Person:
    user = session.user(request)
    assert user is not None
    held = role_names(actor, actor.roles[:1])
    return Person(
        name=local((user.display_name, user.display_name_en)),
        organisation=local((user.organisation.name_zh, user.organisation.name_en)),
        role=local(next(iter(held.values()))) if held else "",
        menu=_own_menu(request),
        sign_out_href=nav.href("logout"),
    )


def _own_menu(request: HttpRequest) -> tuple[NavItem, ...]:
    lines = [
        ("account", gettext("Account information"), "user"),
        ("message-settings", gettext("Message settings"), "settings"),
        ("menu", gettext("Menu explained"), "help-circle"),
        ("rules", gettext("Rules"), "book"),
    ]
    if request.actor.audience in ("partner", "customer"):  # type: ignore[attr-defined]
        lines.insert(1, ("tickets", gettext("My tickets"), "headset"))
    if may(request.actor, *EXPORTS):  # type: ignore[attr-defined]
        lines.insert(1, ("exports", gettext("Exports"), "download"))
    if settings.DEMO:
        lines += [("tour", gettext("Tour"), "map-2"), ("mailbox", gettext("Development mailbox"), "mail")]
    found = [(nav.href(name), label, icon) for name, label, icon in lines]
    return tuple(NavItem(label, to, icon, active=request.path.startswith(to)) for to, label, icon in found if to)
