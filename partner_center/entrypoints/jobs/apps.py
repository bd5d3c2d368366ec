from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "partner_center.entrypoints.jobs"
    label = "jobs"
