"""The only place that opens a transaction, and tells PostgreSQL from which seat it is read and written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from partner_center.kernel.actor import Actor

_Setting = tuple[str, str]
NOBODY: _Setting = ("", "off")
_current: ContextVar[_Setting] = ContextVar("seat", default=NOBODY)


class NoSeat(RuntimeError):
    """`whole` outside a seat: the fence opens only inside a transaction that somebody is accountable for."""


@contextmanager
def seated(actor: Actor) -> Iterator[None]:
    """Run in a transaction as the actor's seat; nested, the outer seat comes back on leaving."""
    with _setting(_setting_of(actor)):
        yield


@contextmanager
def whole(reason: str) -> Iterator[None]:
    """See every row for the moment of one question, whose answer is a yes or an id, never a row.

    `reason` names the rule that needs the whole truth; a test lists every use.
    """
    if not reason:
        raise NoSeat("the whole truth is opened with a reason")
    seat, sees_all = _current.get()
    if sees_all == "on":
        yield  # whoever asks sees every row as it is
        return
    with _setting((seat, "on")):
        yield


def _setting_of(actor: Actor) -> _Setting:
    return (str(actor.seat) if actor.seat else "", "on" if actor.sees_all else "off")


@contextmanager
def _setting(setting: _Setting) -> Iterator[None]:
    outer = _current.get()
    nested = connection.in_atomic_block
    # Nested in the same seat there is nothing to tell; nobody's seat is what a transaction begins with, not a seat.
    told = nested and setting == outer != NOBODY
    with transaction.atomic():
        token = _current.set(setting)
        try:
            if not told:
                _tell(setting)
            yield
        finally:
            _current.reset(token)
        # Not in `finally`: after an error the savepoint's rollback has brought the outer setting back already.
        if nested and not told:
            _tell(outer)


def _tell(setting: _Setting) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.seat', %s, true), set_config('app.all', %s, true)", setting)
