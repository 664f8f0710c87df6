"""The moments at which a server that sends a letter kills itself: what each of these makes ready, before it serves."""

from django.core.mail import EmailMessage

from meetings import letters
from meetings.models import Delivery
from tests.forks import die


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
