from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    name = "partner_center.relationships"
    label = "relationships"
