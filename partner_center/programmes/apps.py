from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "partner_center.programmes"
    label = "programmes"
