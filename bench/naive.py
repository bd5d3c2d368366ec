"""What one would write first: rows, objects and a transaction each. The anchor of what set-based writing gains."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, models, transaction

from bench.database import APP_ROLE, Place, point_at
from partner_center.kernel.ids import new_id


class Purse(models.Model):
    """An account with its balance."""

    id = models.UUIDField(primary_key=True, default=new_id)
    balance = models.BigIntegerField(default=0)

    class Meta:
        app_label = "bench"


class Voucher(models.Model):
    """A voucher with the same indexes as the product's."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    quota = models.ForeignKey(Purse, on_delete=models.PROTECT)
    customer_id = models.UUIDField()
    face_minor = models.BigIntegerField()
    balance = models.BigIntegerField()
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id", "issued_at"], name="bench_customer")
        ]


class Transfer(models.Model):
    """One movement of value."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "bench"


class Note(models.Model):
    """A line of a log: of the voucher's own, or of the record of everything."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "bench"


class Entry(models.Model):
    """One side of a movement."""

    transfer_id = models.UUIDField(db_index=True)
    account_id = models.UUIDField(db_index=True)
    amount_minor = models.BigIntegerField()

    class Meta:
        app_label = "bench"


MODELS = (Purse, Voucher, Transfer, Note, Entry)


def make_tables(place: Place) -> None:
    point_at(place.owner)
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    with connection.cursor() as cursor:
        for model in MODELS:
            cursor.execute(f"GRANT ALL ON {model._meta.db_table} TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
    point_at(place.app)


def issue(quota_id: UUID, customer_id: UUID, face_minor: int) -> None:
    """A voucher, in a transaction of its own."""
    with transaction.atomic():
        quota = Purse.objects.select_for_update().get(pk=quota_id)
        if quota.balance < face_minor:
            raise ValueError("not enough")
        quota.balance -= face_minor
        quota.save()
        id_ = new_id()
        Voucher.objects.create(
            id=id_, number=id_.hex[:24], quota=quota, customer_id=customer_id, face_minor=face_minor, balance=face_minor
        )
        _entries("issue", quota.pk, id_, face_minor)
        Note.objects.create(name="issued", subject_id=id_, amount_minor=face_minor)
        Note.objects.create(name="event", subject_id=quota.pk, amount_minor=face_minor)


def transfer(source_id: UUID, target_id: UUID, amount: int) -> None:
    with transaction.atomic():
        both: dict[Any, Purse] = {
            each.pk: each
            for each in Purse.objects.select_for_update().filter(pk__in=[source_id, target_id]).order_by("pk")
        }
        if both[source_id].balance < amount:
            raise ValueError("not enough")
        both[source_id].balance -= amount
        both[target_id].balance += amount
        both[source_id].save()
        both[target_id].save()
        _entries("move", source_id, target_id, amount)


def _entries(kind: str, source_id: UUID, target_id: UUID, amount: int) -> None:
    transfer_id = Transfer.objects.create(kind=kind).pk
    Entry.objects.create(transfer_id=transfer_id, account_id=source_id, amount_minor=-amount)
    Entry.objects.create(transfer_id=transfer_id, account_id=target_id, amount_minor=amount)
