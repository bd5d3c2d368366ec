"""The question before quota or vouchers are taken back: what really comes back, what does not, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.forms.base import NEEDS_CODE
from partner_center.entrypoints.web.forms.vouchers import ReclaimForm
from partner_center.entrypoints.web.jinja import language
from partner_center.entrypoints.web.page import PageRequest, render
from partner_center.entrypoints.web.refusals import rule_view
from partner_center.entrypoints.web.view_models import Confirm, Page, RuleView
from partner_center.kernel.errors import Refused
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Outcome

R = TypeVar("R")


@dataclass(frozen=True)
class Kept:
    """Something to be taken back: its number, who has it, what is left, where that returns to, what forbids it."""

    id: UUID
    number: str
    holder: str
    balance: Money
    home: str
    broken: tuple[Outcome, ...]


@dataclass(frozen=True)
class Ask:
    """The words of the question. `effect` names the amount and where it returns to."""

    title: str
    question: Callable[[int], str]
    effect: str
    bullets: tuple[str, ...]
    action: str
    cancel: str


def done(
    request: PageRequest,
    form: ReclaimForm,
    asked: tuple[Kept, ...],
    take: Callable[[str, str, tuple[Kept, ...]], R],
) -> R | None:
    """What the verb answered; nothing when it refused, which the form then says."""
    if not form.is_valid():
        return None
    try:
        return take(form.cleaned_data["key"], form.cleaned_data["remark"], asked)
    except Refused as refused:
        form.refused = _with_code(request, refused)
    return None


def _with_code(request: PageRequest, refused: Refused) -> tuple[Outcome, ...]:
    """What forbids it; of a code entered wrongly what is wrong with it, not also that one is needed."""
    tried = request.code.refusal
    return (*(each for each in refused.outcomes if not (tried and each.code == NEEDS_CODE)), *tried)


def ask(request: PageRequest, form: ReclaimForm, asked: tuple[Kept, ...], words: Ask) -> HttpResponse:
    """The page of the question. What cannot be taken back is named with its rule, and left out of the sum."""
    good = [each for each in asked if not each.broken]
    return render(
        request,
        "vouchers/reclaim.html",
        status=422 if form.refused else 200,
        page=Page(words.title),
        form=form,
        confirm=_confirm(request, form, asked, words) if good else None,
        refused=tuple(rule_view(each) for each in form.refused),
        left_out=left_out(asked),
        cancel=words.cancel,
    )


def left_out(asked: tuple[Kept, ...]) -> tuple[RuleView, ...]:
    """What cannot be taken back, by the rule that forbids it."""
    by_rule: dict[tuple[str, str], tuple[Outcome, list[str]]] = {}
    for each in asked:
        for outcome in each.broken:
            by_rule.setdefault((outcome.id, rule_view(outcome).found), (outcome, []))[1].append(each.number)
    comma = "、" if language() == "zh" else ", "
    return tuple(rule_view(outcome, subject=comma.join(numbers)) for outcome, numbers in by_rule.values())


def _confirm(request: PageRequest, form: ReclaimForm, asked: tuple[Kept, ...], words: Ask) -> Confirm:
    good = [each for each in asked if not each.broken]
    total = Money.total((each.balance for each in good), good[0].balance.currency)
    homes = sorted({each.home for each in good})
    home = homes[0] if len(homes) == 1 else gettext("the quota each came from")
    code = request.code
    return Confirm(
        question=words.question(len(good)),
        effect=words.effect % {"amount": formats.money(total), "home": home},
        action=words.action,
        button=gettext("Reclaim %(amount)s") % {"amount": formats.money(total)},
        rows=tuple((f"{each.holder} · {each.number}", each.balance) for each in good),
        total=total,
        bullets=words.bullets,
        code_sent_to=code.sent_to if code.needed else "",
        code_send_action=code.send_action if code.needed else "",
        code_errors=code.errors,
        fields=(
            ("key", str(form["key"].value())),
            *(("left" if each.broken else "ids", each.number) for each in asked),
        ),
        cancel_href=words.cancel,
    )


def result_address(name: str, request: PageRequest, numbers: list[str]) -> str:
    """Where the result of a reclaim is read, also later: what came back, and what was left out of it."""
    parts = [*(("ids", each) for each in numbers), *(("left", each) for each in request.POST.getlist("left"))]
    return f"{reverse(name)}?{urlencode(parts)}"
