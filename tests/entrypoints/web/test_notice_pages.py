"""The message centre, its settings, the links of messages, and the vendor's log, as pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from partner_center.access import actions as access
from partner_center.access import queries as people
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.notices import actions, links, queries
from tests.cast import Cast, Person
from tests.entrypoints.web.conftest import SignedIn


def tell(to: Person, kind: str = "quota_frozen", many: int = 1, **changed: Any) -> None:
    now = timezone.now()
    for turn in range(many):
        said: dict[str, Any] = {"values": {}, "at": now - timedelta(minutes=turn), "about": uuid4(), **changed}
        actions.tell(system_actor("S-905: tests", now), kind=kind, event_id=uuid4(), organisation_id=to.id, **said)


def unread(who: Person) -> int:
    with seated(who()):
        return queries.unread_count(who())


def test_the_bell_counts_and_the_list_is_read(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.sol)
    assert "No messages yet" in client.get("/messages/").content.decode()
    tell(cast.sol, many=3)
    tell(cast.sol, "verification_switched")
    page = client.get("/messages/").content.decode()
    assert 'aria-label="Messages, 4 unread"' in page and page.count('class="pc-unread"') == 4
    assert "One of your quotas is frozen" in page
    narrowed = client.get("/messages/?category=security&state=unread").content.decode()
    assert narrowed.count('class="pc-unread"') == 1 and "was switched" in narrowed
    with seated(cast.sol()):
        first = queries.notices(cast.sol(), category="security").rows[0]
    followed = client.post(f"/messages/{first.id}/")
    assert (followed.status_code, followed["Location"]) == (303, "/account/")
    assert "No message matches" in client.get("/messages/?category=security&state=unread").content.decode()
    assert client.post("/messages/read/", {"category": "vouchers"}).status_code == 303
    assert unread(cast.sol) == 0
    assert client.get(f"/messages/{first.id}/").status_code == 405


def test_another_s_message_is_not_there(cast: Cast, signed_in: SignedIn) -> None:
    tell(cast.sol)
    with seated(cast.sol()):
        [row] = queries.notices(cast.sol()).rows
    for other in (cast.strange_provider, cast.fay, cast.vera):
        assert signed_in(other).post(f"/messages/{row.id}/").status_code == 404
        assert signed_in(other).post(f"/messages/{row.id}/read/").status_code == 404
    assert unread(cast.sol) == 1


def test_a_page_of_messages_costs_the_same_however_many(cast: Cast, signed_in: SignedIn, cost: Any) -> None:
    client = signed_in(cast.sol)
    tell(cast.sol)
    one = cost(client, "/messages/")
    tell(cast.sol, many=12)
    assert cost(client, "/messages/") == one <= 13


def test_settings_are_chosen_by_category(cast: Cast, signed_in: SignedIn) -> None:
    """L-196."""
    client = signed_in(cast.sol)
    assert "Always: On the site · E-mail · SMS" in client.get("/messages/settings/").content.decode()
    sent = {
        "category": "vouchers",
        "of": "account",
        "vouchers-account-channels": ["site"],
        "vouchers-account-recipients": [str(cast.fay.user_id)],
    }
    assert client.post("/messages/settings/", sent).status_code == 303
    with seated(cast.sol()):
        want = queries.preferences(cast.sol())["vouchers"]
    assert (want.channels, want.user_ids) == (frozenset({"site"}), (cast.fay.user_id,))
    off = client.post("/messages/settings/", {"category": "security", "of": "own", "security-own-channels": ["site"]})
    assert off.status_code == 422 and "L-196" in off.content.decode()
    stranger = {**sent, "vouchers-account-recipients": [str(cast.carl.user_id)]}
    assert client.post("/messages/settings/", stranger).status_code == 422
    assert client.post("/messages/settings/", {"category": "weather", "of": "own"}).status_code == 404


def test_a_member_chooses_for_themselves_only(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.fay)
    page = client.get("/messages/settings/").content.decode()
    assert "Your administrator can change it." in page and "Save for the account" not in page
    assert client.post("/messages/settings/", {"category": "vouchers", "of": "account"}).status_code == 404
    own = {"category": "vouchers", "of": "own", "vouchers-own-channels": ["site"]}
    assert client.post("/messages/settings/", own).status_code == 303


# Links that act -----------------------------------------------------------------------------------------------------


def address(who: Person, purpose: str, subject: str, until: datetime | None = None) -> str:
    link = links.Link(purpose, uuid4(), who.user_id, subject, until or timezone.now() + links.GOOD_FOR)
    return f"/messages/links/{purpose}/{links.token(link)}/"


@pytest.fixture
def asked(cast: Cast) -> UUID:
    """Fay asks for a permission."""
    return access.ask_for_item(cast.fay(timezone.now()), item="MEMBER_VIEW", reason="look")


def test_a_link_stops_the_mails_of_a_category_once(cast: Cast, signed_in: SignedIn) -> None:
    """S-905: looking changes nothing, the button does, a second time it is explained."""
    client, to = signed_in(cast.sol), address(cast.sol, "unsubscribe", "vouchers")
    page = client.get(to)
    assert page.status_code == 200 and "Stop these mails" in page.content.decode()
    with seated(cast.sol()):
        assert not queries.own_channels(cast.sol(), [cast.sol.user_id])
    assert client.post(to).status_code == 303
    with seated(cast.sol()):
        own = queries.own_channels(cast.sol(), [cast.sol.user_id])
    assert own == {(cast.sol.user_id, "vouchers"): frozenset({"site", "sms"})}
    for again in (client.post(to), client.get(to)):
        assert again.status_code == 422 and "The link has been used already" in again.content.decode()


def test_a_late_link_is_explained(cast: Cast, signed_in: SignedIn) -> None:
    """S-905."""
    to = address(cast.sol, "unsubscribe", "vouchers", timezone.now() - timedelta(seconds=1))
    for answer in (signed_in(cast.sol).get(to), signed_in(cast.sol).post(to)):
        assert answer.status_code == 422 and "The link was good until" in answer.content.decode()


def test_a_link_is_its_recipient_s_only(cast: Cast, signed_in: SignedIn, asked: UUID) -> None:
    """S-905: neither a colleague nor a stranger acts by it, and for its recipient it still works."""
    to = address(cast.sol, "answer-request", str(asked))
    for other in (cast.fay, cast.strange_provider, cast.vera):
        answer = signed_in(other).post(to, {"decision": "grant", "role": "administrator"})
        assert answer.status_code == 422 and "The link was sent to somebody else" in answer.content.decode()
    assert signed_in(cast.sol).get(to).status_code == 200


@pytest.mark.parametrize("harm", ["changed", "other_purpose", "cut", "nonsense"])
def test_a_link_that_was_tampered_with_does_nothing(cast: Cast, signed_in: SignedIn, harm: str, asked: UUID) -> None:
    """S-905."""
    to = address(cast.sol, "unsubscribe", str(asked))
    token = to.split("/")[-2]
    harmed = {
        "changed": to.replace(token, ("A" if token[1] != "A" else "B").join((token[0], token[2:]))),
        "other_purpose": to.replace("unsubscribe", "answer-request"),
        "cut": to.replace(token, token[:-3]),
        "nonsense": "/messages/links/unsubscribe/nonsense/",
    }[harm]
    for answer in (signed_in(cast.sol).get(harmed), signed_in(cast.sol).post(harmed, {"decision": "grant"})):
        assert answer.status_code == 422 and "The link is not whole" in answer.content.decode()
    assert signed_in(cast.sol).get("/messages/links/anything/x/").status_code == 404


def test_a_request_is_answered_by_the_link_of_its_mail(cast: Cast, signed_in: SignedIn, asked: UUID) -> None:
    """S-905, L-209, L-211: what is refused does not use the link up; what is done does."""
    client, to = signed_in(cast.sol), address(cast.sol, "answer-request", str(asked))
    assert "Give the role" in client.get(to).content.decode()
    refused = client.post(to, {"decision": "grant", "role": "account_manager"})
    assert refused.status_code == 422 and "L-209" in refused.content.decode()
    access.make_role(cast.sol(), name="Looks at members", grants=["MEMBER_VIEW"])
    with seated(cast.sol()):
        [role] = people.own_roles(cast.sol())
    assert client.post(to, {"decision": "grant", "role": role.code}).status_code == 303
    with seated(cast.sol()):
        assert [each.state for each in people.asked(cast.sol())] == ["granted"]
    assert client.post(to, {"decision": "decline"}).status_code == 422
    second = address(cast.sol, "answer-request", str(asked))
    assert "answered already" in client.get(second).content.decode()
    assert client.post(second, {"decision": "decline"}).status_code == 409


# The vendor's log ---------------------------------------------------------------------------------------------------


def test_the_vendor_finds_what_did_not_arrive(cast: Cast, signed_in: SignedIn, cost: Any) -> None:
    client = signed_in(cast.vera)
    assert "Nothing went out yet" in client.get("/vendor/messages/").content.decode()
    tell(cast.sol)
    one = cost(client, "/vendor/messages/")
    tell(cast.sol, many=5)
    assert cost(client, "/vendor/messages/") == one <= 14
    system = system_actor("S-905: tests", timezone.now())
    with seated(system):
        row = queries.deliveries(system).rows[0]
    actions.settle(system, delivery_ids=[row.id], move="bounce", reason="refused", answer="SMTP 550")
    page = client.get("/vendor/messages/?state=bounced&channel=mail&kind=quota_frozen").content.decode()
    assert "SMTP 550" in page and "Far Hill Solutions" in page
    assert "Nothing of the kind" in client.get("/vendor/messages/?channel=sms").content.decode()
    assert signed_in(cast.sol).get("/vendor/messages/").status_code == 403
