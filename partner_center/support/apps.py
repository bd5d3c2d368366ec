from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "partner_center.support"
    label = "support"
