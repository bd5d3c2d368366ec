"""Why a file cannot be read at all; the words are in refusals.toml."""

from __future__ import annotations


class BadFile(Exception):
    """The file as a whole is no list of rows that we take. `code` is the text that says what to do."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
