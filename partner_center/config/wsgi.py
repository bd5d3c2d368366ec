"""The WSGI application that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partner_center.config.settings")
application = get_wsgi_application()
# Every page is loaded before the first visitor comes.
get_resolver().url_patterns  # noqa: B018
