"""What a file is stands in its bytes."""

from __future__ import annotations

import pytest

from partner_center.support.sniffing import ending, kind_of, pixels
from tests.apps.support.opening import PDF, jpeg, png, workbook


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(), "png"),
        (jpeg(), "jpg"),
        (PDF, "pdf"),
        (workbook(), "xlsx"),
        ("编号,金额\n1,2\n".encode(), "txt"),
        ("编号,金额\n1,2\n".encode("gb18030"), "txt"),
        (b"\xef\xbb\xbfa,b\n", "txt"),
        (workbook("xl/vbaProject.bin"), ""),
        (workbook()[:40], ""),
        (b"PK\x03\x04" + b"x" * 50, ""),
        (b"%PDF-1.7 and no end", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"\xef\xbb\xbf \n<!DOCTYPE html><script>", ""),
        (b"MZ\x90\x00\x03", ""),
        (b"GIF89a\x01\x00\x01\x00", ""),
        (b"text\x00with a NUL", ""),
        (b"", "txt"),
    ],
)
def test_the_kind_is_told_by_the_bytes(content: bytes, kind: str) -> None:
    """L-251.type."""
    assert kind_of(content) == kind


def test_measures_come_from_the_header() -> None:
    """L-251.pixels."""
    assert pixels("png", png(640, 480)) == (640, 480)
    assert pixels("jpg", jpeg(640, 480)) == (640, 480)
    assert pixels("jpg", b"\xff\xd8\xff\xd9") == pixels("png", png()[:12]) == (0, 0)
    assert pixels("pdf", PDF) is None


def test_an_ending_is_what_stands_behind_the_last_dot() -> None:
    assert (ending("a.tar.GZ"), ending("readme")) == ("gz", "")
