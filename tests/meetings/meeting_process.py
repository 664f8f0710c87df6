"""A real server on the test's database that writes its mails in a folder: `python -m tests.meetings.meeting_process PORT MOMENT FOLDER`.

It kills itself with SIGKILL at the moment of that name, as a machine does: nothing is unwound, nothing is answered.
"""

import os
import signal
import sys
from wsgiref.simple_server import make_server

import django
from django.conf import settings

settings.MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": sys.argv[3]},
    }
}
django.setup()

from django.core.mail import EmailMessage  # noqa: E402 -- app ready

from meetings import letters  # noqa: E402 -- app ready
from meetings.models import Delivery  # noqa: E402 -- app ready
from tests.actions.filing_process import Server  # noqa: E402 -- app ready


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def die_before_the_release_is_committed() -> None:
    release = letters.release
    letters.release = lambda *args, **kwargs: (release(*args, **kwargs), die())


def die_before_the_first_mail() -> None:
    letters.compose = die


def die_with_the_first_mail_sent() -> None:
    send = EmailMessage.send
    EmailMessage.send = lambda self, *args, **kwargs: (send(self, *args, **kwargs), die())


def die_with_the_first_mail_recorded() -> None:
    save = Delivery.save
    Delivery.save = lambda self, *args, **kwargs: (save(self, *args, **kwargs), self.sent_at and die())


if __name__ == "__main__":
    port, moment = sys.argv[1:3]
    if moment != "never":
        globals()[moment]()
    from isic.wsgi import application

    make_server("127.0.0.1", int(port), application, Server).serve_forever()
