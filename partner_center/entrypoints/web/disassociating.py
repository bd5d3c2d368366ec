"""Leaving a customer: everything that stands in the way and what comes back, before anything is done."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can
from partner_center.entrypoints.web.dates import start_day
from partner_center.entrypoints.web.formats import money
from partner_center.entrypoints.web.forms.customers import DisassociateForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.refusals import rule_views
from partner_center.entrypoints.web.standing_words import association_type
from partner_center.entrypoints.web.ticket_links import by_ticket
from partner_center.entrypoints.web.view_models import Confirm, Crumb, Fact, Page
from partner_center.kernel.errors import Refused
from partner_center.relationships import actions
from partner_center.relationships.queries import DisassociationCheck, disassociation_check


@page(Can.CUSTOMER_DISASSOCIATE, code_for=actions.DISASSOCIATE)
def disassociate(request: PageRequest, customer_id: UUID) -> HttpResponse:
    """Check, understand, give a reason, confirm. Rules: S-190, S-191, S-195, S-201, S-206, S-221, S-562."""
    check = disassociation_check(request.actor, customer_id)
    form = DisassociateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (ended := _ended(request, check, form)) is not None:
        return redirect_with_message(request, "customers", _said(check, ended))
    return _asked(request, check, form)


def _ended(request: PageRequest, check: DisassociationCheck, form: DisassociateForm) -> actions.Disassociated | None:
    """What was done; nothing where the form or a rule says no, which then stands in the form."""
    if not form.is_valid():
        return None
    try:
        return actions.disassociate(
            request.actor,
            customer_id=check.association.customer_id,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
        )
    except Refused as refused:
        form.add_refusal(refused, request.code)
    return None


def _said(check: DisassociationCheck, ended: actions.Disassociated) -> str:
    text = ngettext(
        "%(name)s is no longer your customer; %(num)s voucher with %(amount)s came back.",
        "%(name)s is no longer your customer; %(num)s vouchers with %(amount)s came back.",
        ended.vouchers,
    )
    return text % {"name": _name(check), "num": ended.vouchers, "amount": money(ended.returned)}


def _name(check: DisassociationCheck) -> str:
    return local((check.association.name_zh, check.association.name_en))


def _asked(request: PageRequest, check: DisassociationCheck, form: DisassociateForm) -> HttpResponse:
    home = reverse("customer", args=[check.association.customer_id])
    title = gettext("Disassociate %(name)s") % {"name": _name(check)}
    crumbs = (Crumb(gettext("Customer management"), reverse("customers")), Crumb(_name(check), home))
    return render(
        request,
        "customers/disassociate.html",
        page=Page(title, breadcrumb=(*crumbs, Crumb(gettext("Disassociate")))),
        check=check,
        rules=rule_views(
            check.outcomes, mend=by_ticket(request, "customer", check.association.customer_id, _name(check))
        ),
        facts=_facts(check),
        form=form,
        confirm=_confirm(request, check, form, home) if check.passed else None,
        home=home,
    )


def _facts(check: DisassociationCheck) -> tuple[Fact, ...]:
    one = check.association
    return (
        Fact(gettext("Customer"), _name(check), user_text=True),
        Fact(gettext("Account name"), one.account_name, user_text=True),
        Fact(gettext("Association type"), association_type(one.type)),
        Fact(gettext("Associated since"), start_day(one.associated_at)),
    )


def _confirm(request: PageRequest, check: DisassociationCheck, form: DisassociateForm, home: str) -> Confirm:
    count, amount = check.vouchers, money(check.returns)
    held = ngettext("%(num)s voucher", "%(num)s vouchers", count) % {"num": count}
    effect = gettext("At once %(held)s with %(amount)s return to the quota they came from. This cannot be undone.")
    code = request.code
    return Confirm(
        question=gettext("Disassociate %(name)s?") % {"name": _name(check)},
        effect=effect % {"held": held, "amount": amount} if count else gettext("This cannot be undone."),
        action=request.path,
        button=gettext("Disassociate, %(amount)s returns") % {"amount": amount} if count else gettext("Disassociate"),
        bullets=(
            gettext("The customer keeps its account and what runs in it; it pays the vendor itself from then on"),
            gettext("You no longer see the customer and its orders; what happened before stays in the records"),
            gettext("Becoming its partner again needs a new association"),
        ),
        code_sent_to=code.sent_to if code.needed else "",
        code_send_action=code.send_action if code.needed else "",
        code_errors=form.field_errors("code"),
        fields=(("key", str(form["key"].value())),),
        cancel_href=home,
    )


urlpatterns = [path("customers/<uuid:customer_id>/disassociate/", disassociate, name="disassociate")]
