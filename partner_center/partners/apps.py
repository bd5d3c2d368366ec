from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partner_center.partners"
    label = "partners"
