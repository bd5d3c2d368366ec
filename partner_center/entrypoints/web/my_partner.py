"""The customer's partner: who it is, in which model, since when."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext

from partner_center.access.permissions import Can
from partner_center.access.queries import Name, names
from partner_center.audit.queries import EventRow, of_customer
from partner_center.customers.queries import AssociationFacts, association_of
from partner_center.entrypoints.event_words import event_words
from partner_center.entrypoints.web.dates import moment, start_day
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.standing_words import association_type
from partner_center.entrypoints.web.view_models import Event, Fact, Page
from partner_center.kernel.actor import Actor
from partner_center.partners.queries import ContactRow, contacts_of

TOLD = ("association.", "voucher.spent", "voucher.authorised", "voucher.released")


@page(Can.MY_PARTNER_VIEW, methods=("GET",))
def show(request: PageRequest) -> HttpResponse:
    """My partner of today, and what happened between us. Rules: S-184."""
    found = partner_of(request.actor)
    return render(
        request,
        "billing/partner.html",
        page=Page(gettext("My partner")),
        partner=found[1] if found else None,
        facts=facts(request.actor, *found) if found else (),
        contacts=contacts(request.actor, found[0]) if found else (),
        model=found[0].type if found else 0,
        events=tuple(map(_event, _told(request.actor))),
    )


def partner_of(actor: Actor) -> tuple[AssociationFacts, Name] | None:
    """The live association of the customer itself, with its partner's name."""
    found = association_of(actor, actor.seat_id)
    return (found, names([found.partner_id])[found.partner_id]) if found else None


def facts(actor: Actor, found: AssociationFacts, partner: Name) -> tuple[Fact, ...]:
    shown = [
        Fact(gettext("Partner"), local((partner.zh, partner.en)), user_text=True),
        Fact(gettext("Association type"), association_type(found.type)),
        Fact(gettext("Associated since"), start_day(found.associated_at)),
        Fact(gettext("Partner id"), partner.number),
    ]
    if found.upline_id and (upper := names([found.upline_id]).get(found.upline_id)):
        shown.insert(1, Fact(gettext("Its distributor"), local((upper.zh, upper.en)), user_text=True))
    return tuple(shown)


@dataclass(frozen=True)
class Contact:
    """Whom to call at the partner, and what for."""

    name: str
    facts: tuple[Fact, ...]


def contacts(actor: Actor, found: AssociationFacts) -> tuple[Contact, ...]:
    """The contacts the partner named for its customers, else its account's own data. Rules: L-194, S-184."""
    return tuple(map(_contact, contacts_of(actor, found.partner_id)))


def _contact(row: ContactRow) -> Contact:
    said = (
        Fact(gettext("What for"), row.duty, user_text=True),
        Fact(gettext("Phone"), row.phone),
        Fact(gettext("E-mail"), row.email),
    )
    return Contact(row.name, tuple(each for each in said if each.value))


def _told(actor: Actor) -> tuple[EventRow, ...]:
    return tuple(row for row in of_customer(actor, actor.seat_id) if row.name.startswith(TOLD))


def _event(row: EventRow) -> Event:
    return Event(event_words(row.name), moment(row.at), effect=str(row.data.get("order", "")))


urlpatterns = [path("my-partner/", show, name="my-partner")]
