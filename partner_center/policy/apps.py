from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "partner_center.policy"
    label = "policy"
