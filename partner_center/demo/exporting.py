"""Lists that were asked for as files: the past ones are deleted by now, today's wait for the worker."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from partner_center.customers.queries import association_counts
from partner_center.demo.world import World
from partner_center.exports import actions as exports
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import to_json
from partner_center.vouchers import queries as vouchers

KEPT = timedelta(days=7)
# A line of such a file takes about so many bytes; the workbook around it so many.
PER_ROW, AROUND = 74, 6_300
Filter = Any
ALL: Mapping[str, Filter] = {
    "vouchers": vouchers.VoucherFilter(),
    "voucher_records": vouchers.RecordFilter(),
    "quota_records": vouchers.QuotaRecordFilter(),
    "quotas": vouchers.QuotaFilter(),
    "issued_quotas": vouchers.QuotaFilter(tab="passed_on"),
    "vendor_quotas": vouchers.QuotaFilter(),
    "customers": {"text": "", "type": None, "tab": "own"},
    "audit": {"name": "", "text": ""},
}
COUNTED: Mapping[str, Callable[[Actor, Filter], int]] = {
    "vouchers": vouchers.vouchers_count,
    "voucher_records": lambda actor, wanted: sum(e.lines for e in vouchers.record_tallies(actor, wanted).values()),
    "quota_records": lambda actor, wanted: sum(e.lines for e in vouchers.quota_record_tallies(actor, wanted).values()),
    "quotas": vouchers.quotas_count,
    "issued_quotas": vouchers.quotas_count,
    "vendor_quotas": vouchers.quotas_count,
    "customers": lambda actor, wanted: sum(association_counts(actor).values()),
    "audit": lambda actor, wanted: 300,
}


@dataclass(frozen=True)
class Wish:
    """Somebody's export so many days ago; `narrowed` is the filter, its address and its words in zh and en."""

    who: str
    kind: str
    days: float = 0
    narrowed: tuple[Filter, dict[str, str], tuple[str, str], tuple[str, str]] | None = None
    masked: bool = True
    file_format: str = "xlsx"
    fails: bool = False


USABLE = (
    vouchers.VoucherFilter(states=("usable",)),
    {"state": "usable"},
    ("状态", "可使用"),
    ("State", "Usable"),
)
ISSUES = (
    vouchers.RecordFilter(operation_types=(1,)),
    {"type": "1"},
    ("操作", "发放"),
    ("What was done", "Issue"),
)
VALID = (vouchers.QuotaFilter(states=("normal",)), {"state": "normal"}, ("状态", "有效"), ("State", "Valid"))
PAST = (
    Wish("jiang.yu", "voucher_records", 92),
    Wish("tang.xu", "voucher_records", 61, ISSUES),
    Wish("tang.xu", "issued_quotas", 33, file_format="csv"),
    Wish("jiang.yu", "customers", 31),
    Wish("jiang.yu", "customers", 30, masked=False),
    Wish("tang.xu", "quota_records", 19, fails=True),
    Wish("tang.xu", "quota_records", 12),
    Wish("qingwu", "vouchers", 64, USABLE),
    Wish("qingwu", "voucher_records", 32),
    Wish("qingwu", "vouchers", 11, USABLE, file_format="csv"),
    Wish("lin.qiao", "vendor_quotas", 58),
    Wish("lin.qiao", "vendor_quotas", 27, VALID),
    Wish("song.wei", "audit", 15),
)
TODAY = (
    Wish("jiang.yu", "voucher_records"),
    Wish("tang.xu", "quotas"),
    Wish("qingwu", "vouchers", narrowed=USABLE),
    Wish("qingwu", "customers", file_format="csv"),
    Wish("lin.qiao", "vendor_quotas"),
)


def plan(world: World) -> None:
    """Now and then somebody asks for a list as a file."""
    for wish in PAST:
        world.plan(world.working_hour(wish.days), partial(past, wish=wish))


def past(world: World, at: datetime, wish: Wish) -> None:
    """One that was made within a minute, or could not be, and whose file is deleted by now."""
    row = ask(world, at, wish)
    worker = world.system("S-254: an export", at + timedelta(seconds=40))
    for _ in range(4 if wish.fails else 1):
        exports.start(worker, export_id=row)
    if wish.fails:
        return
    rows = _rows(world.act(wish.who, at), wish)
    digest = hashlib.sha256(row.bytes).hexdigest()
    exports.finish(worker, export_id=row, attempt=1, rows=rows, size=AROUND + PER_ROW * rows, sha256=digest)
    world.plan(worker.at + KEPT, partial(_over, export_id=row))


def _over(world: World, at: datetime, export_id: Any) -> None:
    exports.expire(world.system("S-254: exports are kept for some days", at), export_ids=[export_id])


def today(world: World) -> None:
    """These are made by the worker as soon as it runs."""
    for turn, wish in enumerate(TODAY):
        ask(world, world.now - timedelta(minutes=9 - turn), wish)


def ask(world: World, at: datetime, wish: Wish) -> Any:
    """Ask as the page would."""
    actor = world.act(wish.who, at)
    wanted, address, zh, en = wish.narrowed or (ALL[wish.kind], {}, None, None)
    words = {"zh": [[*zh, False]] if zh else [], "en": [[*en, False]] if en else []}
    return exports.request(
        actor,
        kind=wish.kind,
        parameters={"filter": to_json(wanted), "words": words, "address": address},
        expected_rows=_rows(actor, wish),
        masked=wish.masked,
        file_format=wish.file_format,
    ).export_id


def _rows(actor: Actor, wish: Wish) -> int:
    with seated(actor):
        return COUNTED[wish.kind](actor, wish.narrowed[0] if wish.narrowed else ALL[wish.kind])
