"""Account information: the organisation, its company, one's own profile and permissions, the switch of the code."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext

from partner_center.access.actions import switch_verification
from partner_center.access.codes import is_needed
from partner_center.access.permissions import Can, may, require
from partner_center.access.queries import organisation, role_names
from partner_center.access.rules import GUARDED, items
from partner_center.entrypoints.web import codes_sent, session, sites, standing_words
from partner_center.entrypoints.web.dates import start_day
from partner_center.entrypoints.web.formats import mask
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.refusals import field_error
from partner_center.entrypoints.web.view_models import Fact, Page
from partner_center.kernel.errors import NotFound, Refused
from partner_center.kernel.rules import Outcome
from partner_center.partners.queries import account as partner_account
from partner_center.partners.queries import company

LANGUAGES = {"zh": "中文", "en": "English"}


@page(code_for="access.switch_verification")
def show(request: PageRequest) -> HttpResponse:
    """Who one is here, in whose name, and what one may do; sent, it turns the code on or off. Rules: S-560, S-562."""
    refused: tuple[Outcome, ...] = ()
    if request.method == "POST":
        try:
            return _switch(request)
        except Refused as refusal:
            refused = request.code.refusal or refusal.outcomes
    own = organisation(request.actor)
    return render(
        request,
        "account/show.html",
        page=Page(gettext("Account information"), tags=_tags(request)),
        organisation=_organisation(request),
        company=_company(request),
        profile=_profile(request),
        permissions=_permissions(request),
        verification_on=own.verification_on,
        code_errors=tuple(map(field_error, refused)),
        status=422 if refused else 200,
        switchable=may(request.actor, Can.VERIFICATION_SWITCH),
        guarded=[gettext(codes_sent.OPERATIONS[each]) for each in GUARDED if each in codes_sent.OPERATIONS],
    )


def _tags(request: PageRequest) -> tuple[str, ...]:
    return (standing_words.identity(request.identity),) if request.identity else ()


def _organisation(request: PageRequest) -> tuple[Fact, ...]:
    own = organisation(request.actor)
    number = gettext("Partner id") if own.kind == "partner" else gettext("Account id")
    return (
        Fact(gettext("Organisation"), local((own.name_zh, own.name_en)), user_text=True),
        Fact(number, own.number),
        Fact(gettext("Site"), sites.name(own.site)),
        Fact(gettext("Opened on"), start_day(own.opened_at)),
    )


def _company(request: PageRequest) -> tuple[Fact, ...]:
    """The company of a partner's account."""
    if request.actor.audience != "partner" or request.actor.seat is None:
        return ()
    try:
        behind = company(request.actor, partner_account(request.actor, request.actor.seat).company_id)
    except NotFound:
        return ()
    return (
        Fact(gettext("Company"), local((behind.name_zh, behind.name_en)), user_text=True),
        Fact(gettext("Unified social credit code"), behind.uscc or "—"),
        Fact(gettext("Contracting entity"), behind.contracting_entity or "—", user_text=True),
        Fact(gettext("Registered address"), behind.registered_address or "—", user_text=True),
    )


def _profile(request: PageRequest) -> tuple[Fact, ...]:
    user = session.user(request)
    assert user is not None
    named = role_names(request.actor, request.actor.roles)
    held = ("、" if request.actor.language == "zh" else ", ").join(local(named[r]) for r in named)
    return (
        Fact(gettext("Name"), local((user.display_name, user.display_name_en)), user_text=True),
        Fact(gettext("Login name"), user.login),
        Fact(gettext("Roles"), held or "—"),
        Fact(gettext("E-mail"), mask(user.email)),
        Fact(gettext("Phone"), mask(user.phone)),
        Fact(gettext("Language"), LANGUAGES[user.language]),
    )


def _permissions(request: PageRequest) -> list[tuple[str, str]]:
    """(path of names, code) of every item held."""
    return [(local(item), item.code) for item in items().values() if item.code in request.actor.permissions]


def _switch(request: PageRequest) -> HttpResponse:
    require(request.actor, Can.VERIFICATION_SWITCH)
    asked = request.POST.get("on") == "on"
    if asked != is_needed(request.actor):
        switch_verification(request.actor, on=asked)
    text = gettext("Sensitive operations now ask for a code.") if asked else gettext("No code is asked for any more.")
    return redirect_with_message(request, "account", text)


urlpatterns = [
    path("account/", show, name="account"),
]
