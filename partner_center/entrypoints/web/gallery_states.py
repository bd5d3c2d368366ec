"""Sample states for the gallery: badges, rules, timeline, steps, jobs, deadlines."""

from __future__ import annotations

from datetime import datetime, timedelta

from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.view_models import Action, Badge, Event, Job, NowState, RuleView, Step


def t(zh: str, en: str) -> str:
    return local((zh, en))


def badges() -> tuple[tuple[Badge, str], ...]:
    return (
        (Badge("act", t("待我确认", "Waiting for me")), t("等我", "waits for me")),
        (Badge("wait", t("审核中", "In review")), t("等他人", "waits for others")),
        (Badge("man", t("可人工审核", "Manual review")), t("可申诉 / 人工", "not directly, but by review")),
        (Badge("ok", t("有效", "Valid")), t("成立", "valid, done")),
        (Badge("no", t("拦截", "Blocked")), t("拒绝 / 出错", "blocked, failed")),
        (Badge("frz", t("冻结", "Frozen")), t("冻结", "frozen")),
        (Badge("end", t("已失效", "Expired"), "clock-off"), t("了结", "over")),
        (Badge("est", t("预估", "Estimate")), t("估算 / 草稿", "estimate, draft")),
    )


def rules() -> tuple[RuleView, ...]:
    fix = Action(t("面值改为 7,700.00", "Set 7,700.00"), "#fix")
    return (
        RuleView(
            "S-377",
            t("面值 × 客户数不超过额度余额", "Face value × customers fits the balance"),
            "no",
            t("48,000.00 ＞ 46,200.00，差 1,800.00", "48,000.00 > 46,200.00, short by 1,800.00"),
            t("面值改为 7,700.00", "set 7,700.00"),
            fix,
        ),
        RuleView(
            "S-150",
            t("注册不超过 7 天", "Registered within 7 days"),
            "man",
            t("2026-09-02 注册，已 82 天", "registered 2026-09-02, 82 days ago"),
            t("提交人工审核报备", "file it for manual review"),
        ),
        RuleView(
            "S-221",
            t("提醒：券可能被自动收回", "Reminder: the voucher may be taken back"),
            "act",
            t("解除关联申请 11-20 提交，待客户确认", "Disassociation requested on 11-20, waiting for the customer"),
            t("可以继续发放", "you may still issue"),
        ),
        RuleView("S-362", t("额度状态正常", "The quota is in order"), "ok", t("有效", "valid")),
        RuleView("S-372", t("客户数不超过 10", "No more than 10 customers"), "ok", "6"),
        RuleView("S-160", t("没有欠票", "No owed invoices"), "na", t("顾问销售不适用", "does not apply to consulting")),
    )


def events() -> tuple[Event, ...]:
    return (
        Event(
            t("到期，未发放余额自动作废", "Expiry: what is not issued is lost"),
            "2026-12-31 24:00",
            "future",
            t(
                "之前 30、14、3 天各提醒一次；现在预计作废 168,300.00",
                "Reminders 30, 14 and 3 days before; 168,300.00 as of now",
            ),
        ),
        Event(
            t("重开 8,000.00 元专票并寄出", "Reissue the 8,000.00 invoice and send it"),
            t("今天 · 已 4 天", "today · 4 days"),
            "now",
            t("等 青梧数科 沈知夏", "Waiting for Qingwu Digital (Shen Zhixia)"),
            action=Action(t("填写新发票", "New invoice"), "#i", "primary"),
        ),
        Event(
            t("1 张审核不通过：种类不对", "1 refused: wrong kind"),
            "11-17 16:08",
            "bad",
            actor=t("韩雪（示例云财务）", "Han Xue (Demo Cloud finance)"),
        ),
        Event(
            t("转给澄石科技、南屏网络", "Passed on to 2 resellers"),
            "07-03 10:12",
            "done",
            effect="−218,000.00",
            actor=t("经办 唐栩", "by Tang Xu"),
        ),
        Event(
            t("示例云发放", "Granted by Demo Cloud"),
            "07-01 09:00",
            "done",
            effect="+500,000.00",
            actor=t("经办 顾言", "by Gu Yan"),
        ),
    )


def now_state() -> NowState:
    return NowState(
        "act",
        t("账单待你核对。", "The bill waits for your check."),
        t("你。", "you."),
        t("2026-11-25 周三 24:00（GMT+8）前。", "Wed 25 Nov 2026 24:00 (GMT+8)."),
        t("届时自动确认，之后不能反馈。", "auto-confirmed then, no dispute later."),
    )


def steps() -> tuple[Step, ...]:
    return (
        Step(t("激励产生", "Earned"), "2026-09", "done"),
        Step(t("对账确认", "Confirmed"), "10-22", "done"),
        Step(t("发票审核", "Invoice review"), t("进行中", "in progress"), "now"),
        Step(t("支付", "Payment"), t("最快 12-02", "12-02 at the earliest")),
        Step(t("到账", "Arrival"), t("最快 12-02", "12-02 at the earliest")),
    )


def jobs() -> tuple[Job, ...]:
    retry = (
        Action(t("下载结果文件", "Download the result"), "#f"),
        Action(t("只重试 3 行", "Retry only the 3 rows"), "#r"),
    )
    return (
        Job(
            t("导出 已发放代金券（214 条）", "Export of issued vouchers (214)"),
            Badge("wait", t("进行中", "Running"), "loader-2"),
            t("10:52 提交 · 已写 132 / 214 · 可离开此页", "Asked 10:52 · 132 of 214 · you can leave this page"),
            132,
            214,
        ),
        Job(
            t("批量发券 2026-11-20（40 行）", "Bulk issue 2026-11-20 (40 rows)"),
            Badge("ok", t("已完成", "Done")),
            t("37 成功 · 3 失败", "37 done · 3 failed"),
            actions=retry,
        ),
    )


def dues(now: datetime) -> tuple[tuple[datetime, int | None], ...]:
    """Overdue, today, in three working days, later."""
    return (
        (now - timedelta(days=2, hours=12), None),
        (now + timedelta(hours=7, minutes=12), None),
        (now + timedelta(days=2, hours=13, minutes=12), 3),
        (now + timedelta(days=38, hours=13, minutes=12), None),
    )
