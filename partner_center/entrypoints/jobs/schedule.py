"""What runs when, as data. Every verb does all that is due at the given business time, however often it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from partner_center.entrypoints.jobs import due


@dataclass(frozen=True)
class Entry:
    """A verb that runs by itself. `cron` is in UTC: 19:00 is three in the morning in China."""

    name: str
    cron: str
    verb: Callable[[datetime], int]
    zh: str
    en: str


SCHEDULE: tuple[Entry, ...] = (
    Entry(
        "expire",
        "*/5 * * * *",
        due.expire_vouchers_and_quota,
        "代金券与额度到期：余额退回额度，额度失效",
        "Vouchers and quota that end: what is left returns to the quota, the quota lapses",
    ),
    Entry(
        "time-out-authorisations",
        "* * * * *",
        due.time_out_authorisations,
        "结算预占超时：金额退回代金券",
        "Checkout authorisations that time out: the value returns to the vouchers",
    ),
    Entry(
        "expire-exports",
        "25 * * * *",
        due.expire_exports,
        "删除过期的导出文件",
        "Delete the files of exports whose days are over",
    ),
    Entry(
        "carry-on-batches",
        "* * * * *",
        due.carry_on_batches,
        "继续发放中断的批量文件，未用完的预留金额退回额度",
        "Go on with long files of vouchers; what is left of their hold returns to the quota",
    ),
    Entry(
        "close-tickets",
        "35 * * * *",
        due.close_tickets,
        "已解决的工单到期自动关闭",
        "Close tickets that were resolved some days ago",
    ),
    Entry(
        "forget-ticket-files",
        "50 19 * * *",
        due.forget_ticket_files,
        "删除超过保存期的工单附件",
        "Delete attachments of tickets that ended long ago",
    ),
    Entry(
        "tell-what-ends",
        "0 1 * * *",
        due.tell_what_ends,
        "提前告知即将到期的额度、代金券与待签协议",
        "Tell in time of quota, vouchers and unsigned agreements whose day comes",
    ),
    Entry(
        "send-digests",
        "30 1 * * *",
        due.send_digests,
        "发送每日消息汇总邮件",
        "Send the daily mails that collect messages",
    ),
    Entry(
        "seal-ledger",
        "10 * * * *",
        due.seal_ledger,
        "封印上一小时的转账",
        "Seal the transfers of the hour that is over",
    ),
    Entry(
        "verify-ledger",
        "30 19 * * *",
        due.verify_ledger,
        "核验账本与封印",
        "Verify the ledger and its seals",
    ),
    Entry(
        "fold-tally",
        "*/10 * * * *",
        due.fold_tally,
        "合并代金券计数",
        "Put the lines of the vouchers' tally together",
    ),
    Entry(
        "escalate-reviews",
        "*/15 * * * *",
        due.escalate_reviews,
        "审核到期后的第一个工作日：升级给上一级",
        "Reviews on the working day after their term: handed up",
    ),
    Entry(
        "expire-reviews",
        "*/15 * * * *",
        due.expire_reviews,
        "没有按时补充的审核和没有确认的入驻申请：自动关闭",
        "Reviews not supplemented in time, and applications nobody confirmed: closed",
    ),
    Entry(
        "sweep-throttle",
        "20 19 * * *",
        due.sweep_throttle,
        "清理过期的计次",
        "Remove counters whose time is over",
    ),
)
