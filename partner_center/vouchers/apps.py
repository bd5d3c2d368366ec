from django.apps import AppConfig


class VouchersConfig(AppConfig):
    name = "partner_center.vouchers"
    label = "vouchers"
