"""What waits for the vendor: companies that change what they are called, companies that join; in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from partner_center.customers.queries import accounts_page
from partner_center.demo import names
from partner_center.demo.names import Company
from partner_center.demo.world import World
from partner_center.kernel.actor import Actor
from partner_center.partners import actions as partners
from partner_center.programmes import actions as programmes
from partner_center.programmes.queries import application
from partner_center.programmes.rules import VERIFIED
from partner_center.reviews import actions as reviews
from partner_center.reviews.rules import Decision

OK = Decision("approve", reason="confirmed", note="与电子营业执照一致")
SECOND = Decision("approve")
STREET = Decision(
    "return",
    reason="incomplete",
    text="注册地址缺少门牌号，请照营业执照补全。",
    note="电话里说过一次",
    fields=("registered_address",),
)
OTHER_ENTITY = Decision("reject", reason="other_entity", text="新名称属于另一家公司，请走主体变更。")


@dataclass(frozen=True)
class Change:
    """A partner asks; `then` are what reviewers do, each so many days ago."""

    partner: str
    asked: float
    after: tuple[tuple[str, str], ...]
    then: tuple[tuple[float, str, Decision], ...] = ()
    taken: float = 0


CHANGES = (
    Change(
        "qingwu",
        46,
        (("registered_address", "示例省示例市云路 3 号 9 层"), ("industry", "软件和信息技术服务")),
        ((45, "gu.yan", OK), (44, "lin.qiao", SECOND)),
    ),
    Change("heguang", 30, (("name_zh", "和光同信息"),), ((28, "gu.yan", OTHER_ENTITY),)),
    Change("beichen", 13, (("legal_representative", "何北辰"),)),
    Change("haichuan", 8, (("registered_address", "示例省示例市海川大道 66 号"),)),
    Change("chengshi", 6, (("registered_address", "示例省示例市澄石路"),), ((3, "gu.yan", STREET),)),
    Change("nanping", 5, (("name_en", "Nanping Networks Technology"),), ((2, "gu.yan", OK),)),
    Change("yunshan", 4, (("industry", "数字内容服务"),), ((1, "gu.yan", OK),)),
    Change("langyue", 3, (("legal_representative", "郎悦"),), taken=2),
    Change(
        "qingwu",
        2,
        (
            ("name_en", "Qingwu Digital Technology"),
            ("legal_representative", "沈知夏"),
            ("registered_address", "示例省示例市梧桐路 8 号"),
        ),
    ),
    Change("moke", 2, (("industry", "行业应用软件"),)),
    Change("jianglan", 1, (("registered_address", "示例省示例市江澜路 1 号"),)),
    Change("heguang", 1, (("registered_address", "示例省示例市和光街 18 号"),)),
    Change("qiyun", 0.1, (("name_en", "Qiyun Software Technology"),)),
)


@dataclass(frozen=True)
class Joining:
    """A company that applies, and how it ends once its address is confirmed. `proven`: its cloud account proves it."""

    asked: float
    identity: str
    ends: str = "waits"
    proven: bool = False


JOININGS = (
    Joining(40, "solution_provider", "approved"),
    Joining(35, "reseller", "rejected"),
    Joining(33, "reseller", "withdrawn"),
    Joining(25, "solution_provider", "at_once", proven=True),
    Joining(12, "solution_provider", "lapsed"),
    Joining(11, "solution_provider", "escalated"),
    Joining(5, "reseller", "returned"),
    Joining(4, "solution_provider"),
    Joining(3, "reseller"),
    Joining(2, "solution_provider"),
    Joining(1.2, "reseller"),
    Joining(1, "distributor"),
    Joining(0.2, "solution_provider"),
    Joining(0.1, "reseller", "draft"),
)
NO = Decision("reject", reason="not_the_company", text="请由公司授权的人员、用公司邮箱申请。")
WHICH = Decision(
    "return", reason="unclear", text="没有找到这个云账号，请核对账号名。", fields=("account_name", "phone")
)
BY_HAND = Decision("approve", reason="verified_by_hand")
UNKNOWN = 900
ADMINISTRATORS = (
    *("安禾", "毕然", "岑溪", "狄安", "方遥", "高岚", "何屿"),
    *("姜沐", "柯宁", "黎初", "孟川", "宁舟", "欧阳澈", "潘越"),
)


def plan(world: World) -> None:
    """Everything on its day; what is late is handed up a week ago."""
    for change in CHANGES:
        world.plan(world.working_hour(change.asked), partial(ask, change=change))
    for serial, joining in enumerate(JOININGS):
        world.plan(world.working_hour(joining.asked), partial(apply, joining=joining, serial=serial))
    world.plan(world.working_hour(5), hand_up)


def ask(world: World, at: datetime, change: Change) -> None:
    """A partner asks for a change, and plans what the reviewers do."""
    asked = partners.ask_for_change(world.act(change.partner, at), after=dict(change.after))
    last = at
    for ago, who, decision in change.then:
        last = _later(world, ago, last)
        world.plan(last, _decides(partners.decide_change, who, asked.review_id, decision))
    if change.taken:
        world.plan(_later(world, change.taken, at), partial(_take, review_id=asked.review_id))


def _later(world: World, days_ago: float, last: datetime) -> datetime:
    """A working hour of that day, but never before what it follows: a Sunday's falls on Friday."""
    return max(world.working_hour(days_ago), last + timedelta(hours=1))


