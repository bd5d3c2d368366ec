"""The Stranger, and repeats with another's key: who is no party learns nothing and moves nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from partner_center.access import actions as access
from partner_center.access import queries as access_queries
from partner_center.audit import queries as record
from partner_center.catalogue.actions import NewServiceType, publish
from partner_center.customers import actions as customer_actions
from partner_center.customers import queries as customers
from partner_center.fence.seat import seated, whole
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.partners import queries as partners
from partner_center.relationships import actions as relationships
from partner_center.relationships.queries import disassociation_check
from partner_center.vouchers import actions, queries
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.queries.order import my_orders, spends_of
from partner_center.vouchers.queries.quota import QuotaFilter, quotas
from partner_center.vouchers.queries.record import RecordFilter, quota_records, records

from .conftest import World, cny, counted


def everything(world: World) -> dict[str, UUID]:
    """A quota, a part of one, vouchers and a hold of theirs."""
    child = world.pass_on("300")
    theirs = world.issue(world.cast.rita, by=world.cast.rhea(), quota=child)
    voucher, free = world.issue(), world.issue()
    lines = [OrderInput("ecs.s", cny("50"))]
    hold = actions.authorise(world.cast.carl(), order_reference="A", lines=lines, voucher_ids=[voucher])
    return {"child": child, "theirs": theirs, "voucher": voucher, "free": free, "hold": hold.authorisation_id}


VERBS: dict[str, Any] = {
    "issue": lambda a, w, i: actions.issue(a, quota_id=w.sols, customer_ids=[w.cast.carl.id], face_value=cny("1")),
    "issue theirs": lambda a, w, i: actions.issue(
        a, quota_id=i["child"], customer_ids=[w.cast.rita.id], face_value=cny("1")
    ),
    "pass on": lambda a, w, i: actions.pass_on(a, quota_id=w.darios, reseller_ids=[w.cast.rhea.id], amount=cny("1")),
    "reclaim": lambda a, w, i: actions.reclaim(a, voucher_ids=[i["free"]]),
    "reclaim theirs": lambda a, w, i: actions.reclaim(a, voucher_ids=[i["theirs"]]),
    "reclaim quota": lambda a, w, i: actions.reclaim_quota(a, quota_id=i["child"]),
    "reclaim quotas": lambda a, w, i: actions.reclaim_quotas(a, quota_ids=[i["child"]]),
    "grant": lambda a, w, i: actions.grant(a, partner_id=w.cast.sol.id, value=cny("1"), window=w.window()),
    "freeze": lambda a, w, i: actions.freeze(a, quota_id=w.sols, reason="no"),
    "authorise": lambda a, w, i: actions.authorise(
        a, order_reference="Z", lines=[OrderInput("ecs.s", cny("1"))], voucher_ids=[i["free"]]
    ),
    "capture": lambda a, w, i: actions.capture(a, authorisation_id=i["hold"]),
    "release": lambda a, w, i: actions.release(a, authorisation_id=i["hold"]),
    "disassociate": lambda a, w, i: relationships.disassociate(a, customer_id=w.cast.carl.id, reason="no"),
    "associate": lambda a, w, i: relationships.associate(
        a, customer_id=w.cast.carl.id, partner_id=a.seat, type=1, reason="no"
    ),
    "label": lambda a, w, i: customer_actions.label(a, customer_id=w.cast.carl.id, text="mine"),
    "change roles": lambda a, w, i: access.change_roles(a, user_id=w.cast.fay.user_id, roles=["finance"]),
    "expire": lambda a, w, i: actions.expire_due(a),
    "lapse": lambda a, w, i: actions.lapse_due(a),
}
STRANGERS = ("strange_distributor", "strange_reseller", "strange_provider", "strange_customer")


@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_verb_of_a_stranger_touches_anything(world, stranger):
    ids, actor = everything(world), getattr(world.cast, stranger)()
    for name, verb in VERBS.items():
        before = counted()
        try:
            done = verb(actor, world, ids)
        except (NotFound, NotAllowed, Refused):
            done = None
        assert done is None and counted() == before, name


@pytest.mark.parametrize("who", ["rhea", "sol", "rita", "cora"])
def test_capture_and_release_are_the_holders_own(world, who):
    ids, actor = everything(world), getattr(world.cast, who)()
    for verb in (actions.capture, actions.release):
        with pytest.raises((NotFound, NotAllowed)):
            verb(actor, authorisation_id=ids["hold"])


def test_a_customer_of_the_same_partner_is_a_stranger_too(world):
    ids, cora = everything(world), world.cast.cora()
    with pytest.raises(NotFound):
        VERBS["authorise"](cora, world, ids)
    with seated(cora):
        with pytest.raises(NotFound):
            queries.my_voucher(cora, ids["free"])
        with pytest.raises(NotFound):
            queries.voucher_detail(cora, ids["free"])
        assert spends_of(cora, ids["voucher"]) == () and my_orders(cora).rows == ()


def _told(query: Any) -> Any:
    try:
        return query()
    except NotFound:
        return None


@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_query_of_a_stranger_tells_anything(world, stranger):
    ids, actor, cast = everything(world), getattr(world.cast, stranger)(), world.cast
    with seated(actor):
        assert quotas(actor, QuotaFilter(tab="all")).rows == ()
        assert queries.vouchers(actor, queries.VoucherFilter(own_only=False)).rows == ()
        assert records(actor, RecordFilter(own_only=False)).rows == () and quota_records(actor).rows == ()
        for query in (
            lambda: queries.quota_detail(actor, world.sols),
            lambda: queries.quota_sum(actor, ids["child"]),
            lambda: queries.voucher_detail(actor, ids["voucher"]),
            lambda: queries.my_voucher(actor, ids["voucher"]),
            lambda: queries.authorisation(actor, ids["hold"]),
            lambda: customers.customer_detail(actor, cast.carl.id),
            lambda: customers.association_of(actor, cast.carl.id),
            lambda: partners.account(actor, cast.rhea.id),
            lambda: disassociation_check(actor, cast.carl.id),
            lambda: actions.preflight(actor, quota_id=world.sols, customer_ids=[cast.carl.id], face_value=cny("1")),
        ):
            assert _told(query) is None
        assert actions.reclaim_outcomes(actor, voucher_ids=[ids["free"]]) == {}
        assert record.timeline(actor, [world.sols, ids["hold"], cast.carl.id]) == ()
        assert record.of_customer(actor, cast.carl.id) == ()
        assert customers.associations(actor, [cast.carl.id]) == {}
        assert {each.id for each in access_queries.members(actor)} == {actor.user_id}
        theirs = {cast.carl.id, cast.sol.id, cast.rhea.id, cast.dario.id, *ids.values()}
        assert not any(theirs & {each.subject_id, each.partner_id, each.customer_id} for each in record.events(actor))


def test_a_distributor_reads_its_resellers_vouchers_and_takes_none(world):
    ids, dario = everything(world), world.cast.dario()
    with seated(dario):
        assert queries.voucher_detail(dario, ids["theirs"]).id == ids["theirs"]
    for verb in ("reclaim theirs", "issue theirs"):
        with pytest.raises(NotFound):
            VERBS[verb](dario, world, ids)


def test_a_reseller_does_not_see_the_quota_its_own_came_from(world):
    ids, rhea = everything(world), world.cast.rhea()
    with seated(rhea):
        assert _told(lambda: queries.quota_detail(rhea, world.darios)) is None
        assert queries.quota_detail(rhea, ids["child"]).row.parent_number == ""


def test_without_a_seat_the_database_itself_shows_nothing(world, stranger_sql):
    everything(world)
    for table in (
        "vouchers_quota",
        "vouchers_voucher",
        "vouchers_voucherrecord",
        "vouchers_quotarecord",
        "vouchers_authorisation",
        "vouchers_authorisationpart",
        "ledger_account",
        "ledger_entry",
        "ledger_transfer",
        "audit_event",
        "audit_operation",
        "customers_account",
        "customers_association",
        "partners_account",
        "partners_company",
        "access_user",
        "access_apikey",
        "access_verificationcode",
    ):
        assert stranger_sql(f"SELECT count(*) FROM {table}") == [(0,)], table


def settings_now() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.seat', true), current_setting('app.all', true)")
        found: tuple[str, str] = cursor.fetchone()
        return found


def test_what_goes_wrong_inside_leaves_no_door_open(world):
    sol = world.cast.sol()
    with seated(sol):
        before = settings_now()
        for broken in (ZeroDivisionError, Conflict):
            with pytest.raises(broken), whole("S-141: test"), seated(world.cast.vera()):
                raise broken("x")
            assert settings_now() == before

        def rows() -> Any:
            with whole("S-141: test"):
                yield settings_now()

        half_read = rows()
        assert next(half_read)[1] == "on"
        half_read.close()
        assert settings_now() == before


def test_a_key_means_nothing_to_somebody_else(world):
    def issue(who: Any, quota: UUID, to: Any, **more: Any) -> Any:
        terms = {"customer_ids": [to.id], "face_value": cny("1"), "key": "k", **more}
        return actions.issue(who, quota_id=quota, **terms)

    child = world.pass_on("300")
    mine = issue(world.cast.sol(), world.sols, world.cast.carl)
    theirs = issue(world.cast.rhea(), child, world.cast.rita)
    assert mine.issue_id != theirs.issue_id
    with pytest.raises(Conflict) as told:
        issue(world.cast.sol(), world.sols, world.cast.carl, partial=True)
    assert told.value.code == "idempotency_key_reused"


def test_a_refusal_leaves_its_key_free(world):
    def issue() -> Any:
        terms = {"quota_id": world.sols, "customer_ids": [world.cast.carl.id], "face_value": cny("1"), "key": "k"}
        return actions.issue(world.cast.sol(), **terms)

    actions.freeze(world.cast.vera(), quota_id=world.sols, reason="wait")
    with pytest.raises(Refused):
        issue()
    actions.unfreeze(world.cast.vera(), quota_id=world.sols, reason="go on")
    assert issue() == issue()


def test_a_colleague_without_the_permission_gets_no_answer_for_a_known_key(world):
    terms: dict[str, Any] = {"quota_id": world.sols, "customer_ids": [world.cast.carl.id], "face_value": cny("1")}
    actions.issue(world.cast.sol(), **terms, key="k")
    nobody = world.cast.fay(permissions=frozenset())
    with pytest.raises((NotAllowed, Conflict)):
        actions.issue(nobody, **terms, key="k")


def test_an_order_that_was_paid_takes_no_more_vouchers(world):
    world.issue()
    carl = world.cast.carl

    def hold() -> Any:
        return actions.authorise(carl(), order_reference="A", lines=[OrderInput("ecs.s", cny("50"))])

    actions.capture(carl(), authorisation_id=hold().authorisation_id)
    with pytest.raises(Conflict) as told:
        hold()
    assert told.value.code == "order_paid_already"


def test_an_order_without_a_name_locks_nothing_and_is_refused(world):
    world.issue()
    for reference in ("", "x" * 65):
        with pytest.raises(Conflict):
            actions.authorise(world.cast.carl(), order_reference=reference, lines=[OrderInput("ecs.s", cny("50"))])


def test_a_least_order_in_another_currency_is_refused(world):
    with pytest.raises(Refused):
        world.issue(min_order=Money.of("1", "USD"))


def test_nobody_issues_for_an_id_that_does_not_exist(world):
    with pytest.raises(NotFound):
        actions.issue(world.cast.sol(), quota_id=new_id(), customer_ids=[world.cast.carl.id], face_value=cny("1"))


def test_a_quota_with_many_limits_is_issued_from_as_it_is(world):
    codes = [f"t{number}" for number in range(12)]
    service_types = [NewServiceType(code, code, code) for code in codes]
    publish(world.cast.vera(), service_types=service_types, products=[])
    quota = world.grant(world.cast.sol, service_types=codes)
    world.issue(quota=quota)
    with pytest.raises(Refused):
        world.issue(quota=quota, service_types=codes[:11])
