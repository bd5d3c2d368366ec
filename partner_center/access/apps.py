from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "partner_center.access"
    label = "access"
