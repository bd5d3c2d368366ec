"""Where the files lie: below the data folder, under names made of ids, out of the reach of any address."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

from partner_center.kernel.errors import NotFound


def _kept() -> Storage:
    return storages["exports"]


def name_of(organisation_id: UUID, export_id: UUID, attempt: int, file_format: str) -> str:
    """A file's name from its row; nothing that anybody typed is in it."""
    return f"{organisation_id.hex}/{export_id.hex}-{attempt}.{file_format}"


def keep(name: str, path: Path) -> None:
    """Put a finished file where it is fetched from."""
    _kept().delete(name)
    with path.open("rb") as file:
        _kept().save(name, File(file))


def opened(name: str) -> File[bytes]:
    """The file, to be read. Raises: NotFound."""
    try:
        return _kept().open(name, "rb")
    except FileNotFoundError:
        raise NotFound("export") from None


def drop(name: str) -> None:
    """Delete a file; one that is gone already is no mistake."""
    _kept().delete(name)


def workshop(export_id: UUID) -> Path:
    """An empty folder in which a file is made; what a worker that died left there is thrown away."""
    folder = Path(settings.EXPORTS_AT_WORK) / export_id.hex
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def close_workshop(export_id: UUID) -> None:
    shutil.rmtree(Path(settings.EXPORTS_AT_WORK) / export_id.hex, ignore_errors=True)
