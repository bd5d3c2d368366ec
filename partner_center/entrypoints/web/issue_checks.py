"""The rules' answers to an issue or a passing on, as the panel beside the form shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext, ngettext

from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.forms.limits import LIMITS
from partner_center.entrypoints.web.forms.vouchers import last_day
from partner_center.entrypoints.web.jinja import language, zone
from partner_center.entrypoints.web.picking import button
from partner_center.entrypoints.web.refusals import rule_view, sentence
from partner_center.entrypoints.web.ticket_links import ticket_about
from partner_center.entrypoints.web.view_models import Action, FieldError, RuleView, Term
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Outcome
from partner_center.vouchers.actions import Preflight
from partner_center.vouchers.queries import QuotaRow

ALL_LIMITS = ("service_types", "product_codes", *LIMITS)
# Rules about limits that few issues use: named when broken; kept, they would only make the list long.
UNUSED_LIMITS = {
    "scope_leaves_nothing",
    "enterprise_project_malformed",
    "min_discount_out_of_range",
    "use_ratio_out_of_range",
    "use_ratio_of_cash_only",
    "customer_not_whitelisted",
}


@dataclass(frozen=True)
class Checked:
    """What stands in the way and what does not, and what would be left if it were done now."""

    rules: tuple[RuleView, ...]
    broken: int
    bad: tuple[UUID, ...]
    good: int
    each: Money
    balance: Money
    after_title: str
    after: tuple[Term, ...]
    lapse: str
    errors: Mapping[str, tuple[FieldError, ...]]
    by_subject: Mapping[UUID, tuple[Outcome, ...]]
    most: int

    def against(self, subject: UUID) -> tuple[tuple[str, str], ...]:
        """Why somebody gets nothing: each rule's requirement that is not met, and its id."""
        return tuple((rule_view(each).found, each.id) for each in self.by_subject.get(subject, ()))

    def at(self, field: str) -> tuple[FieldError, ...]:
        return self.errors.get(field, ())


def checked(answer: Preflight, row: QuotaRow, names: Mapping[UUID, str], form: str) -> Checked:
    """An issue's preflight."""
    each = answer.total.minor // len(answer.recipients) if answer.recipients else 0
    return _checked(
        answer.batch, answer.recipients, Money(each, answer.total.currency), answer.balance, row, names, form
    )


def checked_passing(
    answers: tuple[tuple[Outcome, ...], Mapping[UUID, tuple[Outcome, ...]]],
    each: Money,
    row: QuotaRow,
    names: Mapping[UUID, str],
    form: str,
) -> Checked:
    """The same for quota passed on."""
    batch, receivers = answers
    return _checked(batch, receivers, each, row.balance, row, names, form)


def _checked(
    batch: Sequence[Outcome],
    receivers: Mapping[UUID, Sequence[Outcome]],
    each: Money,
    balance: Money,
    row: QuotaRow,
    names: Mapping[UUID, str],
    form: str,
) -> Checked:
    by_subject = {id_: tuple(o for o in found if not o.passed) for id_, found in receivers.items()}
    bad = tuple(id_ for id_, broken in by_subject.items() if broken)
    good = len(receivers) - len(bad)
    mender = _Mender(row, bad, each, good, form)
    rules = (*_batch_rules(batch, mender), *_subject_rules(receivers, names, form))
    broken = [rule for rule in rules if not rule.passed]
    return Checked(
        rules=rules,
        broken=len(broken),
        bad=bad,
        good=good,
        each=each,
        balance=balance,
        after_title=_after_title(len(bad)),
        after=_after(balance, each, good),
        lapse=_lapse(balance - each * good, row) if good and each * good <= balance else "",
        errors=_field_errors([*batch, *(o for found in by_subject.values() for o in found)]),
        by_subject=by_subject,
        most=_most(batch),
    )


def _most(batch: Sequence[Outcome]) -> int:
    """How many may be picked at a time, as the rule of it says; none where there is no such rule."""
    rule = next((each for each in batch if each.code == "too_many_customers"), None)
    return int(str(rule.values["required"])) if rule else 0


def _batch_rules(batch: Sequence[Outcome], mender: _Mender) -> list[RuleView]:
    return [mender.view(each) for each in batch if not (each.passed and each.code in UNUSED_LIMITS)]


