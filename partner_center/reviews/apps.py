from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "partner_center.reviews"
    label = "reviews"
