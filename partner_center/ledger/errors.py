"""How the ledger says no: in the kernel's kinds where a person may be told, else as `Unbalanced`."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from partner_center.kernel.errors import Conflict, NotFound


class Unbalanced(ValueError):
    """Moves that do not sum to zero in each currency, or move nothing: the program that made them is wrong."""


class InsufficientBalance(Conflict):
    """A balance would fall below its floor. Nothing was written; the caller says it in its own rule's words."""

    def __init__(self, account_id: UUID) -> None:
        super().__init__("insufficient_balance", account=account_id)
        self.account_id = account_id


class AccountNotFound(NotFound):
    """The account is absent, of another currency, or not one from which the seat may take."""

    def __init__(self) -> None:
        super().__init__("ledger_account")


class TransferNotFound(NotFound):
    """The transfer is absent, or touches no account of the seat."""

    def __init__(self) -> None:
        super().__init__("ledger_transfer")


class AlreadyReversed(Conflict):
    """The transfer has its reversal, or is one."""

    def __init__(self) -> None:
        super().__init__("already_reversed")


class SecondPersonRequired(Conflict):
    """A reversal is asked for by one person, with a reason, and approved by another."""

    def __init__(self) -> None:
        super().__init__("second_person_required")


_BY_STATE: dict[str, Callable[[], Exception]] = {
    "PL002": lambda: Unbalanced("the database found entries that do not sum to zero"),
    "PL003": AccountNotFound,
    "PL004": AccountNotFound,
    "PL005": AlreadyReversed,
    "PL404": TransferNotFound,
}
_BY_CONSTRAINT: dict[str, Callable[[], Exception]] = {
    "ledger_transfer_reversed_once": AlreadyReversed,
    "ledger_transfer_two_persons": SecondPersonRequired,
    "ledger_entry_not_zero": lambda: Unbalanced("an entry moves nothing"),
    "ledger_entry_pkey": lambda: Unbalanced("an account stands twice in one transfer"),
}


def from_database(error: Exception) -> Exception:
    """The ledger's name for what PostgreSQL refused; the error itself when it is none of the ledger's."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return error
    if diagnosis.sqlstate == "PL001":
        return InsufficientBalance(UUID(diagnosis.message_detail))
    named = _BY_CONSTRAINT.get(diagnosis.constraint_name) or _BY_STATE.get(diagnosis.sqlstate)
    return named() if named else error
