"""Sample data for the developer's gallery: every component in every state, one story, sums that close."""

from __future__ import annotations

from datetime import UTC, datetime

from partner_center.entrypoints.web import gallery_states as states
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.view_models import (
    Action,
    Badge,
    Cell,
    Choice,
    Column,
    Confirm,
    Crumb,
    Fact,
    FieldError,
    Filter,
    Node,
    Option,
    Page,
    Pager,
    Segment,
    Select,
    Tab,
    Term,
)
from partner_center.kernel.money import Money

NOW = datetime(2026, 11, 23, 2, 48, tzinfo=UTC)


def t(zh: str, en: str) -> str:
    return local((zh, en))


def yuan(text: str) -> Money:
    return Money.of(text, "CNY")


def gallery_context() -> dict[str, object]:
    """What gallery.html is fed with."""
    return {
        "t": t,
        "now": NOW,
        "page": _page(),
        "badges": states.badges(),
        **_money(),
        **_list(),
        **_panels(),
        "rules": states.rules(),
        "events": states.events(),
        "state": states.now_state(),
        "steps": states.steps(),
        "jobs": states.jobs(),
        "dues": states.dues(NOW),
    }


def _page() -> Page:
    return Page(
        title=t("零件与状态", "Parts and states"),
        subtitle=t("各屏共用；同一件事只有一种样子", "Shared by all pages; one thing has one look"),
        breadcrumb=(Crumb(t("开发", "Development"), "/gallery/"), Crumb(t("零件与状态", "Parts and states"))),
        badge=Badge("est", t("示例数据", "Sample data")),
        count=31,
    )


def _money() -> dict[str, object]:
    used, lost, left = yuan("178300"), yuan("12000"), yuan("109700")
    return {
        "left": left,
        "final": yuan("16548.43"),
        "estimate": yuan("9870.12"),
        "equation": (
            Term(t("获得", "Granted"), used + lost + left),
            Term(t("已用", "Used"), used, "=", 1),
            Term(t("作废", "Lost"), lost, "+", 4),
            Term(t("剩余", "Left"), left, "+", 2),
        ),
        "segments": (
            Segment(t("已用", "Used"), used.minor, 1),
            Segment(t("作废", "Lost"), lost.minor, 4),
            Segment(t("剩余", "Left"), left.minor, 2),
        ),
        "bill": (
            Term(t("9 行合计", "9 lines"), yuan("16714.43")),
            Term(t("调整", "adjustments"), yuan("166.00"), "−"),
            Term(t("账单金额", "bill amount"), yuan("16548.43"), "=", result=True),
        ),
    }


def _list() -> dict[str, object]:
    kinds = (
        (t("代金券额度", "Quotas"), 6),
        (t("已发放代金券额度", "Sub-quotas"), 37),
        (t("已发放代金券", "Vouchers"), 214),
    )
    chips = ((t("全部", "All"), 37), (t("有效", "Valid"), 29), (t("冻结", "Frozen"), 1), (t("已回收", "Reclaimed"), 7))
    return {
        "tabs": tuple(Tab(label, "#", count, n == 1) for n, (label, count) in enumerate(kinds)),
        "chips": tuple(Tab(label, "#", count, n == 0) for n, (label, count) in enumerate(chips)),
        "filter": _filter(),
        "columns": _columns(),
        "rows": tuple(_row(*row) for row in _ROWS),
        "total": (t("合计", "Total"), "", yuan("352000"), yuan("261700"), yuan("90300"), "", "", ""),
        "pager": Pager(
            t("本页 5 条 · 共 37 条", "5 of 37"), t("本页余额合计", "Balance on this page"), "90,300.00", next="#n"
        ),
    }


def _filter() -> Filter:
    source = Select("source", t("来源额度", "From quota"), (Option("", t("全部", "all")), Option("1", "VQ260701-0038")))
    since = Select("since", t("发放时间", "Issued"), (Option("12", t("近 12 个月", "last 12 months")),))
    hint = t("云经销商名称或额度编号", "Reseller or quota number")
    return Filter("/gallery/", hint, selects=(source, since))


def _columns() -> tuple[Column, ...]:
    return (
        Column(t("额度编号 / 来源", "Number / source"), "main"),
        Column(t("云经销商", "Reseller")),
        Column(t("额度", "Quota"), "amount", "CNY"),
        Column(t("已发给客户", "Issued"), "amount", "CNY"),
        Column(t("余额", "Balance"), "money", "CNY"),
        Column(t("状态", "State"), "state"),
        Column(t("有效期至", "Valid until")),
        Column(t("操作", "Actions"), "actions"),
    )


