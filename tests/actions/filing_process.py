"""A real server on the test's database: `python -m tests.actions.filing_process PORT MOMENT`.

It kills itself with SIGKILL at the moment of that name, as a machine does: nothing is unwound, nothing is answered.
"""

import os
import signal
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings

django.setup()

from actions import filing  # noqa: E402 -- app ready
from actions.models import Action  # noqa: E402 -- app ready
from actions.views import filing as views  # noqa: E402 -- app ready


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def die_with_the_version_claimed() -> None:
    filing.make_partners = die


def die_with_the_fields_set() -> None:
    write = filing.write
    filing.write = lambda *args: (write(*args), die())


def die_with_the_sheet_saved() -> None:
    Action._keep_version = die


def die_before_the_commit() -> None:
    close = Action.close_version
    Action.close_version = lambda *args, **kwargs: (close(*args, **kwargs), die())


def die_once_committed() -> None:
    save = views.save_step
    views.save_step = lambda *args, **kwargs: (save(*args, **kwargs), die())


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


if __name__ == "__main__":
    port, moment = sys.argv[1:]
    # A browser wants scripts and styles too, and the tests collect none.
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    if moment != "never":
        globals()[moment]()
    from isic.wsgi import application

    make_server("127.0.0.1", int(port), application, Server).serve_forever()
