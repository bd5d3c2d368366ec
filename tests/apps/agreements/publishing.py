"""A version to sign, as the vendor would publish it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from partner_center.agreements import actions


def publish(cast: Any, number: str = "1.0", at: datetime | None = None, **changes: Any) -> UUID:
    when = at or cast.at
    terms: dict[str, Any] = {
        "site": "cloud-cn",
        "code": "code_of_conduct",
        "titles": ("行为准则", "Code of conduct"),
        "texts": (f"# 准则 {number}", f"# Code {number}"),
        "effective_at": when,
        "grace_days": 30,
        "governs": ["vouchers.issue", "vouchers.pass_on"],
        **changes,
    }
    return actions.publish(cast.vera(at=when), number=number, **terms)
