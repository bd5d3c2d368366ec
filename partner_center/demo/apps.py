from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "partner_center.demo"
    label = "demo"
