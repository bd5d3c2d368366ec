from datetime import UTC, datetime, timedelta
import pytest
from partner_center.access.rules import permissions_of
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.partners.actions import open_partner, link_reseller
from partner_center.customers.actions import open_customer, associate_rows
from partner_center.audit.action import action
from partner_center.vouchers import actions as v, queries as q
from partner_center.vouchers.actions import checkout, quota as qa, voucher as va
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.catalogue.actions import publish, NewProduct, NewServiceType

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

@action
def assoc(actor, *, c, p, u, t):
    associate_rows(actor, customer_id=c, partner_id=p, upline_id=u, type=t)

def cny(x): return Money.of(x, "CNY")
def who(aud, org, role):
    return Actor(audience=aud, at=AT, home=org, seat=org, roles=(role,), permissions=permissions_of((role,), aud, True))

@pytest.mark.django_db
def test_all():
    s = system_actor("test", AT)
    vera = Actor(audience="vendor", at=AT, permissions=permissions_of(("vendor_administrator",), "vendor", True), roles=("vendor_administrator",))
    d = open_partner(vera, site="cloud-cn", identity="distributor", name_zh="江", name_en="D", uscc="91000000MA0000000N", login="d", display_name="d", tier="")
    r = open_partner(vera, site="cloud-cn", identity="reseller", name_zh="澄", name_en="R", uscc="91000000MA0000001R", login="r", display_name="r", tier="")
    so = open_partner(vera, site="cloud-cn", identity="solution_provider", name_zh="青", name_en="S", uscc="91000000MA0000002W", login="s", display_name="s", tier="")
    link_reseller(vera, distributor_id=d.organisation_id, reseller_id=r.organisation_id)
    c = open_customer(vera, site="cloud-cn", name_zh="客", name_en="C", account_name="cc", login="cc", display_name="c")
    cid = c.organisation_id
    assoc(s, c=cid, p=r.organisation_id, u=d.organisation_id, t=1)
    publish(vera, service_types=[NewServiceType("ecs","云服务器","ECS")], products=[NewProduct("ecs.s","ecs","s","s",cny("10"))])
    g = v.grant(vera, partner_id=d.organisation_id, value=cny("10000"), window=Window(AT - timedelta(days=1), AT + timedelta(days=30)), key="g1")
    dario = who("partner", d.organisation_id, "administrator"); rhea = who("partner", r.organisation_id, "administrator"); carl = who("customer", cid, "customer_administrator")
    p = v.pass_on(dario, quota_id=g.quota_id, reseller_ids=[r.organisation_id], amount=cny("3000"), key="p1")
    i = v.issue(rhea, quota_id=p.quotas[0].quota_id, customer_ids=[cid], face_value=cny("100"), min_order=cny("50"), key="i1", remark="x")
    assert v.issue(rhea, quota_id=p.quotas[0].quota_id, customer_ids=[cid], face_value=cny("100"), min_order=cny("50"), key="i1", remark="x") == i
    with seated(carl):
        quo = q.quote(carl, [OrderInput("ecs.s", cny("60"))])
        print(quo)
        print(q.my_vouchers(carl))
    a = v.authorise(carl, order_reference="O1", lines=[OrderInput("ecs.s", cny("60"))], key="a1")
    print(v.capture(carl, authorisation_id=a.authorisation_id, key="c1"))
    with seated(dario):
        dd = q.quota_detail(dario, g.quota_id)
        print(dd.sum, dd.sum.difference)
        for row, sm in dd.parts: print(row.number, sm, sm.difference)
    with seated(rhea):
        print(q.vouchers(rhea, q.VoucherFilter()).rows)
        print(q.records(rhea, q.RecordFilter()).rows)
    print(v.reclaim(rhea, voucher_ids=[i.vouchers[0].voucher_id], key="r1"))
    print(v.reclaim_quota(dario, quota_id=p.quotas[0].quota_id, key="rq1"))
    with seated(dario):
        dd = q.quota_detail(dario, g.quota_id)
        print(dd.sum, dd.sum.difference)
        for row, sm in dd.parts: print(row.number, sm, sm.difference)
    print(v.expire_due(system_actor("x", AT + timedelta(days=40))), v.lapse_due(system_actor("x", AT + timedelta(days=40))))
    print(v.time_out_due(system_actor("x", AT + timedelta(days=40))))
    with seated(vera): print(q.quota_sum(vera, g.quota_id))
