"""Money as whole minor units of one currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import total_ordering

EXPONENT = 2
_UNIT = 10**EXPONENT
# A bigint column holds 19 digits; 15 whole digits leave room for sums of many amounts.
MAX_MINOR = 10**17


class CurrencyMismatch(TypeError):
    """Two currencies met in one calculation; only an exchange, which we do not do, could settle it."""


class NotAnAmount(ValueError):
    """A text or number that is no amount with at most two decimals."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: minor units (fen, cents) of one currency."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """The money a person or a program wrote down.

        Rules:  S-900.
        Raises: NotAnAmount for more than two decimals, for what is no finite number, or beyond the largest amount kept.
        """
        if isinstance(amount, bool | float):
            raise NotAnAmount(repr(amount))
        try:
            minor = Decimal(amount) * _UNIT
        except (InvalidOperation, ValueError) as error:
            raise NotAnAmount(repr(amount)) from error
        if not minor.is_finite() or abs(minor) > MAX_MINOR or minor != minor.to_integral_value():
            raise NotAnAmount(repr(amount))
        return cls(int(minor), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum, which is zero of the named currency when there is nothing to add."""
        return sum(amounts, cls(0, currency))

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-EXPONENT).quantize(Decimal(1).scaleb(-EXPONENT))

    def split(self, parts: int) -> tuple[Money, ...]:
        """Equal parts that add up to the whole; the first ones carry the odd units."""
        if parts < 1:
            raise ValueError("an amount is split into at least one part")
        share, odd = divmod(self.minor, parts)
        return tuple(Money(share + (index < odd), self.currency) for index in range(parts))

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, times: int) -> Money:
        if isinstance(times, bool) or not isinstance(times, int):
            raise TypeError("money is multiplied by whole numbers only; rates go through a rounding function")
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal:,.2f}"
