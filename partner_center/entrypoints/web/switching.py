"""Switching a customer's model in the back office: what stands in the way and what comes back, said before."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can
from partner_center.access.queries import names
from partner_center.entrypoints.web.dates import start_day
from partner_center.entrypoints.web.formats import money
from partner_center.entrypoints.web.forms.partners import SwitchForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quota_shown import named
from partner_center.entrypoints.web.refusals import rule_views
from partner_center.entrypoints.web.standing_words import association_type
from partner_center.entrypoints.web.view_models import Confirm, Fact, Page
from partner_center.kernel.errors import Refused
from partner_center.relationships import actions
from partner_center.relationships.queries import SwitchCheck, switch_check


@page(Can.VENDOR_CUSTOMER_MANAGE)
def switch(request: PageRequest, customer_id: UUID) -> HttpResponse:
    """Check, give the ticket's reason, confirm.

    Rules: S-020, S-168, S-195, S-196, S-197, S-198, S-201, S-206, S-221.
    """
    check = switch_check(request.actor, customer_id)
    form = SwitchForm(request.POST if request.method == "POST" else None, initial={"type": check.to})
    if request.method == "POST" and (switched := _switched(request, check, form)) is not None:
        return redirect_with_message(request, "vendor-customer", _said(check, switched), customer_id=customer_id)
    home = reverse("vendor-customer", args=[customer_id])
    return render(
        request,
        "vendor/customers/switch.html",
        page=Page(gettext("Switch %(name)s to %(type)s") % {"name": _name(check), "type": association_type(check.to)}),
        check=check,
        rules=rule_views(check.outcomes),
        facts=_facts(check),
        form=form,
        confirm=_confirm(request, check, home) if check.passed else None,
        home=home,
    )


def _switched(request: PageRequest, check: SwitchCheck, form: SwitchForm) -> actions.Switched | None:
    """What was done; nothing where the form or a rule says no, which then stands in the form."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return actions.switch_type(
            request.actor,
            customer_id=check.association.customer_id,
            type=given["type"],
            reason=given["reason"],
            key=given["key"],
        )
    except Refused as refused:
        form.add_refusal(refused)
    return None


def _said(check: SwitchCheck, switched: actions.Switched) -> str:
    text = ngettext(
        "%(name)s is a %(type)s customer now; %(num)s voucher with %(amount)s came back.",
        "%(name)s is a %(type)s customer now; %(num)s vouchers with %(amount)s came back.",
        switched.vouchers,
    )
    return text % {
        "name": _name(check),
        "type": association_type(switched.type),
        "num": switched.vouchers,
        "amount": money(switched.returned),
    }


def _name(check: SwitchCheck) -> str:
    return local((check.association.name_zh, check.association.name_en))


def _facts(check: SwitchCheck) -> tuple[Fact, ...]:
    one = check.association
    return (
        Fact(gettext("Partner"), named(names([one.partner_id]).get(one.partner_id)), user_text=True),
        Fact(gettext("Association type"), association_type(one.type)),
        Fact(gettext("Associated since"), start_day(one.associated_at)),
    )


def _confirm(request: PageRequest, check: SwitchCheck, home: str) -> Confirm:
    count, amount, to = check.vouchers, money(check.returns), association_type(check.to)
    held = ngettext("%(num)s voucher", "%(num)s vouchers", count) % {"num": count}
    effect = gettext("At once %(held)s with %(amount)s return to the quota they came from. This cannot be undone.")
    return Confirm(
        question=gettext("Switch %(name)s to %(type)s?") % {"name": _name(check), "type": to},
        effect=effect % {"held": held, "amount": amount} if count else gettext("No voucher comes back."),
        action=request.path,
        button=gettext("Switch to %(type)s") % {"type": to},
        bullets=(
            gettext("The association of now ends and one of the other type begins the same instant"),
            gettext("The partner can issue new vouchers to the customer at once"),
            gettext("It does not count as a request of the partner or the customer"),
        ),
        cancel_href=home,
    )


urlpatterns = [path("vendor/customers/<uuid:customer_id>/switch/", switch, name="switch-type")]
