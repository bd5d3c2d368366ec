from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "partner_center.entrypoints.web"
    label = "web"
