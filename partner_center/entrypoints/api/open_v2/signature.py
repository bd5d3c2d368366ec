"""Verifying SDK-HMAC-SHA256. Pure: a request's parts, a secret and the time in, the headers that count out."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote, unquote_to_bytes

ALGORITHM = "SDK-HMAC-SHA256"
CLOCK_SKEW = timedelta(minutes=15)
BLANKS = " \t"
MUST_BE_SIGNED = frozenset({"host", "x-sdk-date"})

_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Access=(?P<key>[\x21-\x2b\x2d-\x7e]{{1,128}}), "
    r"SignedHeaders=(?P<names>[a-z0-9!#$%&'*+.^`|~-]+(?:;[a-z0-9!#$%&'*+.^`|~-]+)*), "
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
_DATE = re.compile(r"[0-9]{8}T[0-9]{6}Z")


class BadSignature(Exception):
    """The request is not signed as it says; the reason is for our log, a caller is told less."""


@dataclass(frozen=True)
class Request:
    """What was received, byte for byte. Header names are in lower case, values latin-1 text as WSGI has them."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Claim:
    """An Authorization header taken apart: who says to have signed what."""

    access_key: str
    signed_headers: tuple[str, ...]
    signature: str


def claim_of(authorization: str) -> Claim:
    """Raises: BadSignature for anything but one well-formed SDK-HMAC-SHA256 header."""
    parts = _AUTHORIZATION.fullmatch(authorization)
    if parts is None:
        raise BadSignature("malformed or unknown algorithm")
    return Claim(parts["key"], tuple(parts["names"].split(";")), parts["signature"])


def verify(request: Request, claim: Claim, secret: str, now: datetime) -> Mapping[str, str]:
    """The signed headers of a request that its key's holder has signed within the last quarter of an hour.

    Only these may be believed: a header that was not signed may have been added on the way.
    Raises: BadSignature.
    """
    signed = _signed_headers(request, claim)
    if abs(_date_of(signed["x-sdk-date"]) - now) > CLOCK_SKEW:
        raise BadSignature("date too far from the server's clock")
    sorted_query, received_query = canonical_queries(request.query)
    expected = signature_of(request, claim, sorted_query, secret)
    # The official client sorts lists of numbers as numbers: then the order on the wire is the one it signed.
    as_received = signature_of(request, claim, received_query, secret)
    right = hmac.compare_digest(expected, claim.signature)
    if not (hmac.compare_digest(as_received, claim.signature) or right):
        raise BadSignature("signature differs")
    return signed


def signature_of(request: Request, claim: Claim, query: str, secret: str) -> str:
    """The signature that the holder of the secret puts on this request."""
    canonical = b"\n".join(
        (
            request.method.encode("ascii", "replace"),
            canonical_path(request.path).encode("ascii"),
            query.encode("ascii"),
            _header_lines(request, claim),
            ";".join(claim.signed_headers).encode("ascii"),
            hashlib.sha256(request.body).hexdigest().encode("ascii"),
        )
    )
    date = request.headers["x-sdk-date"].strip(BLANKS)
    to_sign = f"{ALGORITHM}\n{date}\n{hashlib.sha256(canonical).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode("latin-1"), hashlib.sha256).hexdigest()


def canonical_path(raw_path: str) -> str:
    """The path decoded once, then split, then each piece encoded again, ending in a slash."""
    pieces = unquote_to_bytes(raw_path).split(b"/")
    path = "/".join(quote(piece, safe="~") for piece in pieces)
    return path if path.endswith("/") else path + "/"


def query_pairs(raw_query: str) -> list[tuple[str, str]]:
    """The pairs of a query as they were signed: `+` is a plus sign, a value may be empty, a key may come again."""
    parts = (part.partition("=") for part in raw_query.split("&") if part)
    return [(_decoded(name), _decoded(value)) for name, _, value in parts]


def canonical_queries(raw_query: str) -> tuple[str, str]:
    """The query encoded again: sorted, and in the order received."""
    pairs = query_pairs(raw_query)
    return _encoded(sorted(pairs)), _encoded(pairs)


def _decoded(text: str) -> str:
    # Bytes that are no UTF-8 are kept as they are, so that no two different queries have one signature.
    return unquote(text, errors="surrogateescape")


def _encoded(pairs: list[tuple[str, str]]) -> str:
    return "&".join("=".join(quote(part, safe="~", errors="surrogateescape") for part in pair) for pair in pairs)


def _signed_headers(request: Request, claim: Claim) -> Mapping[str, str]:
    names = claim.signed_headers
    if list(names) != sorted(set(names)) or not set(names) >= MUST_BE_SIGNED:
        raise BadSignature("host and x-sdk-date are signed, each header once, in order")
    missing = [name for name in names if name not in request.headers]
    if missing:
        raise BadSignature("a signed header is missing")
    return {name: request.headers[name].strip(BLANKS) for name in names}


def _header_lines(request: Request, claim: Claim) -> bytes:
    lines = (f"{name}:{request.headers[name].strip(BLANKS)}\n" for name in claim.signed_headers)
    return "".join(lines).encode("latin-1", "replace")


def _date_of(text: str) -> datetime:
    if not _DATE.fullmatch(text):
        raise BadSignature("date is not of the form 20260102T030405Z")
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadSignature("no such date") from error
