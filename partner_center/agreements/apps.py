from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "partner_center.agreements"
    label = "agreements"
