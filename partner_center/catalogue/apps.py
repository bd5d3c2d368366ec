from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "partner_center.catalogue"
    label = "catalogue"
