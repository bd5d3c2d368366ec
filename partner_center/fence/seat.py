"""The only place that opens a transaction, and tells PostgreSQL from which seat it is read and written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError, connection, transaction

from partner_center.kernel.actor import Actor

_Setting = tuple[str, str]
Statement = tuple[str, Sequence[Any]]
_TELL = "SELECT set_config('app.seat', %s, true), set_config('app.all', %s, true)"
NOBODY: _Setting = ("", "off")
_current: ContextVar[_Setting] = ContextVar("seat", default=NOBODY)
_as_one: ContextVar[bool] = ContextVar("as_one", default=False)


class NoSeat(RuntimeError):
    """`whole` outside a seat: the fence opens only inside a transaction that somebody is accountable for."""


@contextmanager
def seated(actor: Actor, first: Statement | None = None) -> Iterator[Any]:
    """Run in a transaction as the actor's seat; nested, the outer seat comes back on leaving.

    `first` goes to PostgreSQL together with the seat, as one message; the block is given what it answers.
    """
    setting, outer = _setting_of(actor), _current.get()
    if not connection.in_atomic_block:
        with transaction.atomic(), _told(setting, first) as answer:
            yield answer
        return
    with transaction.atomic(savepoint=not _as_one.get()):
        if setting == outer != NOBODY:
            yield _ask(*first) if first else None  # the same seat: nothing to tell
            return
        with _told(setting, first) as answer:
            yield answer
        # Not after an error: the savepoint's rollback has brought the outer setting back already.
        _tell(outer)


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
    elif not connection.in_atomic_block:
        with transaction.atomic(), _told((seat, "on")):
            yield
    else:
        with _opened((seat, "on"), (seat, sees_all)):
            yield


@contextmanager
def as_one() -> Iterator[None]:
    """Nested verbs stand or fall together: the first that fails takes everything with it, and none has a savepoint."""
    token = _as_one.set(True)
    try:
        yield
    finally:
        _as_one.reset(token)


def _setting_of(actor: Actor) -> _Setting:
    return (str(actor.seat) if actor.seat else "", "on" if actor.sees_all else "off")


@contextmanager
def _told(setting: _Setting, first: Statement | None = None) -> Iterator[Any]:
    token = _current.set(setting)
    try:
        yield _tell(setting, first)
    finally:
        _current.reset(token)


@contextmanager
def _opened(setting: _Setting, outer: _Setting) -> Iterator[None]:
    """A question needs no savepoint of its own: it writes nothing, and the fence closes behind it whatever happens."""
    try:
        with _told(setting):
            yield
    except BaseException:
        # In a transaction that an error has ended nothing more can be told; its rollback brings the outer setting back.
        with suppress(DatabaseError):
            _tell(outer)
        raise
    _tell(outer)


def _tell(setting: _Setting, first: Statement | None = None) -> Any:
    if first is None:
        return _ask(_TELL, setting)
    # Values are bound on our side, so two statements may travel as one message; each runs, and is fenced, by itself.
    statement, values = first
    with connection.cursor() as cursor:
        cursor.execute(f"{_TELL}; {statement}", [*setting, *values])
        cursor.nextset()
        return cursor.fetchone()[0]


def _ask(statement: str, values: Sequence[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
