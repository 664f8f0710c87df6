"""The house, loaded before `tests.forks` forks: its models, its pages, and no connection."""

import django

django.setup()

from django.db import connections  # noqa: E402 -- app ready
from django.urls import get_resolver  # noqa: E402 -- app ready

get_resolver().url_patterns  # noqa: B018 -- imports every view
connections.close_all()  # none may cross the fork
