"""The commands as data: which module runs each, what for, and what has to be set up before.

A command's module has `configure(parser)` and `run(options) -> exit code`. The worker's two commands live with the jobs
and are only named here: entrypoints do not import each other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One row of the table."""

    module: str
    zh: str
    en: str
    django: bool = True
    as_owner: bool = False


_HERE = "partner_center.entrypoints.cli"
_JOBS = "partner_center.entrypoints.jobs"

COMMANDS: dict[str, Command] = {
    "prepare": Command(
        f"{_HERE}.prepare",
        "迁移、授权，并按需装入演示数据",
        "Migrate, grant, and load the demo where wanted",
        as_owner=True,
    ),
    "migrate": Command(
        f"{_HERE}.migrate", "以属主身份迁移数据库并授权", "Migrate as the owner, then grant", as_owner=True
    ),
    "grant": Command(
        f"{_HERE}.grant", "重新授予应用角色的权限", "Grant the application's role what it needs", as_owner=True
    ),
    "load-demo": Command(f"{_HERE}.load_demo", "装入演示数据（一次）", "Load the demo world, once"),
    "demo-credentials": Command(f"{_HERE}.demo_credentials", "演示账号", "The demo's sign-ins"),
    "demo-smtp": Command(f"{_HERE}.demo_smtp", "演示用邮件服务器", "The demo's mail server", django=False),
    "database-url": Command(f"{_HERE}.database_url", "数据库地址", "The database's address", django=False),
    "worker": Command(f"{_JOBS}.run_worker", "运行后台进程", "Run the worker: queue, schedule, sequencer, reactions"),
    "run-due": Command(f"{_JOBS}.run_due", "立即办理到期事务", "Do now all that is due"),
    "verify-ledger": Command(f"{_HERE}.verify_ledger", "核验账本与封印", "Verify the ledger and its seals"),
    "seal": Command(f"{_HERE}.seal", "封印已结束的小时", "Seal the hours that are over"),
    "export-transfers": Command(
        f"{_HERE}.export_transfers", "导出转账供离线核验", "Export transfers for verification elsewhere"
    ),
    "rules": Command(f"{_HERE}.rules", "规则覆盖情况", "Which rules are done, and which tests name them", django=False),
    "make-key": Command(f"{_HERE}.make_key", "为用户创建访问密钥", "Make an access key for a user"),
    "grant-quota": Command(f"{_HERE}.grant_quota", "向合作伙伴发放额度", "Grant a partner quota"),
    "freeze-quota": Command(f"{_HERE}.freeze_quota", "冻结额度", "Freeze a quota"),
    "unfreeze-quota": Command(f"{_HERE}.unfreeze_quota", "解冻额度", "Unfreeze a quota"),
    "invalidate-quota": Command(f"{_HERE}.invalidate_quota", "停用额度", "Take a quota out of use for good"),
    "reclaim": Command(f"{_HERE}.reclaim", "回收代金券", "Reclaim vouchers"),
    "open-partner": Command(f"{_HERE}.open_partner", "开通合作伙伴账号", "Open a partner's account"),
    "open-customer": Command(f"{_HERE}.open_customer", "开通客户账号", "Open a customer's account"),
    "link-reseller": Command(
        f"{_HERE}.link_reseller", "将云经销商归到总经销商名下", "Put a reseller under its distributor"
    ),
    "associate": Command(f"{_HERE}.associate", "后台关联客户", "Associate a customer with a partner"),
    "switch-type": Command(f"{_HERE}.switch_type", "切换客户的关联类型", "Switch a customer's association type"),
    "reverse-transfer": Command(
        f"{_HERE}.reverse_transfer", "双人复核冲正转账", "Reverse a transfer, with a second person"
    ),
}