_ROWS = (
    ("VS260703-1107", ("澄石科技", "Chengshi Tech"), "120000", "90000", "30000", "ok", ""),
    ("VS260703-1108", ("南屏网络", "Nanping Networks"), "98000", "80000", "18000", "ok", ""),
    ("VS260711-1142", ("栖云软件", "Qiyun Software"), "80000", "53700", "26300", "ok", ""),
    ("VS260928-1330", ("浮光网络", "Fuguang Networks"), "30000", "15000", "15000", "frz", "frozen"),
    ("VS260412-0871", ("海屿科技", "Haiyu Tech"), "24000", "23000", "1000", "end", "over"),
)


def _row(
    number: str, name: tuple[str, str], granted: str, issued: str, left: str, kind: str, why: str
) -> tuple[object, ...]:
    words = {"ok": t("有效", "Valid"), "frz": t("冻结", "Frozen"), "end": t("已回收", "Reclaimed")}
    reasons = {"": "", "frozen": t("冻结中不可回收", "frozen: cannot be reclaimed"), "over": "—"}
    return (
        Cell(number, t("来自 VQ260701-0038", "from VQ260701-0038"), "#r"),
        t(*name),
        yuan(granted),
        yuan(issued),
        Cell(yuan(left)),
        Badge(kind, words[kind], "arrow-back-up" if kind == "end" else ""),  # type: ignore[arg-type]
        Cell("2026-12-31", t("剩 38 天", "38 days left")),
        [Action(t("回收", "Reclaim"), "#a", reason=reasons[why]), Action(t("详情", "Details"), "#d")],
    )


def _panels() -> dict[str, object]:
    return {
        "facts": (
            Fact(
                t("产品", "Products"), t("云服务器、数据库、对象存储（3 类）", "Servers, databases, object storage (3)")
            ),
            Fact(t("来源", "Source"), t("政策 P-2026-14", "Policy P-2026-14"), href="#p"),
            Fact(t("电话", "Phone"), "139 **** 4471", reveal_href="/reveal/"),
            Fact(t("最小订单额", "Least order"), yuan("10000")),
        ),
        "nodes": _nodes(),
        "confirm": _confirm(),
        "choices": (
            Choice(
                "pass",
                t("通过", "Approve"),
                t("报备生效，保护至 12-08 24:00", "Takes effect, protected to 12-08 24:00"),
            ),
            Choice(
                "back",
                t("退回补充", "Return"),
                t("伙伴可改被点名的字段", "The partner may change the named fields"),
                checked=True,
            ),
            Choice("no", t("不通过", "Reject"), t("须选理由；伙伴可再次提交", "Needs a reason; may be filed again")),
        ),
        "errors": (
            FieldError(
                t("少 1 位：数电票号码为 20 位，已输入 19 位", "1 digit short: 20 are needed, 19 given"),
                "I-165",
                "invoice",
            ),
        ),
        "options": (Option("a", t("云服务器、数据库", "Servers, databases")), Option("b", t("全部", "All"))),
        "payload": '{\n  "quota_id": "VQ260701-0038",\n  "face_value": "7700.00"\n}',
    }


def _nodes() -> tuple[Node, ...]:
    def part(label: str, amount: str, depth: int, colour: int, note: str = "") -> Node:
        return Node(label, yuan(amount), depth, note, (Segment(label, yuan(amount).minor, colour),))

    return (
        Node(t("示例云发放", "Granted by Demo Cloud"), yuan("500000"), note="2026-07-01", strong=True),
        part(t("本公司留存", "Kept here"), "82000", 1, 2, t("未发放", "not issued")),
        Node(t("发给直签客户", "To own customers"), yuan("68000"), 1, t("11 家", "11")),
        part(t("客户未用", "Not spent"), "21500", 2, 3),
        part(t("客户已用", "Spent"), "46500", 2, 1),
        part(t("转给云经销商", "To resellers"), "338000", 1, 5, t("7 家", "7")),
        part(t("退回示例云", "Returned"), "12000", 1, 4, t("09-30 部分到期", "09-30, expired in part")),
    )


def _confirm() -> Confirm:
    names = (t("澄石科技", "Chengshi Tech"), t("南屏网络", "Nanping Networks"), t("云杉数字", "Yunshan Digital"))
    sums = (yuan("30000"), yuan("18000"), yuan("6000"))
    return Confirm(
        question=t("批量回收 3 笔额度？", "Reclaim 3 quotas?"),
        effect=t(
            "整笔余额 ¥54,000.00 退回 VQ260701-0038，不能只收一部分，也不能撤销。",
            "The whole ¥54,000.00 returns to VQ260701-0038; not in part, and not to be undone.",
        ),
        action="/gallery/",
        button=t("回收 ¥54,000.00", "Reclaim ¥54,000.00"),
        rows=tuple(zip(names, sums, strict=True)),
        total=Money.total(sums, "CNY"),
        bullets=(
            t("已发给客户的券不受影响", "Vouchers of customers are not affected"),
            t("三家会收到通知，看不到已回收的额度", "All three are told and no longer see the quota"),
        ),
        code_sent_to="138 **** 2205",
        code_send_action="/gallery/",
        cancel_href="#list",
    )