def _take(world: World, at: datetime, review_id: UUID) -> None:
    reviews.take(world.act("gu.yan", at), review_id=review_id)


def _decides(
    verb: Callable[..., object], who: str, review_id: UUID, decision: Decision
) -> Callable[[World, datetime], None]:
    def deed(world: World, at: datetime) -> None:
        verb(world.act(who, at), review_id=review_id, decision=decision)

    return deed


def hand_up(world: World, at: datetime) -> None:
    reviews.escalate_due(world.system("L-020: not decided in time", at), limit=50)


def guest(at: datetime) -> Actor:
    """Whoever applies has no account."""
    return Actor(audience="system", system="L-020: an applicant without an account", at=at)


def apply(world: World, at: datetime, joining: Joining, serial: int) -> None:
    """A company applies; minutes later its address is confirmed, and then somebody decides."""
    company, code = _proven(world, at) if joining.proven else (_companies()[serial * 7], names.uscc(UNKNOWN + serial))
    applied = programmes.apply(
        guest(at),
        identity=joining.identity,
        name_zh=company.zh,
        name_en=company.en,
        uscc=code,
        registered_address=f"示例省示例市申请路 {serial + 1} 号",
        account_name=company.account if joining.proven else f"{company.account}-hq",
        display_name=ADMINISTRATORS[serial],
        login=f"join.{company.account}",
        email=names.email(company.account),
        phone=names.phone(8_000_000 + serial),
        accepts=True,
    )
    if joining.ends == "draft":
        return
    if joining.ends == "lapsed":
        world.plan(at + timedelta(hours=49), _lapse)
        return
    programmes.confirm(guest(at + timedelta(minutes=9)), application_id=applied.application_id)
    _goes_on(world, joining, applied.application_id, at)


def _companies() -> list[Company]:
    return list(names.companies())


def _proven(world: World, at: datetime) -> tuple[Company, str]:
    """A company whose cloud account is verified as an enterprise, so that nobody has to look at it."""
    system = world.system("demo: whose account it is", at)
    # None of those that apply without proof: they are every seventh from the first on.
    for company in _companies()[3::7]:
        found, _ = accounts_page(system, text=company.account, limit=1)
        if (
            found
            and found[0].account_name == company.account
            and found[0].verified_status == VERIFIED
            and found[0].uscc
        ):
            return company, found[0].uscc
    raise LookupError("no customer of the demo is verified")


def _lapse(world: World, at: datetime) -> None:
    programmes.expire_joining(world.system("L-020: never confirmed", at), limit=50)


def _goes_on(world: World, joining: Joining, application_id: UUID, at: datetime) -> None:
    review_id = application(guest(at), application_id).review_id
    decisions = {"approved": BY_HAND, "rejected": NO, "returned": WHICH}
    if joining.ends in decisions and review_id is not None:
        later = _later(world, joining.asked - 2, at)
        world.plan(later, _decides(programmes.decide_joining, "lin.qiao", review_id, decisions[joining.ends]))
    elif joining.ends == "withdrawn":
        world.plan(at + timedelta(hours=20), partial(_withdraw, application_id=application_id))


def _withdraw(world: World, at: datetime, application_id: UUID) -> None:
    programmes.withdraw_joining(guest(at), application_id=application_id)
