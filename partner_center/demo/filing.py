"""Partners issue from files: some with bad rows, one undone, one given up, one that waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from partner_center.demo.world import SEED, World
from partner_center.vouchers import actions as vouchers
from partner_center.vouchers.queries import RowIn
from partner_center.vouchers.rules import Cells


@dataclass(frozen=True)
class File:
    """A file, so many days ago: out of which quota, how many rows, and what becomes of it."""

    quota: str
    holder: str
    days_ago: float
    name: str
    rows: int
    faces: tuple[str, ...]
    bad: int = 0
    then: str = "issue"


FILES = (
    File("c", "haichuan", 120, "行业客户三季度.xlsx", 30, ("100", "200"), bad=3),
    File("f", "qingwu", 96, "扩容礼券.csv", 12, ("50",)),
    File("h.chengshi", "chengshi", 61, "渠道续费名单.xlsx", 20, ("300", "500")),
    File("k", "qingwu", 38, "年末回馈-第一批.xlsx", 26, ("100", "128.8", "200"), bad=2),
    File("h", "jianglan", 33, "直签客户迁移补贴.xlsx", 16, ("300",)),
    File("k", "qingwu", 17, "试用券（名单有误）.xlsx", 10, ("50",), then="undo"),
    File("j", "jianglan", 9, "冲刺名单-草稿.xlsx", 14, ("200",), bad=5, then="discard"),
    File("h.qiyun", "qiyun", 6, "老客户关怀.csv", 9, ("100",)),
    File("k", "qingwu", 0.3, "年末回馈-第二批.xlsx", 22, ("100", "200"), bad=3, then="wait"),
)
BAD = (("mingxin_retail2", "100"), ("", "100"), ("{account}", "99.999"), ("{account}", "100", "", "", "2199-12-31"))


def plan(world: World) -> None:
    """Each file on its day; it has dice of its own, so that the rest of the world falls as it does without it."""
    dice = Random(SEED)
    for file in FILES:
        closing = world.midnight(world.now - timedelta(days=file.days_ago))
        at = closing - timedelta(hours=dice.randrange(7, 15), minutes=dice.randrange(60))
        world.plan(min(at, world.now - timedelta(hours=1)), partial(upload, file=file, dice=dice))


def upload(world: World, at: datetime, file: File, dice: Random) -> None:
    """The file is uploaded, and issued a few minutes later, or whatever becomes of it."""
    actor = world.act(file.holder, at)
    made = vouchers.upload_batch(
        actor, quota_id=world.quotas[file.quota], rows=_rows(world, at, file, dice), file_name=file.name
    )
    if file.then == "discard":
        vouchers.discard_batch(actor, batch_id=made.batch_id)
    elif file.then != "wait" and made.bad < made.rows:
        vouchers.issue_batch(world.act(file.holder, at + timedelta(minutes=4)), batch_id=made.batch_id)
    if file.then == "undo":
        later = world.act(file.holder, at + timedelta(minutes=41))
        vouchers.undo_batch(later, batch_id=made.batch_id, remark="名单有误")


def _rows(world: World, at: datetime, file: File, dice: Random) -> Sequence[RowIn]:
    accounts = [each.account for each in world.clients_of(file.holder, at)]
    named = [accounts[place % len(accounts)] for place in range(file.rows)]
    cells = [Cells(account, dice.choice(file.faces), remark=file.name.rpartition(".")[0]) for account in named]
    for number in range(file.bad):
        bad = [text.replace("{account}", accounts[0]) for text in BAD[number % len(BAD)]]
        cells.insert(dice.randrange(len(cells)), Cells(*bad))
    return [RowIn(number, each) for number, each in enumerate(cells, 2)]
