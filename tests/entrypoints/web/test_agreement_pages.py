"""Agreements on pages: published, asked for, signed, and what is barred until then."""

from __future__ import annotations

import re
from typing import Any

from partner_center.agreements import actions, queries
from partner_center.fence.seat import seated
from partner_center.policy.queries import text

Cast = Any
SignedIn = Any


def publish(cast: Cast, number: str = "1.0", **changes: Any) -> Any:
    zh, en = text("cloud-cn", "code_of_conduct-1.0")
    terms: dict[str, Any] = {"titles": ("合作伙伴行为准则", "Partner code of conduct"), "texts": (zh, en), **changes}
    return actions.publish(
        cast.vera(),
        site="cloud-cn",
        code="code_of_conduct",
        number=number,
        effective_at=cast.at,
        grace_days=30,
        **terms,
    )


def test_an_agreement_is_read_signed_and_listed(cast: Cast, signed_in: SignedIn) -> None:
    """L-034, L-039, L-041."""
    id_ = publish(cast)
    client = signed_in(cast.sol)
    assert "Read and sign" in client.get("/agreements/").content.decode()
    page = client.get(f"/agreements/{id_}/").content.decode()
    digest = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)
    assert digest and "<h2>" in page and "Know and obey the law" in page
    unread = client.post(f"/agreements/{id_}/", {"sha256": digest.group(1)})
    assert unread.status_code == 422
    wrong = client.post(f"/agreements/{id_}/", {"sha256": "0" * 64, "understood": "on"})
    assert wrong.status_code == 422 and "L-039" in wrong.content.decode()
    assert client.post(f"/agreements/{id_}/", {"sha256": digest.group(1), "understood": "on"}).status_code == 303
    listed = client.get("/agreements/").content.decode()
    with seated(cast.sol()):
        (signed,) = queries.signatures(cast.sol())
    assert f"/agreements/signed/{signed.id}/" in listed and "Read and sign" not in listed
    assert digest.group(1) in client.get(f"/agreements/signed/{signed.id}/").content.decode()
    assert signed_in(cast.strange_provider).get(f"/agreements/signed/{signed.id}/").status_code == 404


def test_whoever_may_not_sign_for_the_company_is_told_who_does(cast: Cast, signed_in: SignedIn) -> None:
    id_ = publish(cast)
    answer = signed_in(cast.fay).post(f"/agreements/{id_}/", {"sha256": "", "understood": "on"})
    assert answer.status_code == 422
    sent = {"sha256": queries.version(id_).sha256_en, "understood": "on"}
    assert "L-041" in signed_in(cast.fay).post(f"/agreements/{id_}/", sent).content.decode()


def test_raw_html_in_a_text_is_shown_and_not_run(cast: Cast, signed_in: SignedIn) -> None:
    id_ = publish(
        cast, texts=("# 标题\n<script>alert(1)</script>", "# Title\n<script>alert(1)</script>\n[x](http://e)")
    )
    page = signed_in(cast.sol).get(f"/agreements/{id_}/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page and 'href="http://e"' not in page


def test_the_vendor_publishes_from_a_text_of_the_pack(cast: Cast, signed_in: SignedIn) -> None:
    """L-039, L-040."""
    client = signed_in(cast.vera)
    draft = client.get("/vendor/agreements/publish/?like=cloud-cn/code_of_conduct-2.0").content.decode()
    assert "Artificial intelligence and data" in draft
    empty = client.post("/vendor/agreements/publish/", {"site": "cloud-cn"})
    assert empty.status_code == 422 and empty.content.decode().count("This field is required.") >= 6
    zh, en = text("cloud-cn", "code_of_conduct-2.0")
    sent = {
        "key": "k1",
        "site": "cloud-cn",
        "code": "code_of_conduct",
        "number": "2.0",
        "grace_days": "0",
        "level": "company",
        "mandatory": "on",
        "governs": ["vouchers.issue"],
        "title_zh": "行为准则",
        "title_en": "Code of conduct",
        "text_zh": zh,
        "text_en": en,
    }
    done = client.post("/vendor/agreements/publish/", sent)
    assert done.status_code == 303
    assert "0 of 6 companies have signed" in client.get(done["Location"]).content.decode()
    again = client.post("/vendor/agreements/publish/", {**sent, "key": "k2"})
    assert again.status_code == 422 and "L-039" in again.content.decode()
    assert signed_in(cast.sol).get("/vendor/agreements/").status_code == 403


def test_relationships_are_declared_with_everything_wrong_said_at_once(cast: Cast, signed_in: SignedIn) -> None:
    """L-042."""
    client = signed_in(cast.sol)
    refused = client.post("/agreements/relationships/", {"key": "a", "vendor_person_0": "Zhao"}).content.decode()
    assert refused.count("L-042") >= 2 and 'value="Zhao"' in refused
    sent = {"key": "b", "none_to_declare": "on", "affirmed": "on"}
    assert client.post("/agreements/relationships/", sent).status_code == 303
    assert "holds until" in client.get("/agreements/").content.decode()
