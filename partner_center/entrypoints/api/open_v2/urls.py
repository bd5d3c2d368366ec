"""Everything below /v2 and /v3 is answered by the contract's own view, what it does not name too."""

from django.urls import re_path

from partner_center.entrypoints.api.open_v2.view import serve

urlpatterns = [re_path(r"^v[23](?:/|$)", serve)]
