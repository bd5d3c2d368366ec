from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "partner_center.exports"
    label = "exports"
