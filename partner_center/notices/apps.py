from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "partner_center.notices"
    label = "notices"
