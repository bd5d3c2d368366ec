"""Calling the running server: signed by the official client's signer, byte for byte as the test wants it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from tests.entrypoints.api.open_v2.world import Party


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None

    @property
    def code(self) -> str:
        return self.body["error_code"] if self.body else ""


class _Key:
    def __init__(self, ak: str, sk: str) -> None:
        self.ak, self.sk = ak, sk


def call(
    address: str,
    party: Party,
    method: str,
    path: str,
    *,
    query: list[tuple[str, str]] | None = None,
    body: Any = None,
    headers: dict[str, str] | None = None,
    unsigned: dict[str, str] | None = None,
    secret: str = "",
    host: str = "",
) -> Answer:
    """One signed request over a socket. `body` is JSON, or bytes as they are."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    wire = SdkRequest(
        method=method,
        schema="http",
        host=host or urlsplit(address).netloc,
        resource_path=path,
        query_params=list(query or []),
        header_params={"Content-Type": "application/json", **(headers or {})},
        body=raw,
    )
    wire = Signer(_Key(party.access_key, secret or party.secret)).sign(wire)
    uri = path + ("?" + "&".join(f"{name}={quote(value, safe='~')}" for name, value in query) if query else "")
    return send(address, method, uri, {**wire.header_params, **(unsigned or {})}, raw)


def send(address: str, method: str, uri: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    """One request as it is."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        connection.request(method, uri, body or None, dict(headers))
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


def refusal() -> type[Exception]:
    """What the official client raises for 4xx."""
    from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

    return ClientRequestException  # type: ignore[no-any-return]
