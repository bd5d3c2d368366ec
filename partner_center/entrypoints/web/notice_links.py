"""Links of messages that act: the page says what would happen, the button does it, once, for whom it was sent to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.actions import decline_item, grant_item
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.menu_explained import Wish, waiting_wish
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.refusals import rule_views
from partner_center.entrypoints.web.view_models import Page
from partner_center.fence.seat import seated
from partner_center.kernel.errors import NotFound
from partner_center.notices import actions, links
from partner_center.notices.catalogue import CATEGORIES


@page()
def link(request: PageRequest, purpose: str, token: str) -> HttpResponse:
    """Show what a link would do; sent, do it. Rules: S-905."""
    if purpose not in links.PURPOSES:
        raise NotFound("link")
    if request.method == "POST":
        return _act(request, purpose, token)
    found, said = actions.outcomes(request.actor, purpose=purpose, token=token)
    kept = found is not None and all(each.passed for each in said)
    return render(
        request,
        "notices/link.html",
        status=200 if kept else 422,
        page=Page(_title(purpose)),
        rules=rule_views(said),
        kept=kept,
        purpose=purpose,
        category=local(CATEGORIES[found.subject]) if found and purpose == links.UNSUBSCRIBE else "",
        wish=_wish(request, found) if found and kept else None,
    )


def _title(purpose: str) -> str:
    return gettext("Stop these mails") if purpose == links.UNSUBSCRIBE else gettext("Answer a request")


def _wish(request: PageRequest, found: links.Link) -> Wish | None:
    return waiting_wish(request, found.subject) if found.purpose == links.ANSWER_REQUEST else None


def _act(request: PageRequest, purpose: str, token: str) -> HttpResponse:
    if purpose == links.UNSUBSCRIBE:
        actions.unsubscribe(request.actor, token=token)
        return redirect_with_message(request, "message-settings", gettext("These mails stop for you."))
    # One transaction: a link whose deed is refused is not used up.
    with seated(request.actor):
        request_id = actions.use_link(request.actor, purpose=purpose, token=token)
        _answer(request, request_id)
    return redirect_with_message(request, reverse("access-requests"), gettext("The request is answered."))


def _answer(request: PageRequest, request_id: str) -> None:
    if request.POST.get("decision") == "grant":
        grant_item(request.actor, request_id=UUID(request_id), role=request.POST.get("role", ""))
    else:
        decline_item(request.actor, request_id=UUID(request_id), answer=request.POST.get("answer", ""))


urlpatterns = [path("messages/links/<str:purpose>/<str:token>/", link, name="message-link")]
