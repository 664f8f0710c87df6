"""The moments at which a server that saves a sheet kills itself: what each of these makes ready, before it serves."""

from actions import filing
from actions.models import Action
from actions.views import filing as views
from tests.forks import die


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
