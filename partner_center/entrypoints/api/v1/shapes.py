"""From what the apps return to what the API's contract says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from partner_center.access.queries import Name
from partner_center.entrypoints.api.v1 import checkout_schemas, schemas
from partner_center.entrypoints.refusals import Language, of_rule, shown
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Outcome
from partner_center.vouchers.actions import Issued
from partner_center.vouchers.queries import BatchLine, BatchRow, QuotaRow, Quoted, QuotedVoucher, VoucherRow
from partner_center.vouchers.queries.checkout import AuthorisationView
from partner_center.vouchers.queries.own import MyVoucher
from partner_center.vouchers.rules import CASH_KIND, Scope


def party(name: Name | None) -> schemas.Party | None:
    return schemas.Party(id=name.id, number=name.number, name_zh=name.zh, name_en=name.en) if name else None


def scope(limits: Scope) -> schemas.ScopeOut:
    told: dict[str, Any] = {
        name: value if isinstance(value, list | bool) else _share(value) for name, value in limits.columns().items()
    }
    return schemas.ScopeOut(**told)


def _share(value: Decimal) -> str:
    return f"{value.normalize():f}"


def kind(number: int) -> schemas.Kind:
    return "cash" if number == CASH_KIND else "voucher"


def quota(row: QuotaRow) -> schemas.QuotaOut:
    return schemas.QuotaOut(
        id=row.id,
        number=row.number,
        kind=kind(row.kind),
        partner=party(row.partner),
        parent_id=row.parent_id,
        value=money(row.value),
        balance=money(row.balance),
        given_back=money(row.given_back),
        starts_at=row.window.start,
        ends_at=row.window.end,
        state=row.state,
        scope=scope(row.scope),
        customer_ids=list(row.customer_ids),
        purpose=row.purpose,
        granted_at=row.granted_at,
    )


def voucher(row: VoucherRow | MyVoucher) -> schemas.VoucherOut:
    """A voucher; its customer is named to others than the customer itself."""
    return schemas.VoucherOut(
        id=row.id,
        number=row.number,
        kind=kind(row.kind),
        partner=party(row.partner),
        customer_id=getattr(row, "customer_id", None),
        face_value=money(row.face),
        balance=money(row.balance),
        min_order=money(row.min_order),
        starts_at=row.window.start,
        ends_at=row.window.end,
        scope=scope(row.scope),
        state=row.state,
        is_frozen=row.is_frozen,
        frozen_reason=row.frozen_reason,
        lock_order=row.lock_order,
        issued_at=row.issued_at,
    )


def unmet(outcome: Outcome, language: Language) -> checkout_schemas.Unmet:
    told = of_rule(outcome, language)
    return checkout_schemas.Unmet(
        rule=told.rule,
        code=told.code,
        message=told.message,
        remedy=told.remedy,
        version=told.version,
        required=_value(outcome, "required", language),
        actual=_value(outcome, "actual", language),
    )


def _value(outcome: Outcome, name: str, language: Language) -> str | None:
    value = outcome.values.get(name)
    return None if value is None else shown(value, language)


def quote(found: Quoted, language: Language) -> checkout_schemas.QuoteOut:
    return checkout_schemas.QuoteOut(
        order=money(found.order),
        pays=money(found.pays),
        left=money(found.left),
        vouchers=[quoted(each, language) for each in found.vouchers],
    )


def quoted(one: QuotedVoucher, language: Language) -> checkout_schemas.QuotedVoucherOut:
    return checkout_schemas.QuotedVoucherOut(
        id=one.id,
        number=one.number,
        kind=kind(one.kind),
        partner=party(one.partner),
        usable=one.usable,
        pays=money(one.pays),
        balance=money(one.balance),
        min_order=money(one.min_order),
        starts_at=one.window.start,
        ends_at=one.window.end,
        scope=scope(one.scope),
        unmet=[unmet(each, language) for each in one.unmet],
    )


def authorisation(found: AuthorisationView) -> checkout_schemas.AuthorisationOut:
    return checkout_schemas.AuthorisationOut(
        id=found.id,
        order_reference=found.order_reference,
        state=found.state,  # type: ignore[arg-type]
        order=money(found.order),
        held=money(found.held),
        parts=[checkout_schemas.AuthorisationPart(voucher=number, amount=money(paid)) for number, paid in found.parts],
        authorised_at=found.authorised_at,
        expires_at=found.expires_at,
        ended_at=found.ended_at,
    )


def money(amount: Money) -> schemas.MoneyOut:
    return schemas.MoneyOut.of(amount)


def issued(made: Issued) -> schemas.IssuedOut:
    return schemas.IssuedOut(
        vouchers=[
            schemas.IssuedVoucher(id=one.voucher_id, number=one.number, customer_id=one.customer_id)
            for one in made.vouchers
        ],
        not_issued=[
            schemas.NotIssued(customer_id=one.customer_id, rule=one.rule, code=one.code) for one in made.refused
        ],
        total=money(made.total),
    )


def batch(row: BatchRow) -> schemas.BatchOut:
    return schemas.BatchOut(
        id=row.id,
        number=row.number,
        quota_id=row.quota_id,
        name=row.file_name,
        state=row.state,  # type: ignore[arg-type]
        rows=row.rows,
        bad=row.bad,
        warned=row.warned,
        issued=row.issued,
        total=money(row.total),
        uploaded_at=row.uploaded_at,
        committed_at=row.committed_at,
        ended_at=row.ended_at,
    )


def batch_row(line: BatchLine, language: Language) -> schemas.BatchRowOut:
    def told(outcomes: tuple[Outcome, ...]) -> list[schemas.RowProblem]:
        found = (of_rule(each, language) for each in outcomes)
        return [
            schemas.RowProblem(field=p.field, rule=p.rule, code=p.code, message=p.message, remedy=p.remedy)
            for p in found
        ]

    return schemas.BatchRowOut(
        number=line.number,
        customer=line.cells.customer,
        face_value=line.cells.face_value,
        customer_id=line.customer.id if line.customer else None,
        voucher_id=line.voucher_id,
        status=line.state,  # type: ignore[arg-type]
        problems=told(line.problems),
        warnings=told(line.warnings),
    )
