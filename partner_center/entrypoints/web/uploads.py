"""Files that come with a form, read into what the verbs take; `sheets.uploads` bounds them while they arrive."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.sheets.uploads import LARGEST
from partner_center.support.files import Upload

# No file longer than this is read; it is refused for its size.
MOST_OF_A_FILE = 32 * 1024 * 1024
ACCEPTED = ".png,.jpg,.jpeg,.pdf,.xlsx,.txt,.csv,.log"


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


def attached(request: HttpRequest, form: forms.Form) -> tuple[Upload, ...]:
    """The files of a form. What was cut off while it arrived counts as one file that is too large."""
    files: tuple[Upload, ...] = form.cleaned_data["attached"]
    return (*files, Upload("—", b"", LARGEST)) if getattr(request, "is_upload_too_large", False) else files


def upload(file: UploadedFile[Any]) -> Upload:
    name = "".join(sign for sign in file.name or "" if sign.isprintable()).strip()[-120:] or "—"
    size = int(file.size or 0)
    return Upload(name, file.read() if size <= MOST_OF_A_FILE else b"", size)
