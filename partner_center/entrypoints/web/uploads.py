"""Files that come with a form: bounded while they arrive, read into what the verbs take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.utils.translation import gettext_lazy

from partner_center.support.files import Upload

# Beyond this a request is cut off; beyond the second, a file is not read, and is refused for its size.
MOST_OF_A_REQUEST = 128 * 1024 * 1024
MOST_OF_A_FILE = 32 * 1024 * 1024
ACCEPTED = ".png,.jpg,.jpeg,.pdf,.xlsx,.txt,.csv,.log"


class BoundedUpload(FileUploadHandler):
    """Counts what arrives and hands it on, until it is too much."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MOST_OF_A_REQUEST:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class FilesInput(forms.FileInput):
    """Several files of one name."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """Files as the verbs take them; what they really are is for the rules to say."""

    widget = FilesInput(attrs={"multiple": True, "accept": ACCEPTED})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Files"))
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> tuple[Upload, ...]:
        return tuple(upload(each) for each in value or () if isinstance(each, UploadedFile))


def upload(file: UploadedFile[Any]) -> Upload:
    name = "".join(sign for sign in file.name or "" if sign.isprintable()).strip()[-120:] or "—"
    size = int(file.size or 0)
    return Upload(name, file.read() if size <= MOST_OF_A_FILE else b"", size)
