"""Customer contacts: whom an account's customers are told to call."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can
from partner_center.entrypoints.web.forms.notices import ContactForm
from partner_center.entrypoints.web.members import tabs
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Page
from partner_center.kernel.errors import Refused
from partner_center.partners import actions
from partner_center.partners.queries import ContactRow, customer_contact, customer_contacts
from partner_center.policy.queries import pack


@page(Can.CUSTOMER_CONTACT_MANAGE, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """The contacts that stand on every customer's page of its partner. Rules: L-194."""
    found = customer_contacts(request.actor)
    most = pack(request.actor.site, request.actor.at).number("partners.most_customer_contacts")
    return render(
        request,
        "members/contacts.html",
        page=Page(gettext("Customer contacts"), count=len(found)),
        tabs=tabs(request),
        columns=(
            Column(gettext("Name"), "main"),
            Column(gettext("Phone")),
            Column(gettext("E-mail")),
            Column(gettext("Actions"), "actions"),
        ),
        rows=[_row(each) for each in found],
        most=most,
    )


def _row(each: ContactRow) -> tuple[object, ...]:
    change = Action(gettext("Change"), reverse("change-contact", args=[each.id]))
    remove = Action(gettext("Delete"), reverse("remove-contact", args=[each.id]), method="post")
    return Cell(each.name, each.duty, user_text=True), each.phone or "—", each.email or "—", [change, remove]


@page(Can.CUSTOMER_CONTACT_MANAGE)
def add(request: PageRequest) -> HttpResponse:
    """Name a contact. Rules: L-194."""
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_contact(request.actor, **form.cleaned_data)
            text = gettext("Your customers see this contact from now on.")
            return redirect_with_message(request, "customer-contacts", text)
        except Refused as refused:
            form.add_refusal(refused)
    return render(request, "members/contact_form.html", page=Page(gettext("Add a customer contact")), form=form)


@page(Can.CUSTOMER_CONTACT_MANAGE)
def change(request: PageRequest, contact_id: UUID) -> HttpResponse:
    """Change what customers read of a contact. Rules: L-194."""
    found = customer_contact(request.actor, contact_id)
    start = {name: getattr(found, name) for name in ("name", "duty", "phone", "email")}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            actions.change_contact(request.actor, contact_id=contact_id, **form.cleaned_data)
            return redirect_with_message(request, "customer-contacts", gettext("Saved."))
        except Refused as refused:
            form.add_refusal(refused)
    return render(request, "members/contact_form.html", page=Page(gettext("Change a customer contact")), form=form)


@page(Can.CUSTOMER_CONTACT_MANAGE, methods=("POST",))
def remove(request: PageRequest, contact_id: UUID) -> HttpResponse:
    """Take a contact away."""
    actions.remove_contact(request.actor, contact_id=contact_id)
    return redirect_with_message(
        request, "customer-contacts", gettext("Your customers do not see this contact any more.")
    )


urlpatterns = [
    path("members/contacts/", index, name="customer-contacts"),
    path("members/contacts/add/", add, name="add-contact"),
    path("members/contacts/<uuid:contact_id>/", change, name="change-contact"),
    path("members/contacts/<uuid:contact_id>/remove/", remove, name="remove-contact"),
]
