"""What kind of file some bytes are, told by the bytes alone: a name is what somebody typed. Pure."""

from __future__ import annotations

import zipfile
from io import BytesIO

# Kind → the endings a truthful name may have, and the type it is handed out as.
KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    "png": (("png",), "image/png"),
    "jpg": (("jpg", "jpeg"), "image/jpeg"),
    "pdf": (("pdf",), "application/pdf"),
    "xlsx": (("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "txt": (("txt", "csv", "log"), "text/plain; charset=utf-8"),
}
MOST_PARTS = 5_000
_PNG = b"\x89PNG\r\n\x1a\n"
# Markers of a JPEG that give its size: start of frame, all codings.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WORKBOOK = {"[Content_Types].xml", "xl/workbook.xml"}
_BLANKS = {9, 10, 12, 13}


def kind_of(content: bytes) -> str:
    """One of KINDS; nothing for anything else, markup and programs among them."""
    if content.startswith(_PNG):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"%PDF-"):
        return "pdf" if b"%%EOF" in content[-2048:] else ""
    if content.startswith(b"PK\x03\x04"):
        return "xlsx" if _is_workbook(content) else ""
    return "txt" if _is_text(content) else ""


def _is_workbook(content: bytes) -> bool:
    """A workbook without macros. Its parts are listed, never unpacked."""
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    macros = any("vbaproject" in name.lower() for name in names)
    return set(names) >= _WORKBOOK and not macros and len(names) <= MOST_PARTS


def _is_text(content: bytes) -> bool:
    """Text in UTF-8 or GB18030 that is neither markup nor holds signs no text holds."""
    text = _decoded(content)
    if text is None or text.lstrip("\ufeff \t\r\n\f").startswith("<"):
        return False
    return not any(ord(sign) < 32 and ord(sign) not in _BLANKS for sign in text)


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def pixels(kind: str, content: bytes) -> tuple[int, int] | None:
    """Width and height as an image's header says; nothing for what is no image, zero by zero for one that says none."""
    if kind == "png":
        head = content[8:24]
        if len(head) < 16 or head[4:8] != b"IHDR":
            return 0, 0
        return int.from_bytes(head[8:12]), int.from_bytes(head[12:16])
    return _of_jpeg(content) if kind == "jpg" else None


def _of_jpeg(content: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if marker in _FRAMES:
            return int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7])
        place += 2 + max(length, 2)
    return 0, 0


def ending(name: str) -> str:
    """The ending a name claims, in small letters; nothing where it has none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
