"""Writing the ledger. Called inside an action, in its transaction; each is one round trip.

Callers record the event: what a transfer means is theirs to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

from partner_center.audit.actions import current_operation
from partner_center.kernel.actor import Actor
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.ledger.errors import SecondPersonRequired, Unbalanced, from_database
from partner_center.ledger.rules import Alike, Move, NewAccount, merge, net

_HEADER = "%s::uuid, %s, %s::uuid, %s, %s::uuid, %s::uuid, %s::uuid, %s"
_OPENING = "%s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::uuid[], %s::uuid[], %s::uuid[]"
_OPEN = f"SELECT ledger_open({_OPENING}, %s)"
_POST = f"SELECT ledger_post({_HEADER}, %s::uuid[], %s::bigint[], %s::text[])"
_FUND = f"SELECT ledger_fund({_HEADER}, %s::uuid[], %s::bigint[], {_OPENING}, %s::bigint[])"
_SWEEP = f"SELECT account_id, amount_minor FROM ledger_sweep({_HEADER}, %s::uuid[], %s::uuid[])"
_REVERSE = f"SELECT ledger_reverse({_HEADER}, %s::uuid, %s::uuid)"


def open_accounts(actor: Actor, accounts: Sequence[NewAccount]) -> None:
    """Open accounts with nothing on them.

    Raises: AccountNotFound for an account without a floor, opened by one who does not see all.
    """
    if accounts:
        _call(_OPEN, [*_opening(accounts), actor.at])


def post(actor: Actor, *, kind: str, moves: Iterable[Move], reason: str = "", operation_id: UUID | None = None) -> UUID:
    """Move value between accounts: one transfer, one entry an account.

    Money:  signed minor units of each account's currency; each currency sums to zero.
    Raises: Unbalanced; AccountNotFound (also where the seat may not take); InsufficientBalance.
    """
    netted = net(moves)
    transfer, header = _header(actor, kind, reason, operation_id)
    accounts = _uuids(move.account_id for move in netted)
    amounts = _array(move.amount.minor for move in netted)
    _call(_POST, [*header, accounts, amounts, _column(move.amount.currency for move in netted)])
    return transfer


def fund(
    actor: Actor,
    *,
    kind: str,
    accounts: Sequence[NewAccount] | Alike,
    amounts: Money | Sequence[Money],
    sources: Iterable[Move],
    reason: str = "",
    operation_id: UUID | None = None,
) -> UUID:
    """Open accounts that begin with a balance, paid for out of other accounts, as one transfer.

    Money:  `amounts` (each, or one for all) goes to the new accounts; `sources` are the negative moves that pay for it.
    Raises: Unbalanced; AccountNotFound; InsufficientBalance (naming a source).
    """
    each = (amounts,) if isinstance(amounts, Money) else tuple(amounts)
    if not accounts or len(each) not in (1, len(accounts)):
        raise Unbalanced("there are as many amounts as new accounts, or one for all")
    taken = merge(sources)
    if len({currency for _, currency in taken} | {one.currency for one in each}) != 1:
        raise Unbalanced("accounts are funded in one currency")
    transfer, header = _header(actor, kind, reason, operation_id)
    paid_by = [_uuids(account for account, _ in taken), _array(taken.values())]
    _call(_FUND, [*header, *paid_by, *_opening(accounts), _column(one.minor for one in each)])
    return transfer


def sweep(
    actor: Actor,
    *,
    kind: str,
    accounts: Sequence[UUID],
    into: UUID | Sequence[UUID],
    reason: str = "",
    operation_id: UUID | None = None,
) -> tuple[UUID | None, dict[UUID, int]]:
    """Move whatever is left on the accounts into one account, or each into its own: reclaim and expiry.

    Money:  minor units of the accounts' currencies; what each account gave is returned. No transfer if all are empty.
    Raises: AccountNotFound (also where the seat may not take).
    """
    targets = (into,) if isinstance(into, UUID) else tuple(into)
    if len(targets) not in (1, len(accounts)):
        raise Unbalanced("there are as many targets as accounts, or one for all")
    if not accounts:
        return None, {}
    transfer, header = _header(actor, kind, reason, operation_id)
    given = dict(_call(_SWEEP, [*header, _uuids(accounts), _uuids(targets)]))
    return (transfer if given else None), given


def reverse(
    actor: Actor, *, transfer_id: UUID, reason: str, approved_by: UUID, operation_id: UUID | None = None
) -> UUID:
    """Take a transfer back by its mirror image; the actor asks, another person has approved.

    Rules:  two persons and a reason, once; a reversal is not reversed.
    Raises: SecondPersonRequired; TransferNotFound; AlreadyReversed; InsufficientBalance where the value is gone.
    """
    if actor.user_id is None or approved_by == actor.user_id or not reason.strip():
        raise SecondPersonRequired
    transfer, header = _header(actor, "", reason, operation_id)
    _call(_REVERSE, [*header, transfer_id, approved_by])
    return transfer


def _header(actor: Actor, kind: str, reason: str, operation_id: UUID | None) -> tuple[UUID, list[Any]]:
    transfer, operation = new_id(), operation_id or current_operation()
    return transfer, [transfer, kind, operation, reason, actor.user_id, actor.home, actor.seat, actor.at]


def _opening(accounts: Sequence[NewAccount] | Alike) -> list[str]:
    if isinstance(accounts, Alike):
        parties = [_array([accounts.partner_id], _hex), _array([accounts.upline_id], _hex)]
        alike = [_array([accounts.kind]), _array([accounts.currency]), _array([0]), *parties]
        return [_uuids(accounts.ids), *alike, _uuids(accounts.customer_ids)]
    return [
        _uuids(account.id for account in accounts),
        _column(account.kind for account in accounts),
        _column(account.currency for account in accounts),
        _column(account.floor for account in accounts),
        *(
            _column((getattr(account, party) for account in accounts), _hex)
            for party in ("partner_id", "upline_id", "customer_id")
        ),
    ]


# Array literals are made here: for ten thousand ids that is several times faster than the driver's adaptation.
def _hex(value: UUID) -> str:
    return f"{value.int:032x}"


def _uuids(values: Iterable[UUID]) -> str:
    return "{" + ",".join(map(_hex, values)) + "}"


def _array(values: Iterable[Any], text: Callable[[Any], str] = str) -> str:
    return "{" + ",".join("NULL" if value is None else text(value) for value in values) + "}"


def _column(values: Iterable[Any], text: Callable[[Any], str] = str) -> str:
    """The values as an array; a single one when all are the same, which stands for all."""
    every = tuple(values)
    return _array(every[:1] if len(set(every)) == 1 else every, text)


def _call(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement, parameters)
        except DatabaseError as error:
            raise from_database(error) from error
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
