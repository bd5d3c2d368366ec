"""The two sites: their names, and the banner for an account on the other one's address."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from partner_center.access.queries import banner_hidden
from partner_center.access.rules import SiteFacts, advises_other_site
from partner_center.entrypoints.web.jinja import language
from partner_center.entrypoints.web.places import site_of
from partner_center.entrypoints.web.view_models import SiteBanner
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor


def name(site: str) -> str:
    return {"cloud-cn": gettext("China site"), "cloud-intl": gettext("International site")}.get(site, site)


def banner(request: HttpRequest, actor: Actor) -> SiteBanner | None:
    """Advice to use the account's own site; never a redirect, and no right changes.

    Rules: S-600, S-601, S-602, S-603.
    """
    facts = SiteFacts(actor.site, site_of(request))
    if not advises_other_site(facts, hidden=False):
        return None
    with seated(actor):
        if not advises_other_site(facts, banner_hidden(actor, facts.page_site)):
            return None
    own, here = name(actor.site), name(facts.page_site)
    return SiteBanner(
        text=gettext(
            "You are signed in with an account of the %(own)s; this page belongs to the %(here)s. "
            "The %(own)s is the better place for you:"
        )
        % {"own": own, "here": here},
        href=address_at(actor.site, request),
        link=own,
        dismiss_action=reverse("hide-banner"),
    )


def address_at(site: str, request: HttpRequest) -> str:
    """The same page on another site; the international one's addresses say their language."""
    tag = {"zh": "zh-cn", "en": "en-us"}[language()]
    prefix = f"/intl/{tag}" if site == "cloud-intl" else ""
    return f"{settings.SITE_ADDRESSES[site].rstrip('/')}{prefix}{request.path if request.method == 'GET' else '/'}"
