"""What a process of the tests does when it is told to: `obey`.

Commands that end in `_then_die` kill this very process with SIGKILL at the moment they name.
"""

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from actions.models import Action, Domain
from catalogue.cards import describe, entries
from catalogue.search import current, drain, marks
from catalogue.search.query import Query
from tests.forks import die


def shown() -> dict[str, list[str]]:
    """What a visitor is shown: sheet → its title and the name of its domain."""
    catalogue = current.catalogue()
    entries_shown = entries(catalogue.search(Query(), AnonymousUser())[:])
    today = timezone.localdate()
    return {str(e.pk): [e.title, describe(e, catalogue.labels, today).domain_name] for e in entries_shown}


@transaction.atomic
def edit(pk: int, title: str) -> None:
    action = Action.objects.get(pk=pk)
    action.take_version(action.version)
    action.title = title
    action.save()


@transaction.atomic
def publish(pk: int) -> None:
    action = Action.objects.get(pk=pk)
    if action.editorial_state == Action.EditorialState.ARCHIVED:
        action.reopen(by=None, reason="reprise")
    action.publish(by=None)


@transaction.atomic
def archive(pk: int) -> None:
    Action.objects.get(pk=pk).archive(by=None, reason="retirée")


@transaction.atomic
def delete(pk: int) -> None:
    Action.objects.get(pk=pk).delete()


@transaction.atomic
def rename_domain(pk: int, name: str) -> None:
    domain = Domain.objects.get(pk=pk)
    domain.name = name
    domain.save()


def edit_and_roll_back(pk: int, title: str) -> None:
    with transaction.atomic():
        edit(pk, title)
        transaction.set_rollback(True)


def commit_then_die(pk: int, title: str) -> None:
    """Killed between the commit and the drain."""
    marks.drain_after_commit = die
    edit(pk, title)


def drain_then_die(pk: int, title: str) -> None:
    """Killed inside the drain, its entries written and not committed."""
    write = drain.write_entries
    drain.write_entries = lambda *args: (write(*args), die())
    edit(pk, title)


def read_then_die() -> None:
    """A reader killed inside the drain that it does for a dead writer."""
    write = drain.write_entries
    drain.write_entries = lambda *args: (write(*args), die())
    current.catalogue()


def begin(pk: int, title: str) -> None:
    """Open a transaction, change a sheet in it, and leave it open until `commit`."""
    block.append(transaction.atomic())
    block[0].__enter__()
    edit(pk, title)


def commit() -> None:
    block.pop().__exit__(None, None, None)


def rebuild() -> int:
    return drain.rebuild()


block: list[transaction.Atomic] = []
COMMANDS = {
    f.__name__: f
    for f in (
        shown,
        edit,
        publish,
        archive,
        delete,
        rename_domain,
        edit_and_roll_back,
        commit_then_die,
        drain_then_die,
        read_then_die,
        begin,
        commit,
        rebuild,
    )
}


def obey(pipe) -> None:
    """Each message is a command and its arguments."""
    current.load()
    pipe.send("ready")
    while True:
        name, *arguments = pipe.recv()
        try:
            answer = COMMANDS[name](*arguments)
        except Exception as error:  # the test reads what failed
            answer = {"error": f"{type(error).__name__}: {error}"}
        pipe.send(answer)
