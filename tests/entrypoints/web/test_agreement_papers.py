"""Signed agreements as PDF: who gets them, what stands in them, and that no word in them is an instruction."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from partner_center.access import actions as access
from partner_center.access.queries import own_roles
from partner_center.agreements import actions, queries
from partner_center.entrypoints import papers
from partner_center.entrypoints.papers import printing
from partner_center.entrypoints.web.markdown import tokens
from partner_center.fence.seat import seated
from partner_center.policy.queries import text
from tests.apps.agreements.publishing import publish

Cast = Any
SignedIn = Any
# Were any of it run, the paper would not be made: the files are out of reach, and the panic is one.
HOSTILE = '#import "x" #read("/etc/hosts") #panic() $1$ * _ \\ < > @a `b` //c'


def sign(cast: Cast, **changes: Any) -> UUID:
    """Sol signs, in English, what the vendor has published."""
    id_ = publish(cast, **changes)
    with seated(cast.sol()):
        sha256 = queries.version(id_).sha256_en
        actions.sign(cast.sol(), version_id=id_, language="en", text_sha256=sha256)
        return queries.signatures(cast.sol())[0].id


def words_of(block: Any) -> str:
    """All that is written in a block."""
    if isinstance(block, dict):
        return str(block.get("text", "")) + "".join(words_of(each) for each in block.values())
    return "".join(map(words_of, block)) if isinstance(block, list) else ""


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[papers.Paper]:
    """The papers that pages had set, as data."""
    made: list[papers.Paper] = []
    kept = printing.pdf
    monkeypatch.setattr(
        "partner_center.entrypoints.web.agreement_papers.pdf", lambda paper, at: made.append(paper) or kept(paper, at)
    )
    return made


def test_a_signed_agreement_is_downloaded_in_the_readers_language(
    cast: Cast, signed_in: SignedIn, printed: list[papers.Paper]
) -> None:
    """L-034."""
    id_ = sign(cast, number="2.0", texts=text("cloud-cn", "code_of_conduct-2.0"))
    client = signed_in(cast.sol, "zh-hans")
    assert "下载 PDF" in client.get(f"/agreements/signed/{id_}/").content.decode()
    answer = client.get(f"/agreements/signed/{id_}/pdf/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="code_of_conduct-2.0.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert answer.content.startswith(b"%PDF") and b"NotoSansSC-Regular" in answer.content
    (paper,) = printed
    told = {fact.label: fact.value for fact in paper.facts}
    assert told["签署方"].startswith("远山方案") and told["签署时间"].endswith("(GMT+8)")
    assert told["签署编号"] == str(id_) and "English" in paper.note and "了解并遵守法律" in words_of(paper.body)
    signed_in(cast.sol).get(f"/agreements/signed/{id_}/pdf/")
    assert "Know and obey the law" in words_of(printed[1].body) and printed[1].note == ""


def test_the_list_of_what_is_signed_is_downloaded(cast: Cast, signed_in: SignedIn, printed: list[papers.Paper]) -> None:
    """L-034."""
    sign(cast)
    client = signed_in(cast.sol)
    assert "/agreements/signed/pdf/" in client.get("/agreements/").content.decode()
    answer = client.get("/agreements/signed/pdf/")
    assert answer.status_code == 200 and b"NotoSansSC" in answer.content
    with seated(cast.sol()):
        (row,) = queries.signatures(cast.sol())
    (listed,) = printed[0].body
    assert [words_of(cell) for cell in listed["rows"][0]][-1] == row.sha256[:16]
    assert printed[0].head[0].startswith("Far Hill Solutions")
    assert signed_in(cast.strange_provider).get("/agreements/signed/pdf/").status_code == 200
    assert row.sha256[:16] not in words_of(printed[1].body)


def test_papers_are_for_whom_the_pages_are(cast: Cast, signed_in: SignedIn) -> None:
    id_ = sign(cast)
    one, every = f"/agreements/signed/{id_}/pdf/", "/agreements/signed/pdf/"
    assert signed_in(cast.strange_provider).get(one).status_code == 404
    assert [signed_in(cast.vera).get(address).status_code for address in (one, every)] == [403, 403]
    assert [signed_in(cast.carl).get(address).status_code for address in (one, every)] == [403, 403]
    assert [signed_in(cast.fay).get(address).status_code for address in (one, every)] == [200, 200]
    role = access.make_role(cast.sol(), name="People", grants=["MEMBER_VIEW"])
    with seated(cast.sol()):
        code = next(each.code for each in own_roles(cast.sol()) if each.id == role)
    access.change_roles(cast.sol(), user_id=cast.fay.user_id, roles=[code])
    assert [signed_in(cast.fay).get(address).status_code for address in (one, every)] == [403, 403]


def test_nothing_in_a_text_is_an_instruction_to_the_typesetter(cast: Cast, signed_in: SignedIn) -> None:
    hostile = f"# {HOSTILE}\n\n- {HOSTILE}\n\n> {HOSTILE}\n\n| {HOSTILE} |\n|---|\n| {HOSTILE} |\n\n7. {HOSTILE}"
    id_ = sign(cast, titles=(HOSTILE, HOSTILE), texts=(hostile, hostile))
    client = signed_in(cast.sol)
    for address in (f"/agreements/signed/{id_}/pdf/", "/agreements/signed/pdf/"):
        assert client.get(address).content.startswith(b"%PDF")


def test_a_name_is_no_instruction_either(cast: Cast) -> None:
    box = (papers.Fact(HOSTILE, HOSTILE), papers.Fact(HOSTILE, HOSTILE, code=True))
    body = [papers.table([papers.Column(HOSTILE)], [[HOSTILE]])]
    paper = papers.Paper(HOSTILE, "zh", (HOSTILE,), body, HOSTILE, box=HOSTILE, facts=box, note=HOSTILE)
    assert papers.pdf(paper, cast.at).startswith(b"%PDF")


def test_a_texts_shape_is_kept() -> None:
    found = papers.blocks(tokens("## H *a* **b**\n\n3. c\n   - d\n4. 一\n二\ne\n\n---\n\n> q\n\n|x|\n|-|\n|y|"))
    assert [block["kind"] for block in found] == ["heading", "list", "rule", "quote", "table"]
    heading, numbered = found[0], found[1]
    assert (heading["level"], [word["kind"] for word in heading["words"]]) == (2, ["text", "em", "text", "strong"])
    assert (numbered["ordered"], numbered["start"], len(numbered["items"])) == (True, 3, 2)
    assert numbered["items"][0][1]["ordered"] is False and words_of(numbered["items"][1]) == "一二 e"


@pytest.mark.parametrize("deep", ["> " * 40 + "x", "> - " * 40 + "x", "*" * 200 + "x" + "*" * 200, "- \n- b", "", "# "])
def test_whatever_a_text_is_shaped_like_it_is_set(cast: Cast, deep: str) -> None:
    assert papers.pdf(papers.Paper("t", "en", (), papers.blocks(tokens(deep)), ""), cast.at).startswith(b"%PDF")


def test_without_its_fonts_no_paper_is_made(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boxes instead of Chinese would go unnoticed."""
    monkeypatch.setattr(printing, "FONTS", tmp_path)
    with pytest.raises(papers.NoFonts, match="paper_fonts_missing"):
        papers.pdf(papers.Paper("标题", "zh", (), [], ""), cast.at)
