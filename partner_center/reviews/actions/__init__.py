"""Every verb of the review engine, one module a noun."""

from partner_center.reviews.actions.absence import be_absent, be_back
from partner_center.reviews.actions.review import (
    Decided,
    Opened,
    decide,
    escalate_due,
    expire_due,
    hand_over,
    open_review,
    supplement,
    take,
    withdraw,
)

__all__ = [
    "Decided",
    "Opened",
    "be_absent",
    "be_back",
    "decide",
    "escalate_due",
    "expire_due",
    "hand_over",
    "open_review",
    "supplement",
    "take",
    "withdraw",
]