def _subject_rules(receivers: Mapping[UUID, Sequence[Outcome]], names: Mapping[UUID, str], form: str) -> list[RuleView]:
    """Each rule about a receiver once: passed by all, or broken by those named, with a button that removes them."""
    by_rule: dict[str, tuple[Outcome, list[UUID]]] = {}
    for id_, outcomes in receivers.items():
        for outcome in outcomes:
            first, broken = by_rule.setdefault(outcome.id + outcome.code, (outcome, []))
            if not outcome.passed:
                by_rule[outcome.id + outcome.code] = (outcome if first.passed else first, [*broken, id_])
    comma = "、" if language() == "zh" else ", "
    found = []
    for outcome, broken in by_rule.values():
        if not broken and outcome.code in UNUSED_LIMITS:
            continue
        text = ngettext("Remove %(num)s", "Remove %(num)s", len(broken)) % {"num": len(broken)}
        action = button(text, "drop", ",".join(map(str, broken)), form) if broken else None
        found.append(rule_view(outcome, action, comma.join(names.get(each, str(each)) for each in broken)))
    return found


@dataclass(frozen=True)
class _Mender:
    """Knows the values that would satisfy a broken rule."""

    row: QuotaRow
    bad: tuple[UUID, ...]
    each: Money
    good: int
    form: str

    def view(self, outcome: Outcome) -> RuleView:
        """The rule's answer with what mends it, beginning with what is nearest at hand."""
        if outcome.passed:
            return rule_view(outcome)
        view, hint = rule_view(outcome, self.action(outcome)), self.hint(outcome)
        return replace(view, remedy=f"{hint}{'' if language() == 'zh' else ' '}{view.remedy}") if hint else view

    def action(self, outcome: Outcome) -> Action | None:
        """The button that sets the value, where one is known."""
        values = outcome.values
        match outcome.code:
            case "quota_insufficient":
                return self._fitting(outcome)
            case "validity_outside_quota":
                end = last_day(self.row.window.end).isoformat()
                return self._set(gettext("Set to %(value)s") % {"value": end}, "ends_at", end)
            case "face_value_out_of_range":
                edge = values["most"] if self.each > values["most"] else values["required"]  # type: ignore[operator]
                return self._amount("face_value", edge) if isinstance(edge, Money) else None
            case "min_order_amount_negative":
                return self._set(gettext("No minimum"), "min_order_amount", "")
            case "scope_exceeds_quota":
                return button(gettext("As the quota"), "clear", ",".join(ALL_LIMITS), self.form)
        return ticket_about(outcome, "quota", self.row.id, self.row.number)

    def _fitting(self, outcome: Outcome) -> Action | None:
        """What fits once those who cannot get any are removed, which another button does."""
        balance = outcome.values.get("required")
        many = self.good or int(str(outcome.values.get("count", 1)))
        removing_suffices = (
            bool(self.good and self.bad) and isinstance(balance, Money) and self.each * self.good <= balance
        )
        if not isinstance(balance, Money) or balance.minor < many or removing_suffices:
            return None
        return self._amount(outcome.field, Money(balance.minor // many, balance.currency))

    def _amount(self, field: str, value: Money) -> Action:
        return self._set(gettext("Set to %(value)s") % {"value": formats.amount(value)}, field, str(value))

    def _set(self, label: str, field: str, value: str) -> Action:
        return button(label, "set", f"{field}={value}", self.form)

    def hint(self, outcome: Outcome) -> str:
        if outcome.passed or outcome.code != "quota_insufficient" or not self.bad or not self.good:
            return ""
        balance = outcome.values.get("required")
        if not isinstance(balance, Money) or self.each * self.good > balance:
            return ""
        text = gettext("Without the %(num)s that cannot get any it is %(amount)s, which fits.")
        return text % {"num": len(self.bad), "amount": formats.amount(self.each * self.good)}


def _after_title(bad: int) -> str:
    if not bad:
        return gettext("After it")
    return ngettext("After it, with %(num)s removed", "After it, with %(num)s removed", bad) % {"num": bad}


def _after(balance: Money, each: Money, good: int) -> tuple[Term, ...]:
    total = each * good
    left = balance - total
    spent = gettext("%(num)s × %(each)s") % {"num": good, "each": formats.amount(each)}
    return (
        Term(gettext("balance now"), balance),
        Term(spent, total, "−"),
        Term(gettext("balance after"), left, "=", result=left.minor >= 0),
    )


def _lapse(left: Money, row: QuotaRow) -> str:
    text = gettext("What is not issued by %(end)s lapses: %(amount)s as of then.")
    return text % {"end": formats.until(row.window.end, zone()), "amount": formats.amount(left)}


def _field_errors(outcomes: Sequence[Outcome]) -> dict[str, tuple[FieldError, ...]]:
    found: dict[str, dict[str, FieldError]] = {}
    for outcome in outcomes:
        if not outcome.passed:
            text = sentence(outcome)
            found.setdefault(outcome.field, {}).setdefault(text, FieldError(text, outcome.id, outcome.field))
    return {field: tuple(errors.values()) for field, errors in found.items()}
