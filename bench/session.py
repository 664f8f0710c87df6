"""Sign an agent in: `python -m bench.session` prints the cookie of his session."""

import django

django.setup()

from django.conf import settings  # noqa: E402 -- app ready
from django.test import Client  # noqa: E402 -- app ready

from accounts.models import User  # noqa: E402 -- app ready

agent, _ = User.objects.get_or_create(email="agent@example.org", defaults={"full_name": "Agent", "password": "!"})
client = Client()
client.force_login(agent, settings.AUTHENTICATION_BACKENDS[0])
print(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
