"""What partners are and how customers belong to them, in words: identity, tier, state, association type."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

from partner_center.entrypoints.web.view_models import Badge, BadgeKind

IDENTITIES: Mapping[str, str] = {
    "solution_provider": gettext_noop("Solution provider"),
    "distributor": gettext_noop("Distributor"),
    "reseller": gettext_noop("Reseller"),
    "subsidy": gettext_noop("Subsidy partner"),
}
TIERS: Mapping[str, str] = {
    "standard": gettext_noop("Standard tier"),
    "advanced": gettext_noop("Advanced tier"),
    "premier": gettext_noop("Premier tier"),
    "core": gettext_noop("Core tier"),
}
STATES: Mapping[str, tuple[BadgeKind, str]] = {
    "active": ("ok", gettext_noop("Active")),
    "restricted": ("act", gettext_noop("Restricted")),
    "frozen": ("frz", gettext_noop("Frozen")),
}
ASPECTS: Mapping[str, str] = {
    "identity": gettext_noop("Identity"),
    "tier": gettext_noop("Tier"),
    "state": gettext_noop("State"),
}
TYPES: Mapping[int, str] = {1: gettext_noop("Consulting"), 2: gettext_noop("Resale")}


def identity(code: str) -> str:
    return gettext(IDENTITIES[code]) if code in IDENTITIES else code or "—"


def tier(code: str) -> str:
    return gettext(TIERS[code]) if code in TIERS else code or "—"


def association_type(code: int) -> str:
    return gettext(TYPES[code]) if code in TYPES else str(code)


def state(code: str) -> Badge:
    kind, word = STATES.get(code, ("end", gettext_noop("Unknown")))
    return Badge(kind, gettext(word))


def standing(aspect: str, value: str) -> str:
    """The value of an aspect of a standing, in a word."""
    if aspect == "state":
        return state(value).text
    return identity(value) if aspect == "identity" else tier(value)
