"""How many queries each path costs, warm: `python -m bench.queries PATH…`, one number a line."""

import sys

import django

django.setup()

from django.db import connection  # noqa: E402 -- app ready
from django.test import Client  # noqa: E402 -- app ready
from django.test.utils import CaptureQueriesContext  # noqa: E402 -- app ready

client = Client(SERVER_NAME="127.0.0.1")
for path in sys.argv[1:]:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    print(len(captured))
