"""Sending a verification code, and where to enter it when the form that waits for it could not stay on the screen."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext, gettext_noop

from partner_center.access import throttle
from partner_center.access.codes import SentCode, send_code
from partner_center.access.rules import GUARDED
from partner_center.entrypoints.web import formats, session
from partner_center.entrypoints.web.dates import moment_with_zone
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.places import came_from, safe
from partner_center.entrypoints.web.view_models import Page
from partner_center.kernel.errors import NotFound

log = logging.getLogger("partner_center.web")
HOUR, DAY = 3600, 24 * 3600
MOST_AN_HOUR, MOST_A_DAY = 15, 60
OPERATIONS = {
    "vouchers.issue": gettext_noop("issue vouchers"),
    "vouchers.reclaim": gettext_noop("reclaim vouchers"),
    "vouchers.pass_on": gettext_noop("pass quota on to a reseller"),
    "vouchers.reclaim_quota": gettext_noop("reclaim quota"),
    "relationships.disassociate": gettext_noop("disassociate a customer"),
    "exports.request_unmasked": gettext_noop("export names and contacts unmasked"),
    "access.make_key": gettext_noop("make an access key"),
    "access.switch_verification": gettext_noop("turn the verification code off"),
}


@page(methods=("POST",), seat=False)
def send(request: PageRequest) -> HttpResponse:
    """Mail a code for one operation. A fragment for the form that asked, else a page that keeps what was typed.

    Rules: S-561, S-563, S-564.
    """
    operation = request.GET.get("operation", "")
    if operation not in GUARDED:
        raise NotFound("operation")
    said, sent = _send(request, operation)
    if getattr(request, "htmx", False):
        return render(request, "codes/_sent.html", said=said, sent=sent)
    typed = [(k, v) for k, vs in request.POST.lists() for v in vs if k not in ("csrfmiddlewaretoken", "code")]
    target = safe(request, request.GET.get("to", "")) or came_from(request)
    context: dict[str, Any] = {
        "said": said,
        "sent": sent,
        "typed": typed,
        "target": target,
    }
    return render(request, "codes/enter.html", page=Page(gettext("Verification code")), **context)


def _send(request: PageRequest, operation: str) -> tuple[str, bool]:
    """What to tell, and whether a code is on its way. Nothing is mailed inside a transaction."""
    email = _email(request)
    if not email:
        return gettext("Your profile has no e-mail address, so no code can be sent."), False
    if _too_many(email):
        return gettext("Too many codes were asked for. Try again in an hour."), False
    code = send_code(request.actor, operation=operation)
    try:
        _mail(code, operation)
    except (OSError, SMTPException):
        log.exception("code not mailed", extra={"request_id": request.actor.request_id})
        return gettext("The code could not be sent; nothing was changed. Try again in a moment."), False
    return gettext("A code was sent to %(where)s. It is valid until %(until)s.") % {
        "where": formats.mask(email),
        "until": moment_with_zone(code.expires_at),
    }, True


def _email(request: HttpRequest) -> str:
    user = session.user(request)
    return user.email if user else ""


def _too_many(email: str) -> bool:
    """Count this wish, in transactions of their own. Rules: S-563."""
    in_hour = throttle.count(f"code:hour:{email.lower()}", HOUR)
    in_day = throttle.count(f"code:day:{email.lower()}", DAY)
    return in_hour.exceeds(MOST_AN_HOUR) or in_day.exceeds(MOST_A_DAY)


def _mail(code: SentCode, operation: str) -> None:
    subject = gettext("%(code)s is your verification code") % {"code": code.code}
    body = gettext(
        "The code %(code)s lets you %(operation)s, once, until %(until)s.\n\n"
        "Did you not ask for it? Then somebody else uses your account: change your password, tell your administrator."
    ) % {"code": code.code, "operation": gettext(OPERATIONS[operation]), "until": moment_with_zone(code.expires_at)}
    send_mail(subject, body, None, [code.email])


urlpatterns = [path("codes/send/", send, name="send-code")]
