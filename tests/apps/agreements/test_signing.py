"""Publishing, signing and what is barred until then, on the real database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from partner_center.agreements import actions, queries
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.errors import NotAllowed, Refused
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions as vouchers
from tests.apps.agreements.publishing import publish
from tests.cast import open_partner


def quota_of(cast: Any, partner: Any) -> UUID:
    window = Window(cast.at - timedelta(days=1), cast.at + timedelta(days=300))
    return vouchers.grant(cast.vera(), partner_id=partner.id, value=Money.of("1000", "CNY"), window=window).quota_id


def as_seen(who: Any, read: Any, *arguments: Any, **named: Any) -> Any:
    """A query from somebody's seat."""
    with seated(who):
        return read(who, *arguments, **named)


def issue(cast: Any, quota: UUID, at: datetime) -> Any:
    terms: dict[str, Any] = {"face_value": Money.of("10", "CNY"), "customer_ids": [cast.carl.id]}
    return vouchers.issue(cast.sol(at=at), quota_id=quota, **terms)


def test_a_signature_keeps_who_when_where_and_which_text(cast: Any) -> None:
    """L-034, L-039."""
    id_ = publish(cast)
    actions.sign(cast.sol(address="203.0.113.7"), version_id=id_, language="zh")
    (signed,) = as_seen(cast.sol(), queries.signatures)
    assert (signed.user_id, signed.address, signed.language) == (cast.sol.user_id, "203.0.113.7", "zh")
    assert signed.sha256 == actions.digest("# 准则 1.0")
    with seated(cast.sol()):
        event = Event.objects.get(name="agreement.signed")
    assert event.data["number"] == "1.0"


def test_unsigned_after_grace_bars_what_it_governs_and_signing_opens_it(cast: Any) -> None:
    """L-040: reading stays open."""
    quota = quota_of(cast, cast.sol)
    id_ = publish(cast)
    issue(cast, quota, cast.at + timedelta(days=29))
    late = cast.at + timedelta(days=31)
    with pytest.raises(Refused) as refused:
        issue(cast, quota, late)
    assert [outcome.id for outcome in refused.value.outcomes] == ["L-040"]
    terms: dict[str, Any] = {"customer_ids": [cast.carl.id], "face_value": Money.of("10", "CNY")}
    check = as_seen(cast.sol(at=late), vouchers.preflight, quota_id=quota, **terms)
    assert [outcome.id for outcome in check.batch if not outcome.passed] == ["L-040"]
    actions.sign(cast.sol(at=late), version_id=id_, language="en")
    issue(cast, quota, late)


def test_a_new_version_asks_again_with_grace_and_then_bars(cast: Any) -> None:
    """L-039, L-040."""
    quota = quota_of(cast, cast.sol)
    actions.sign(cast.sol(), version_id=publish(cast), language="zh")
    second_day = cast.at + timedelta(days=100)
    second = publish(cast, "2.0", at=second_day)
    (waiting,) = as_seen(cast.sol(at=second_day), queries.to_sign)
    assert (waiting.version.id, waiting.signed_before, waiting.barred) == (second, "1.0", False)
    issue(cast, quota, second_day + timedelta(days=29))
    with pytest.raises(Refused, match="L-040"):
        issue(cast, quota, second_day + timedelta(days=30))
    actions.sign(cast.sol(at=second_day + timedelta(days=30)), version_id=second, language="zh")
    issue(cast, quota, second_day + timedelta(days=30))


def test_passing_on_is_governed_as_issuing_is(cast: Any) -> None:
    """L-040."""
    quota = quota_of(cast, cast.dario)
    publish(cast, grace_days=0)
    with pytest.raises(Refused, match="L-040"):
        vouchers.pass_on(cast.dario(), quota_id=quota, reseller_ids=[cast.rhea.id], amount=Money.of("10", "CNY"))


def test_a_version_that_binds_others_or_governs_nothing_bars_nothing(cast: Any) -> None:
    """L-030."""
    quota = quota_of(cast, cast.sol)
    publish(cast, grace_days=0, binds=["reseller"])
    publish(cast, code="programme_agreement", grace_days=0, governs=[])
    publish(cast, "9.9", site="cloud-intl", grace_days=0)
    issue(cast, quota, cast.at + timedelta(days=1))
    assert [each.version.code for each in as_seen(cast.sol(), queries.to_sign)] == ["programme_agreement"]
    with pytest.raises(Refused, match="L-030"):
        actions.sign(cast.sol(), version_id=queries.versions(latest=True)[0].id, language="zh")


