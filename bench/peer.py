"""One transfer by another ledger, run by that ledger's own Python: `peer.py hordak postgresql://…`.

Nothing of ours is imported here. Told a number of seconds on a line, it transfers for so long and answers how often.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

APPS = {
    "hordak": ["mptt", "hordak"],
    "django-ledger": ["django.contrib.sessions", "django.contrib.messages", "treebeard", "django_ledger"],
}


def set_up(name: str, address: str) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    at = urlsplit(address)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": at.path[1:],
        "USER": at.username,
        "PASSWORD": at.password,
        "HOST": at.hostname,
        "PORT": at.port,
    }
    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": database},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *APPS[name]],
        DEFAULT_CURRENCY="EUR",
        CURRENCIES=["EUR"],
    )
    django.setup()
    call_command("migrate", verbosity=0)


def hordak() -> Callable[[], Any]:
    from django.db import transaction
    from hordak.models import Account
    from moneyed import Money

    source, target = (
        Account.objects.create(name=name, type="AS", code=code, currencies=["EUR"])
        for name, code in (("source", "1"), ("target", "2"))
    )

    def go() -> None:
        with transaction.atomic():
            source.transfer_to(target, Money(1, "EUR"))

    return go


def django_ledger() -> Callable[[], Any]:
    from django.contrib.auth import get_user_model
    from django_ledger.models import EntityModel

    admin = get_user_model().objects.create_user("bench")
    entity = EntityModel.create_entity(name="bench", use_accrual_method=True, admin=admin, fy_start_month=1)
    entity.create_chart_of_accounts(coa_name="bench", commit=True, assign_as_default=True)
    entity.populate_default_coa(activate_accounts=True)
    ledger = entity.create_ledger(name="bench", posted=True)
    accounts = list(entity.get_default_coa_accounts().filter(role="asset_ca_cash")[:1])
    accounts += list(entity.get_default_coa_accounts().filter(role="asset_ca_recv")[:1])

    def go() -> None:
        lines = [
            {"account": account, "amount": 1, "tx_type": way, "description": ""}
            for account, way in zip(accounts, ("debit", "credit"), strict=True)
        ]
        ledger.commit_txs(je_timestamp=datetime.now(UTC), je_txs=lines, je_posted=True, je_ledger_model=ledger)

    return go


def main() -> None:
    name, address = sys.argv[1:]
    set_up(name, address)
    go = {"hordak": hordak, "django-ledger": django_ledger}[name]()
    go()
    print("ready", flush=True)
    for line in sys.stdin:
        many, until = 0, time.perf_counter() + float(line)
        while time.perf_counter() < until:
            go()
            many += 1
        print(many, flush=True)


if __name__ == "__main__":
    main()
