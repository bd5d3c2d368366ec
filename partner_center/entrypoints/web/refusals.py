"""Broken rules and conflicts as a reader of a page sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from partner_center.entrypoints import refusals
from partner_center.entrypoints.web.jinja import language, show
from partner_center.entrypoints.web.view_models import Action, FieldError, RuleView
from partner_center.kernel.errors import Conflict
from partner_center.kernel.rules import Outcome

# The button that mends it, where the page knows one.
Mend = Callable[[Outcome], Action | None]


def no_button(outcome: Outcome) -> None:
    return None


def no_subject(outcome: Outcome) -> str:
    return ""


def rule_views(
    outcomes: Iterable[Outcome], *, mend: Mend = no_button, subject: Callable[[Outcome], str] = no_subject
) -> tuple[RuleView, ...]:
    """Outcomes as rule rows: kept ones by their name, broken ones with what was found and what to do."""
    return tuple(rule_view(each, mend(each), subject(each)) for each in outcomes)


def rule_view(outcome: Outcome, action: Action | None = None, subject: str = "") -> RuleView:
    if outcome.passed:
        return RuleView(outcome.id, outcome.text("name", language()), "ok", subject=subject)
    return RuleView(
        outcome.id,
        outcome.text("name", language()),
        "no",
        outcome.text("message", language(), show),
        outcome.text("remedy", language(), show),
        action,
        subject,
    )


def sentence(outcome: Outcome) -> str:
    """A broken rule in one line, without its id, which a field's error links by itself."""
    message, remedy = (outcome.text(part, language(), show) for part in ("message", "remedy"))
    return f"{message}；{remedy}" if language() == "zh" else f"{message}. {remedy}"


def field_error(outcome: Outcome) -> FieldError:
    return FieldError(sentence(outcome), outcome.id, outcome.field)


def conflict_text(conflict: Conflict) -> str:
    """Why the thing's present state does not allow it, and what to do."""
    problem = refusals.problems(conflict, language())[0]
    return f"{problem.message}；{problem.remedy}" if language() == "zh" else f"{problem.message}. {problem.remedy}"