def test_one_account_signs_for_all_of_a_company(cast: Any) -> None:
    """L-041: the main account signs; what it signed holds for the others."""
    company = None
    with seated(cast.vera()):
        from partner_center.partners.queries import account

        company = account(cast.vera(), cast.sol.id).company_id
    east = open_partner(
        cast.vera(), "solution_provider", "东区", "East", 77, "east", company_id=company, account_name="east", uscc=""
    )
    id_ = publish(cast, grace_days=0)
    with pytest.raises(Refused, match="L-041"):
        actions.sign(east(), version_id=id_, language="zh")
    with pytest.raises(Refused, match="L-041"):
        actions.sign(cast.fay(), version_id=id_, language="zh")
    assert queries.unsigned(east.id, "vouchers.issue", cast.at) == ("code_of_conduct",)
    actions.sign(cast.sol(), version_id=id_, language="zh")
    assert queries.unsigned(east.id, "vouchers.issue", cast.at) == ()
    assert as_seen(east(), queries.signatures) == ()


def test_a_superseded_version_and_another_text_are_not_signed(cast: Any) -> None:
    """L-039.latest, L-039.text, L-039.once."""
    first = publish(cast)
    second = publish(cast, "2.0")
    with pytest.raises(Refused) as refused:
        actions.sign(cast.sol(), version_id=first, language="zh")
    assert [outcome.code for outcome in refused.value.outcomes] == ["version_superseded"]
    with pytest.raises(Refused, match="L-039"):
        actions.sign(cast.sol(), version_id=second, language="zh", text_sha256="0" * 64)
    actions.sign(cast.sol(), version_id=second, language="zh")
    with pytest.raises(Refused, match="L-039"):
        actions.sign(cast.sol(), version_id=second, language="zh")


def test_nobody_but_the_vendor_publishes_and_nobody_but_partners_sign(cast: Any) -> None:
    id_ = publish(cast)
    for attempt in (
        lambda: publish(type(cast)(**{**cast.__dict__, "vera": cast.sol})),
        lambda: actions.sign(cast.vera(), version_id=id_, language="zh"),
        lambda: actions.sign(cast.carl(), version_id=id_, language="zh"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_strangers_signature_is_not_seen_and_none_is_changed(cast: Any, stranger_sql: Any) -> None:
    actions.sign(cast.sol(), version_id=publish(cast), language="zh")
    assert as_seen(cast.strange_provider(), queries.signatures) == ()
    assert stranger_sql("SELECT id FROM agreements_signature", cast.strange_provider.id) == []
    assert len(stranger_sql("SELECT id FROM agreements_signature", cast.sol.id)) == 1
    with pytest.raises(DatabaseError), seated(cast.sol()), connection.cursor() as cursor:
        cursor.execute("UPDATE agreements_signature SET address = 'x'")


def test_a_declaration_is_kept_and_its_event_names_nobody(cast: Any) -> None:
    """L-035, L-042."""
    relation = {
        "vendor_person": "赵某",
        "vendor_department": "渠道部",
        "partner_person": "钱某",
        "partner_position": "总经理",
        "relation": "relative",
    }
    actions.declare_relationships(cast.sol(), none_to_declare=False, relations=[relation])
    (declared,) = as_seen(cast.sol(), queries.declarations)
    assert declared.relations[0]["vendor_person"] == "赵某"
    assert as_seen(cast.strange_provider(), queries.declarations) == ()
    with seated(cast.sol()):
        assert "赵某" not in str(Event.objects.get(name="relationships.declared").data)
    with pytest.raises(Refused, match="L-041"):
        actions.declare_relationships(cast.fay(), none_to_declare=True)


def test_progress_says_who_has_not_signed(cast: Any) -> None:
    from partner_center.partners.queries import main_accounts

    id_ = publish(cast)
    actions.sign(cast.sol(), version_id=id_, language="zh")
    accounts = as_seen(cast.vera(), main_accounts)
    came = as_seen(cast.vera(), queries.progress, queries.version(id_), accounts)
    assert (came.signed, came.bound) == (1, 6)
    assert cast.sol.id not in {one.organisation_id for one in came.missing}
