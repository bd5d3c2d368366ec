"""The frame around every verb that writes: seated, claimed if keyed, its events written in one insert."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, get_type_hints, overload
from uuid import UUID

from django.db import OperationalError

from partner_center.audit.actions import _operation, _pending, flush
from partner_center.audit.models import Operation
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import digest, from_json, to_json
from partner_center.kernel.errors import Conflict
from partner_center.kernel.ids import new_id

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger("partner_center.action")
_CLAIM = "SELECT audit_claim(%s, %s, %s, %s, %s)"
MAX_KEY = 128
# deadlock_detected, serialization_failure, lock_not_available
GAVE_WAY = ("40P01", "40001", "55P03")
NOBODY = UUID(int=0)


@overload
def action(verb: Callable[P, R]) -> Callable[P, R]: ...
@overload
def action(*, keyed: bool) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def action(verb: Callable[..., Any] | None = None, *, keyed: bool = False) -> Any:
    """Make a function a verb of the business: `actor` first, everything else by keyword.

    A keyed verb takes `key`: the same key with the same inputs returns the first call's result and does nothing; with
    other inputs it is a Conflict. Without a key (None) it acts each time.
    Rules: S-901, S-906.
    """
    if verb is None:
        return lambda function: _framed(function, keyed)
    return _framed(verb, keyed)


def _framed(verb: Callable[..., R], keyed: bool) -> Callable[..., R]:
    name = f"{verb.__module__.split('.')[1]}.{verb.__name__}"
    if keyed and "key" not in inspect.signature(verb).parameters:
        raise TypeError(f"{name} is keyed but takes no key")

    @wraps(verb)
    def framed(actor: Actor, **inputs: Any) -> R:
        key = inputs.get("key") if keyed else None
        try:
            if key is not None:
                return _once(verb, name, actor, str(key), inputs)
            with seated(actor):
                return _run(verb, actor, inputs)
        except OperationalError as error:
            # Two verbs waited for each other and PostgreSQL chose this one to give way: nothing was written.
            if getattr(error.__cause__, "sqlstate", "") in GAVE_WAY:
                raise Conflict("busy") from error
            raise

    framed.verb_name = name  # type: ignore[attr-defined]
    return framed


def _run(verb: Callable[..., R], actor: Actor, inputs: dict[str, Any], operation: UUID | None = None) -> R:
    token = _pending.set([])
    try:
        result = verb(actor, **inputs)
        flush(_pending.get() or [], operation, to_json(result) if operation else None)
    finally:
        _pending.reset(token)
    log.info("action done", extra={"verb": verb.__name__, "request_id": actor.request_id})
    return result


def _once(verb: Callable[..., R], name: str, actor: Actor, key: str, inputs: dict[str, Any]) -> R:
    if not key or len(key) > MAX_KEY or not key.isprintable():
        raise Conflict("idempotency_key_malformed", longest=MAX_KEY)
    # By seat, since the fence admits rows of the seat only; who really called is part of the digest.
    owner = actor.seat or actor.home or NOBODY
    said = {each: value for each, value in inputs.items() if each != "key"}
    of_inputs = digest({"inputs": said, "home": actor.home, "user": actor.user_id})
    operation = new_id()
    # A twin in flight holds the unique entry: this waits for its end, then finds its result or takes its place.
    with seated(actor, first=(_CLAIM, [operation, owner, name, key, of_inputs])) as claimed:
        if not claimed:
            return _result_of_twin(verb, name, owner, key, of_inputs)
        token = _operation.set(operation)
        try:
            return _run(verb, actor, inputs, operation)
        finally:
            _operation.reset(token)


def _result_of_twin(verb: Callable[..., R], name: str, owner: UUID, key: str, of_inputs: bytes) -> R:
    twin = Operation.objects.get(organisation_id=owner, verb=name, key=key)
    if bytes(twin.digest) != of_inputs:
        raise Conflict("idempotency_key_reused", key=key)
    kind = get_type_hints(inspect.unwrap(verb)).get("return")
    result: R = from_json(kind, (twin.result or {}).get("value"))
    return result
