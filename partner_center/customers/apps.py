from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "partner_center.customers"
    label = "customers"
