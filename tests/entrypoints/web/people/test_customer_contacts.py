"""Customer contacts: named by the partner, read by its customers."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from partner_center.fence.seat import seated
from partner_center.kernel.errors import NotAllowed, NotFound, Refused
from partner_center.partners import actions
from partner_center.partners.queries import customer_contacts
from partner_center.partners.rules import CONTACT, ContactFacts
from tests.cast import Cast

SignedIn = Any


@pytest.mark.parametrize(
    "code, facts",
    [
        ("too_many_contacts", ContactFacts(5, 5, "1", "")),  # L-194.most
        ("contact_unreachable", ContactFacts(4, 5, "", "")),  # L-194.reach
    ],
)
def test_a_contact_is_refused(code: str, facts: ContactFacts) -> None:
    assert [each.code for each in CONTACT.broken(facts)] == [code]


def test_customers_read_whom_to_call(cast: Cast, signed_in: SignedIn) -> None:
    """L-194: the account's own data until somebody is named, and again when nobody is any more."""
    sol, carl = signed_in(cast.sol), signed_in(cast.carl)
    assert "No customer contacts" in sol.get("/members/contacts/").content.decode()
    sent = {"name": "秦岚", "duty": "订单", "phone": "13800001234", "email": "qin@partner.example"}
    assert sol.post("/members/contacts/add/", sent).status_code == 303
    page = carl.get("/my-partner/").content.decode()
    assert "秦岚" in page and "13800001234" in page and "Whom to call" in page
    assert "秦岚" not in signed_in(cast.strange_customer).get("/my-partner/").content.decode()
    with seated(cast.sol()):
        [row] = customer_contacts(cast.sol())
    changed = {**sent, "phone": "", "email": "new@partner.example"}
    assert sol.post(f"/members/contacts/{row.id}/", changed).status_code == 303
    assert "new@partner.example" in carl.get("/my-partner/").content.decode()
    assert sol.post(f"/members/contacts/{row.id}/remove/").status_code == 303
    assert "秦岚" not in carl.get("/my-partner/").content.decode()


def test_everything_wrong_with_a_contact_is_said_and_nothing_is_kept(cast: Cast, signed_in: SignedIn) -> None:
    """L-194."""
    sol = signed_in(cast.sol)
    for turn in range(5):
        actions.add_contact(cast.sol(), name=f"n{turn}", phone="1")
    page = sol.post("/members/contacts/add/", {"name": "六", "phone": "", "email": ""})
    assert page.status_code == 422 and page.content.decode().count("L-194") >= 2
    assert "Add a customer contact" not in sol.get("/members/contacts/").content.decode()
    with seated(cast.sol()):
        rows = customer_contacts(cast.sol())
    assert len(rows) == 5
    with pytest.raises(Refused):
        actions.change_contact(cast.sol(), contact_id=rows[0].id or uuid4(), name="x")


def test_a_stranger_finds_no_contact(cast: Cast, signed_in: SignedIn) -> None:
    id_ = actions.add_contact(cast.sol(), name="秦岚", phone="1")
    with pytest.raises(NotFound):
        actions.remove_contact(cast.strange_provider(), contact_id=id_)
    with pytest.raises(NotAllowed):
        actions.remove_contact(cast.fay(), contact_id=id_)
    assert signed_in(cast.strange_provider).get(f"/members/contacts/{id_}/").status_code == 404
    with seated(cast.strange_provider()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM partners_customercontact")
        assert cursor.fetchone() == (0,)
