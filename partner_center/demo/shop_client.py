"""A shop's own client of the integration API: asks what vouchers pay, holds the value, takes it or gives it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

SECONDS = 5.0
LARGEST_ANSWER = 2_000_000


class Unreachable(Exception):
    """The API did not answer, or not in its own words."""


@dataclass(frozen=True)
class Said(Exception):
    """The API said no, with every reason at once."""

    status: int
    title: str
    errors: tuple[Mapping[str, str], ...]
    request_id: str = ""


@dataclass(frozen=True)
class Line:
    """A line of an order: a product, what it costs, and how it is bought (order type, region and the like)."""

    product_code: str
    amount: str
    currency: str
    terms: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        amount = {"amount": self.amount, "currency": self.currency}
        return {"product_code": self.product_code, "amount": amount, **self.terms}


@dataclass(frozen=True)
class Shop:
    """Where the API is, as whom it is called, and in which language it answers."""

    address: str
    token: str = ""
    language: str = "zh"

    def signed_in(self, access_key: str, secret_key: str) -> Shop:
        """The same with a token of the customer's access key. Raises: Said; Unreachable."""
        got = self._call("POST", "/tokens", {"access_key": access_key, "secret_key": secret_key})
        return replace(self, token=str(got["token"]))

    def quote(self, lines: Sequence[Line], order_reference: str = "") -> dict[str, Any]:
        """Every voucher of the customer against an order, of which a page takes one."""
        body: dict[str, Any] = {"channel": "page", "lines": [line.as_json() for line in lines]}
        return self._call("POST", "/checkout/quotes", body | _named(order_reference))

    def authorise(
        self, lines: Sequence[Line], order_reference: str, key: str, voucher_ids: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Hold what vouchers pay of the order: the chosen ones, or those that would pay first."""
        body: dict[str, Any] = {"channel": "page", "lines": [line.as_json() for line in lines]}
        body |= _named(order_reference)
        if voucher_ids is not None:
            body["voucher_ids"] = list(voucher_ids)
        return self._call("POST", "/checkout/authorisations", body, key)

    def authorisation(self, id_: str) -> dict[str, Any]:
        return self._call("GET", f"/checkout/authorisations/{id_}")

    def capture(self, id_: str, key: str) -> dict[str, Any]:
        """The order is paid."""
        return self._call("POST", f"/checkout/authorisations/{id_}/capture", {}, key)

    def release(self, id_: str, key: str) -> dict[str, Any]:
        """The order is given up."""
        return self._call("POST", f"/checkout/authorisations/{id_}/release", {}, key)

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Accept-Language": self.language}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.address.rstrip('/')}/api/v1{path}", data, headers, method=method)  # noqa: S310 -- http(s) only, see _answered
        return _answered(request)


def _named(order_reference: str) -> dict[str, str]:
    return {"order_reference": order_reference} if order_reference else {}


def _opener() -> OpenerDirector:
    """Straight to the address: a proxy of the environment is not asked."""
    return build_opener(ProxyHandler({}))


def _answered(request: Request) -> dict[str, Any]:
    if not request.full_url.startswith(("http://", "https://")):
        raise Unreachable(request.full_url)
    try:
        with _opener().open(request, timeout=SECONDS) as answer:
            return _object(answer.read(LARGEST_ANSWER))
    except HTTPError as no:
        told = _object(no.read(LARGEST_ANSWER))
        raise Said(no.code, str(told.get("title", "")), _errors(told), str(told.get("request_id", ""))) from no
    except (OSError, HTTPException) as silence:
        raise Unreachable(str(silence)) from silence


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError as error:
        raise Unreachable("no JSON") from error
    if not isinstance(found, dict):
        raise Unreachable("no object")
    return found


def _errors(told: Mapping[str, Any]) -> tuple[Mapping[str, str], ...]:
    return tuple(each for each in told.get("errors", ()) if isinstance(each, dict))
