"""WSGI entry point: what is loaded here is loaded once, before the server forks its workers."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

from isic.lib.database import limit_statements
from isic.lib.startup import check_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isic.settings")
django.setup()
check_ready()

from catalogue.search import current  # noqa: E402 -- app ready

current.load()
connections.close_all()  # no connection may cross the fork
limit_statements(settings.STATEMENT_SECONDS)
application = get_wsgi_application()
