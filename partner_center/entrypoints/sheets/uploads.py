"""Uploads: no more is taken than the largest that is read; then its rows, within what the policy allows."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from partner_center.entrypoints.sheets.columns import rows_of
from partner_center.entrypoints.sheets.refused import BadFile
from partner_center.entrypoints.sheets.sniffing import Limits, read
from partner_center.kernel.actor import Actor
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import RowIn

LARGEST = 32 * 2**20


class Bounded(FileUploadHandler):
    """Stands before Django's handlers: a request longer than the largest files is read to its end and thrown away."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any) -> None:
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > LARGEST:
            assert self.request is not None
            self.request.is_upload_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def limits_of(actor: Actor) -> Limits:
    """What the policy in force allows of a file."""
    policy = pack(actor.site, actor.at)
    return Limits(policy.number("vouchers.batch_most_bytes"), policy.number("vouchers.batch_most_rows"))


def rows_in(request: HttpRequest, actor: Actor, name: str = "file") -> tuple[RowIn, ...]:
    """The rows of the file that came along. Raises: BadFile."""
    limits = limits_of(actor)
    try:
        file = request.FILES.get(name)
    except MultiPartParserError as error:
        raise BadFile("file_missing") from error
    too_large = getattr(request, "is_upload_too_large", False)
    if too_large or (file is not None and (file.size or 0) > limits.most_bytes):
        raise BadFile("file_too_large", megabytes=round(limits.most_bytes / 2**20))
    if file is None:
        raise BadFile("file_missing")
    return rows_of(read(file.read(), limits), limits.most_rows)
