"""Mass issues: rows or a file, looked at first, then issued; also undone while nothing of them is touched."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from partner_center.access.permissions import Can, require
from partner_center.entrypoints.api.v1 import schemas, shapes
from partner_center.entrypoints.api.v1.callers import caller
from partner_center.entrypoints.api.v1.problems import language_of
from partner_center.entrypoints.api.v1.schemas import Cursor, Key, Limit, ProblemOut
from partner_center.entrypoints.sheets import BadFile, cells
from partner_center.entrypoints.sheets.uploads import limits_of, rows_in
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.vouchers import actions, queries

router = Router(tags=["batches"])
of_quota = Router(tags=["batches"])
NO = {(401, 403, 404, 409, 422, 429): ProblemOut}
State = Literal["checked", "issuing", "issued", "discarded", "undone"]
Row = Literal["ready", "refused", "issued", "undone", "warned"]
Place = Annotated[int, Query(ge=0, le=10_000_000)]
_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            }
        },
    }
}


@of_quota.post("/{quota_id}/batches", response={201: schemas.BatchOut, **NO}, operation_id="upload_batch")
def upload(request: HttpRequest, quota_id: UUID, body: schemas.BatchIn, key: Key) -> Status[schemas.BatchOut]:
    """Keep rows of vouchers and say what issuing them would come to; nothing is issued yet."""
    actor = caller(request)
    most = limits_of(actor).most_rows
    if len(body.rows) > most:
        raise BadFile("file_too_long", found=len(body.rows), most=most)
    rows = tuple(queries.RowIn(number, cells(row.model_dump())) for number, row in enumerate(body.rows, 1))
    made = actions.upload_batch(
        actor,
        quota_id=quota_id,
        rows=rows,
        file_name=body.name,
        service_types=tuple(body.service_types),
        product_codes=tuple(body.product_codes),
        key=key,
    )
    return Status(201, _one(actor, made.batch_id))


@of_quota.post(
    "/{quota_id}/batches/file",
    response={201: schemas.BatchOut, **NO},
    operation_id="upload_batch_file",
    openapi_extra=_FILE,
)
def upload_file(request: HttpRequest, quota_id: UUID, key: Key) -> Status[schemas.BatchOut]:
    """The same with the template filled in: an xlsx or csv as the part `file` of a form."""
    actor = caller(request)
    file = request.FILES.get("file")
    rows, name = rows_in(request, actor), str(getattr(file, "name", "") or "")
    made = actions.upload_batch(actor, quota_id=quota_id, rows=rows, file_name=name, key=key)
    return Status(201, _one(actor, made.batch_id))


@router.get("", response={200: schemas.BatchPage, **NO}, operation_id="batches")
def several(
    request: HttpRequest,
    state: Annotated[State | None, Query()] = None,
    quota_id: Annotated[UUID | None, Query()] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Limit = 50,
) -> schemas.BatchPage:
    """The partner's batches, newest first."""
    actor = caller(request)
    require(actor, Can.VOUCHER_ISSUE)
    wanted = queries.BatchFilter((state,) if state else (), quota_id=quota_id)
    with seated(actor):
        found = queries.batches(actor, wanted, cursor, limit)
    return schemas.BatchPage(items=[shapes.batch(row) for row in found.rows], next=found.next)


@router.get("/{batch_id}", response={200: schemas.BatchOut, **NO}, operation_id="batch")
def one(request: HttpRequest, batch_id: UUID) -> schemas.BatchOut:
    """One batch, and how far it has come."""
    actor = caller(request)
    require(actor, Can.VOUCHER_ISSUE)
    return _one(actor, batch_id)


@router.get("/{batch_id}/rows", response={200: schemas.BatchRowPage, **NO}, operation_id="batch_rows")
def rows(
    request: HttpRequest,
    batch_id: UUID,
    status: Annotated[Row | None, Query()] = None,
    after: Place = 0,
    limit: Limit = 50,
) -> schemas.BatchRowPage:
    """Its rows in the file's order, each with its one status and every rule it breaks."""
    actor, language = caller(request), language_of(request)
    require(actor, Can.VOUCHER_ISSUE)
    with seated(actor):
        found = queries.batch_lines(actor, batch_id, status=status or "", after=after, limit=limit)
    items = [shapes.batch_row(line, language) for line in found[:limit]]
    return schemas.BatchRowPage(items=items, next=items[-1].number if len(found) > limit else None)


@router.post("/{batch_id}/issue", response={200: schemas.BatchOut, **NO}, operation_id="issue_batch")
def issue(request: HttpRequest, batch_id: UUID, key: Key) -> schemas.BatchOut:
    """Issue its good rows; a long one goes on by itself and is `issuing` until then."""
    actor = caller(request)
    actions.issue_batch(actor, batch_id=batch_id, key=key)
    return _one(actor, batch_id)


@router.post("/{batch_id}/discard", response={200: schemas.BatchOut, **NO}, operation_id="discard_batch")
def discard(request: HttpRequest, batch_id: UUID, key: Key) -> schemas.BatchOut:
    """Give it up before it is issued."""
    actor = caller(request)
    actions.discard_batch(actor, batch_id=batch_id, key=key)
    return _one(actor, batch_id)


@router.post("/{batch_id}/undo", response={200: schemas.BatchOut, **NO}, operation_id="undo_batch")
def undo(request: HttpRequest, batch_id: UUID, body: schemas.ReclaimIn, key: Key) -> schemas.BatchOut:
    """Take every voucher of it back at once, while none of them is touched."""
    actor = caller(request)
    actions.undo_batch(actor, batch_id=batch_id, remark=body.remark, key=key)
    return _one(actor, batch_id)


def _one(actor: Actor, batch_id: UUID) -> schemas.BatchOut:
    with seated(actor):
        return shapes.batch(queries.batch_detail(actor, batch_id))
