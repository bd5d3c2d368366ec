"""The form by which a whitelist is imported: pasted, or read from a file of text."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from partner_center.entrypoints.web.forms.base import KeyedForm

LARGEST_FILE = 2_000_000
LONGEST_PASTE = 700_000


class WhitelistForm(KeyedForm):
    """Customers' accounts, one a line; of a file with columns the first counts. Rules: S-382."""

    accounts = forms.CharField(
        label=gettext_lazy("Customer accounts"),
        required=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy("One a line."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        help_text=gettext_lazy("CSV or text in UTF-8 or GB 18030; the first column counts."),
    )
    source = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def clean_file(self) -> str:
        """The file's text; a file is read into the box, so that what is wrong can be mended there."""
        file = self.cleaned_data.get("file")
        if file is None:
            return ""
        if file.size > LARGEST_FILE:
            raise ValidationError(gettext("The file is larger than 2 MB."), code="size")
        self.file_name = str(file.name)[:120]
        return _text(file.read())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if text := found.get("file"):
            found["accounts"] = "\n".join(_first_column(text))
            found["source"] = self.file_name
        return found

    def lines(self) -> list[str]:
        """The accounts as they stand, blank lines left out."""
        text = self.cleaned_data.get("accounts", "")
        return [each.strip() for each in text.splitlines() if each.strip()]


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(gettext("The file is no text in UTF-8 or GB 18030."), code="encoding")


def _first_column(text: str) -> list[str]:
    try:
        return [row[0].strip() for row in csv.reader(io.StringIO(text.replace("\x00", ""))) if row and row[0].strip()]
    except csv.Error as error:
        raise ValidationError(gettext("The file cannot be read as CSV."), code="csv") from error
