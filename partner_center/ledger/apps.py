from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "partner_center.ledger"
    label = "ledger"
