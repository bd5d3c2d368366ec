"""Message settings: by which channels one is told of what, for oneself and for the account; and who of it is told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import members
from partner_center.entrypoints.web.forms.notices import CHANNEL_WORDS, AccountForm, OwnForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.view_models import Page
from partner_center.kernel.errors import NotFound, Refused
from partner_center.notices import actions, queries
from partner_center.notices.catalogue import CATEGORIES, default_channels, in_use, needed_channels
from partner_center.notices.queries import NOTHING_SAID, Wanted
from partner_center.notices.rules import CHANNELS

ACCOUNT, OWN = "account", "own"


@dataclass(frozen=True)
class Part:
    """A category on the page: what it needs, and its forms; without one for the account, what the account chose."""

    category: str
    label: str
    needed: str
    own: OwnForm
    account: AccountForm | None
    chosen: str


@page()
def settings(request: PageRequest) -> HttpResponse:
    """Choose by category: a form each, so that what is refused stands where it was chosen. Rules: L-190, L-196."""
    sent = (request.POST.get("category", ""), request.POST.get("of", ""))
    parts = _parts(request, sent if request.method == "POST" else ("", ""))
    if request.method == "POST" and (done := _chosen(request, sent, parts)):
        return done
    return render(
        request,
        "notices/settings.html",
        status=422 if request.method == "POST" else 200,
        page=Page(gettext("Message settings")),
        parts=parts,
        manages=may(request.actor, Can.MEMBER_MANAGE),
    )


def _parts(request: PageRequest, sent: tuple[str, str]) -> list[Part]:
    actor = request.actor
    account, own = queries.preferences(actor), queries.own_channels(actor, [actor.person_id])
    manages = may(actor, Can.MEMBER_MANAGE)
    people = [(str(each.id), local((each.name_zh, each.name_en))) for each in members(actor) if each.is_active]
    found = []
    for category in in_use(actor.audience):
        want = account.get(category, NOTHING_SAID)
        used = default_channels(category) if want.channels is None else want.channels
        start = {"channels": sorted(used & own.get((actor.person_id, category), frozenset(CHANNELS)))}
        found.append(
            Part(
                category=category,
                label=local(CATEGORIES[category]),
                needed=_named(needed_channels(category)),
                own=OwnForm(
                    request.POST if sent == (category, OWN) else None, initial=start, prefix=f"{category}-{OWN}"
                ),
                account=_account_form(request, category, sent, want, used, people) if manages else None,
                chosen=_named(used),
            )
        )
    return found


def _account_form(
    request: PageRequest,
    category: str,
    sent: tuple[str, str],
    want: Wanted,
    used: frozenset[str],
    people: list[tuple[str, str]],
) -> AccountForm:
    start = {"channels": sorted(used), "recipients": [str(each) for each in want.user_ids]}
    return AccountForm(
        request.POST if sent == (category, ACCOUNT) else None,
        initial=start,
        prefix=f"{category}-{ACCOUNT}",
        people=people,
    )


def _named(channels: frozenset[str]) -> str:
    return " · ".join(str(CHANNEL_WORDS[each]) for each in CHANNELS if each in channels)


def _chosen(request: PageRequest, sent: tuple[str, str], parts: list[Part]) -> HttpResponse | None:
    """Do what one form asks for; nothing when it is refused, and then the form says why."""
    category, of = sent
    part = next((each for each in parts if each.category == category), None)
    form = {OWN: part.own, ACCOUNT: part.account}.get(of) if part else None
    if form is None:
        raise NotFound("category")
    if not form.is_valid():
        return None
    channels = form.cleaned_data["channels"]
    try:
        if of == OWN:
            actions.choose_own(request.actor, category=category, channels=channels)
        else:
            people = [UUID(each) for each in form.cleaned_data["recipients"]]
            actions.choose(request.actor, category=category, channels=channels, user_ids=people)
    except Refused as refused:
        form.add_refusal(refused)
        return None
    return redirect_with_message(request, "message-settings", gettext("Saved."))


urlpatterns = [path("messages/settings/", settings, name="message-settings")]
