"""What happens by itself: a resolved ticket closes, and files of tickets long over are deleted."""

from __future__ import annotations

from datetime import timedelta

from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.policy.queries import pack
from partner_center.support import files, queries
from partner_center.support.actions.writing import about, keep, move


@action
def close_due(actor: Actor, *, limit: int = 200) -> int:
    """Close what was resolved and whose opener wrote nothing more in time. Returns how many.

    Rules:   L-251.
    Records: ticket.closed
    """
    rows = queries.lock_closing(actor, limit)
    for row in rows:
        move(actor, row, "close")
        row.closed_at = actor.at
        keep(actor, row)
        record(actor, "ticket.closed", **about(row), number=row.number, by="time")
    return len(rows)


@action
def forget_files(actor: Actor, *, site: str, limit: int = 200) -> int:
    """Delete files of a site's tickets that ended so long ago that they are kept no longer; their rows stay.

    Rules:   L-251.
    Records: ticket.files_deleted
    """
    days = pack(site, actor.at).number("support.files_kept_days")
    rows = queries.hold_outlived(actor, site, actor.at - timedelta(days=days), limit)
    for row in rows:
        files.drop(row.pk)
        row.deleted_at = actor.at
        row.save(update_fields=["deleted_at"])
    if rows:
        record(actor, "ticket.files_deleted", subject_kind="ticket", subject_id=rows[0].ticket_id, count=len(rows))
    return len(rows)
