"""Where attachments lie: below the data folder, under names made of random ids, out of the reach of any address."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from hashlib import sha256
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

from partner_center.kernel.errors import NotFound


@dataclass(frozen=True)
class Upload:
    """A file as somebody sent it: the name is only a text. Of the content, a verb's key knows the digest alone.

    `size` is given where the content was left unread for being too large.
    """

    name: str
    content: InitVar[bytes]
    size: int = -1
    sha256: str = field(init=False)

    def __post_init__(self, content: bytes) -> None:
        object.__setattr__(self, "read", content)
        object.__setattr__(self, "sha256", sha256(content).hexdigest())
        object.__setattr__(self, "size", len(content) if self.size < 0 else self.size)

    @property
    def bytes(self) -> bytes:
        return self.__dict__["read"]  # type: ignore[no-any-return]


def _kept() -> Storage:
    return storages["attachments"]


def _name_of(attachment_id: UUID) -> str:
    """A file's name: nothing that anybody typed is in it."""
    return f"{attachment_id.hex[:2]}/{attachment_id.hex}"


def keep(attachment_id: UUID, content: bytes) -> None:
    _kept().save(_name_of(attachment_id), ContentFile(content))


def opened(attachment_id: UUID) -> File[bytes]:
    """The file, to be read. Raises: NotFound."""
    try:
        return _kept().open(_name_of(attachment_id), "rb")
    except FileNotFoundError:
        raise NotFound("attachment") from None


def drop(attachment_id: UUID) -> None:
    """Delete a file; one that is gone already is no mistake."""
    _kept().delete(_name_of(attachment_id))
