"""Verification codes on pages: tried before the action, sent by mail, entered once more where a form waits for one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from partner_center.access import codes
from partner_center.entrypoints.web import session
from partner_center.entrypoints.web.formats import mask
from partner_center.entrypoints.web.refusals import field_error
from partner_center.entrypoints.web.view_models import FieldError
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Refused
from partner_center.kernel.rules import Outcome


@dataclass(frozen=True)
class Code:
    """What a page knows of the code its operation may need: whether, where it is sent, and how a try went.

    `page` is the address that posts the operation; there a code entered on a page of its own is taken.
    """

    operation: str
    needed: bool
    sent_to: str
    page: str
    refusal: tuple[Outcome, ...] = ()

    @property
    def send_action(self) -> str:
        return f"{reverse('send-code')}?{urlencode({'operation': self.operation, 'to': self.page})}"

    @property
    def errors(self) -> tuple[FieldError, ...]:
        return tuple(map(field_error, self.refusal))


def tried(request: HttpRequest, actor: Actor, operation: str) -> tuple[Actor, Code]:
    """The actor with the code confirmed, if one came along and is right; otherwise what is wrong with it.

    Call it outside a seat: the count of wrong guesses is committed whatever becomes of the page.
    """
    code = state(request, actor, operation)
    entered = request.POST.get("code", "").strip()
    if request.method != "POST" or not code.needed or not entered:
        return actor, code
    try:
        return codes.try_code(actor, operation=operation, code=entered), code
    except Refused as refused:
        return actor, replace(code, refusal=refused.outcomes)


def state(request: HttpRequest, actor: Actor, operation: str) -> Code:
    user = session.user(request)
    with seated(actor):
        return Code(operation, codes.is_needed(actor), mask(user.email if user else ""), request.get_full_path())
