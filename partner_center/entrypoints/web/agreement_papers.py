"""A partner's signed agreements as PDF: one document with its signature, and the list of all."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from partner_center.access.permissions import Can
from partner_center.access.queries import user_names
from partner_center.agreements.queries import SignatureRow, VersionRow, signature, signatures
from partner_center.entrypoints.papers import Block, Column, Fact, Paper, blocks, pdf, table
from partner_center.entrypoints.web.dates import moment, moment_with_zone, start_day
from partner_center.entrypoints.web.formats import zone_label
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.markdown import tokens
from partner_center.entrypoints.web.page import PageRequest, page
from partner_center.kernel.errors import NotAllowed
from partner_center.partners.queries import PartnerAccount, account

LANGUAGES = {"zh": "中文", "en": "English"}


@page(Can.AGREEMENT_VIEW, methods=("GET",))
def signed(request: PageRequest, signature_id: UUID) -> HttpResponse:
    """A signed agreement to keep: its text, and who signed it when and from where. Rules: L-034."""
    if request.actor.audience != "partner":
        raise NotAllowed("partner")
    found = signature(request.actor, signature_id)
    paper = _document(found, account(request.actor, found.partner_id))
    return _file(pdf(paper, request.actor.at), f"{found.version.code}-{found.version.number}.pdf")


@page(Can.AGREEMENT_VIEW, methods=("GET",))
def listed(request: PageRequest) -> HttpResponse:
    """Everything the account has signed, as a list to keep. Rules: L-034."""
    if request.actor.audience != "partner":
        raise NotAllowed("partner")
    own, at = account(request.actor, request.actor.seat_id), request.actor.at
    title, as_of = gettext("Signed agreements"), gettext("As of %(time)s") % {"time": moment_with_zone(at)}
    paper = Paper(
        title=title,
        language=language(),
        head=(_named(own), as_of),
        body=_list(signatures(request.actor), zone_label(zone(), at)),
        foot=f"{title} · {_named(own)} · {as_of}",
        wide=True,
    )
    return _file(pdf(paper, at), f"signed_agreements-{start_day(at)}.pdf")


def _document(found: SignatureRow, signer: PartnerAccount) -> Paper:
    each = found.version
    title, number = each.title(language()), gettext("Version %(number)s") % {"number": each.number}
    return Paper(
        title=title,
        language=language(),
        head=(number, gettext("In force from %(day)s") % {"day": start_day(each.effective_at)}),
        body=_body(each),
        foot=f"{title} · {number} · {found.id}",
        box=gettext("Signature"),
        facts=_facts(found, signer),
        note=_note(found.language),
    )


def _body(each: VersionRow) -> list[Block]:
    """The text; where it opens with the title that already stands above, once is enough."""
    body, title = blocks(tokens(each.text(language()))), each.title(language())
    opens = bool(body) and body[0]["kind"] == "heading" and body[0]["words"] == [{"kind": "text", "text": title}]
    return body[1:] if opens else body


def _facts(found: SignatureRow, signer: PartnerAccount) -> tuple[Fact, ...]:
    who = user_names([found.user_id]).get(found.user_id, ("—", "—"))
    return (
        Fact(gettext("Signed for"), _named(signer)),
        Fact(gettext("Signed by"), local(who)),
        Fact(gettext("Signed at"), moment_with_zone(found.signed_at)),
        Fact(gettext("From the address"), found.address or "—"),
        Fact(gettext("Language"), LANGUAGES[found.language]),
        Fact(gettext("SHA-256 of the text"), found.sha256, code=True),
        Fact(gettext("Number of the signature"), str(found.id), code=True),
    )


def _note(signed_in: str) -> str:
    """What to know where the text is read in another language than the one it was signed in."""
    if signed_in == language():
        return ""
    words = gettext(
        "The text in %(signed)s was signed, and the digest is that text's. Above is its wording in %(shown)s."
    )
    return words % {"signed": LANGUAGES[signed_in], "shown": LANGUAGES[language()]}


def _list(found: tuple[SignatureRow, ...], zone_name: str) -> list[Block]:
    if not found:
        return [{"kind": "paragraph", "words": [{"kind": "text", "text": gettext("Nothing signed yet")}]}]
    people = user_names(each.user_id for each in found)
    columns = (
        Column(gettext("Agreement"), share=3),
        Column(gettext("Version")),
        Column(gettext("Signed by"), share=2),
        Column(f"{gettext('Signed at')} ({zone_name})"),
        Column(gettext("From the address")),
        Column(gettext("Digest of the text"), code=True),
    )
    return [table(columns, [_row(each, local(people.get(each.user_id, ("—", "—")))) for each in found])]


def _row(each: SignatureRow, who: str) -> tuple[str, ...]:
    version = each.version
    digest = each.sha256[:16]
    return (version.title(language()), version.number, who, moment(each.signed_at), each.address or "—", digest)


def _named(own: PartnerAccount) -> str:
    return f"{local((own.name_zh, own.name_en))} · {own.account_name}"


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


urlpatterns = [
    path("agreements/signed/pdf/", listed, name="signed-agreements-pdf"),
    path("agreements/signed/<uuid:signature_id>/pdf/", signed, name="signed-agreement-pdf"),
]
