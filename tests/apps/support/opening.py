"""Tickets and files as the tests of this folder make them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any
from uuid import UUID

from partner_center.support import actions
from partner_center.support.files import Upload


def opened(who: Any, **changes: Any) -> UUID:
    terms: dict[str, Any] = {
        "category": "usage_dispute",
        "severity": "guidance",
        "subject": "额度少了 100 元",
        "text": "昨天发放后额度与记录不符",
        "contact": "13912344471",
        **changes,
    }
    return actions.open_ticket(who, **terms).ticket_id


def wrong_invoice(who: Any, medium: str = "paper") -> UUID:
    particulars = {"invoice_number": "24312000000012345678", "medium": medium}
    return opened(who, category="wrong_invoice", particulars=particulars)


def png(width: int = 8, height: int = 8) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg(width: int = 8, height: int = 8) -> bytes:
    frame = struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\x00" * 9
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"\x00\x00" + b"\xff\xc0" + frame + b"\xff\xd9"


def workbook(*more: str) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *more):
            parts.writestr(name, "<x/>")
    return kept.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def file(name: str = "截图.png", content: bytes | None = None) -> Upload:
    return Upload(name, png() if content is None else content)
