"""Who acts, from which seat, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal
from uuid import UUID

NOBODY = UUID(int=0)
Audience = Literal["vendor", "partner", "customer", "system"]


@dataclass(frozen=True)
class Actor:
    """The caller of an action.

    `home` is always who really calls; `seat` is the organisation whose rows are seen, `None` sees nothing. `at` is
    business time. `guarded` says that the home account asks for a code at sensitive operations; `verified` maps such an
    operation to the code that was entered for it.
    """

    audience: Audience
    at: datetime
    user_id: UUID | None = None
    login: str = ""
    home: UUID | None = None
    seat: UUID | None = None
    site: str = "cloud-cn"
    language: Literal["zh", "en"] = "zh"
    roles: tuple[str, ...] = ()
    permissions: frozenset[str] = frozenset()
    request_id: str = ""
    address: str = ""
    system: str = ""
    guarded: bool = False
    verified: Mapping[str, UUID] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def sees_all(self) -> bool:
        """Vendor staff and the system see every row; everybody else only rows that name their seat."""
        return self.audience in ("vendor", "system")

    @property
    def seat_id(self) -> UUID:
        """The seat for a lookup: an id that nothing has, where there is no seat."""
        return self.seat or NOBODY

    @property
    def home_id(self) -> UUID:
        return self.home or NOBODY

    @property
    def person_id(self) -> UUID:
        return self.user_id or NOBODY

    @property
    def is_main(self) -> bool:
        return "administrator" in self.roles

    def for_system(self, reason: str) -> Actor:
        """The same call doing what its rule demands on others' rows; `reason` starts with the rule's id."""
        return replace(self, audience="system", system=reason)

    def in_seat(self, organisation_id: UUID) -> Actor:
        return replace(self, seat=organisation_id)

    def with_code(self, operation: str, code_id: UUID) -> Actor:
        return replace(self, verified={**self.verified, operation: code_id})


def system_actor(reason: str, at: datetime, site: str = "cloud-cn") -> Actor:
    """The product itself: a job or a reaction, with the reason that stands on its records."""
    return Actor(audience="system", at=at, site=site, system=reason, request_id=f"job:{reason}")
