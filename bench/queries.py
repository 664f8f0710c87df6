"""How many queries each page costs, warm: `python -m bench.queries "[COOKIE] PATH"…`, one number a line."""

import sys

import django

django.setup()

from django.db import connection  # noqa: E402 -- app ready
from django.test import Client  # noqa: E402 -- app ready
from django.test.utils import CaptureQueriesContext  # noqa: E402 -- app ready

client = Client(SERVER_NAME="127.0.0.1")
for page in sys.argv[1:]:
    cookie, _, path = page.rpartition(" ")
    headers = {"cookie": cookie} if cookie else {}
    client.get(path, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        client.get(path, headers=headers)
    print(len(captured))
