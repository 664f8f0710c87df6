"""Server processes on one database never disagree, whoever is killed and when (docs/catalogue.md)."""

import random
import re
import signal
import time
import urllib.request

import pytest
from django.core.management import call_command
from django.db import connection

from actions.models import Action
from catalogue.models import Entry, Stale, Withdrawn
from tests.catalogue.process import obey
from tests.factories import ActionFactory, DomainFactory
from tests.forks import PATIENCE, Fork, gunicorn

pytestmark = [pytest.mark.engine, pytest.mark.processes, pytest.mark.django_db(transaction=True)]


class Process(Fork):
    """One process that obeys the commands of `tests.catalogue.process`."""

    def __init__(self):
        super().__init__(obey)
        assert self.answer() == "ready"

    def __call__(self, *command):
        self.ask(*command)
        return self.answer()

    def answer(self):
        answer = super().answer()
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def answer_or_refusal(self) -> None:
        """The loser of a race between two editors is refused: that is an answer too."""
        try:
            self.answer()
        except AssertionError as refused:
            assert "StaleVersion" in str(refused)  # noqa: PT017 -- any other failure is one

    def dies(self, *command) -> None:
        """Give a command that ends in SIGKILL, and see it die of it."""
        self.ask(*command)
        assert self.wait() == -signal.SIGKILL


@pytest.fixture
def start():
    """`start()` starts a process; all are killed at the end."""
    started = []

    def one() -> Process:
        started.append(Process())
        return started[-1]

    yield one
    for process in started:
        process.kill()


def published() -> dict[str, list[str]]:
    """What the tables say must be shown."""
    rows = Action.objects.published().filter(visibility="public").select_related("domain")
    return {str(row.pk): [row.title, row.domain.name] for row in rows}


def assert_agree(*readers: Process) -> None:
    for reader in readers:
        assert reader("shown") == published()
    assert list(Stale.objects.all()) == []
    call_command("rebuild_search", check=True)


def test_every_change_of_one_process_shows_in_the_next_answer_of_another(start):
    first, second = ActionFactory.create_batch(2, published=True)
    writer, reader = start(), start()
    assert_agree(reader)

    writer("edit", first.pk, "Le jardin du lundi")
    assert reader("shown")[str(first.pk)][0] == "Le jardin du lundi"

    writer("archive", second.pk)
    assert reader("shown").keys() == {str(first.pk)}

    draft = ActionFactory(published=True, editorial_state="draft")
    writer("publish", draft.pk)
    assert reader("shown").keys() == {str(first.pk), str(draft.pk)}

    writer("delete", first.pk)
    assert reader("shown").keys() == {str(draft.pk)}
    assert_agree(writer, reader)


def test_a_renamed_domain_shows_everywhere_and_rewrites_no_entry(start):
    domain = DomainFactory(name="Loisirs")
    actions = ActionFactory.create_batch(3, published=True, domain=domain)
    writer, reader = start(), start()
    assert reader("shown")[str(actions[0].pk)][1] == "Loisirs"
    numbers = dict(Entry.objects.values_list("pk", "number"))

    writer("rename_domain", domain.pk, "Loisirs et culture")

    assert {name for _title, name in reader("shown").values()} == {"Loisirs et culture"}
    assert dict(Entry.objects.values_list("pk", "number")) == numbers
    assert_agree(writer, reader)


@pytest.mark.parametrize("moment", ["commit_then_die", "drain_then_die"])
def test_what_a_killed_writer_committed_is_shown_by_the_next_reader(start, moment):
    action = ActionFactory(published=True)
    writer, reader = start(), start()
    reader("shown")

    writer.dies(moment, action.pk, "Écrit juste avant la panne")

    assert Stale.objects.count() > 0
    assert reader("shown")[str(action.pk)][0] == "Écrit juste avant la panne"
    assert_agree(reader, start())


def test_a_reader_killed_inside_its_drain_leaves_the_marks_to_the_next(start):
    action = ActionFactory(published=True)
    writer, killed, reader = start(), start(), start()
    writer.dies("commit_then_die", action.pk, "Deux pannes de suite")

    killed.dies("read_then_die")

    assert reader("shown")[str(action.pk)][0] == "Deux pannes de suite"
    assert_agree(reader)


def test_a_withdrawn_sheet_disappears_though_its_writer_was_killed(start):
    action, other = ActionFactory.create_batch(2, published=True)
    writer, reader = start(), start()
    reader("shown")
    writer("archive", action.pk)
    writer.dies("commit_then_die", other.pk, "Autre fiche")

    assert reader("shown") == {str(other.pk): ["Autre fiche", other.domain.name]}
    assert Withdrawn.objects.count() == 1
    assert_agree(reader, start())


def test_a_rollback_shows_nothing_and_leaves_no_mark(start):
    action = ActionFactory(published=True, title="Avant")
    writer, reader = start(), start()
    reader("shown")

    writer("edit_and_roll_back", action.pk, "Jamais")

    assert Stale.objects.count() == 0
    assert reader("shown")[str(action.pk)][0] == "Avant"
    assert_agree(writer, reader)


def test_two_transactions_that_commit_in_the_other_order_than_they_began_are_both_shown(start):
    """On SQLite the second waits for the first: the order is then that of the locks, and both must be shown too."""
    first, second = ActionFactory.create_batch(2, published=True)
    one, two, reader = start(), start(), start()
    reader("shown")

    one("begin", first.pk, "Commencée la première")
    two.ask("edit", second.pk, "Validée la première")
    if connection.vendor == "postgresql":
        two.answer()
        assert reader("shown")[str(second.pk)][0] == "Validée la première"
        one("commit")
    else:
        one("commit")
        two.answer()

    assert [title for title, _name in reader("shown").values()].count("Commencée la première") == 1
    assert_agree(one, two, reader)


def test_two_edits_of_one_sheet_at_once_end_in_one_of_them_everywhere(start):
    action = ActionFactory(published=True)
    one, two, reader = start(), start(), start()
    for round_ in range(5):
        one.ask("edit", action.pk, f"Par l’une {round_}")
        two.ask("edit", action.pk, f"Par l’autre {round_}")
        for writer in (one, two):
            writer.answer_or_refusal()
        action.refresh_from_db()
        assert reader("shown")[str(action.pk)][0] == action.title
    assert_agree(one, two, reader)


def test_after_many_kills_every_process_shows_what_is_published(start):
    """A storm: three of six processes write or read at once, and every few rounds one of them is killed by surprise."""
    rng = random.Random(7)
    actions = [action.pk for action in ActionFactory.create_batch(12, published=True)]
    processes = [start() for _ in range(6)]
    for turn in range(40):
        busy = rng.sample(range(len(processes)), 3)
        for at in busy:
            pk, name = (
                rng.choice(actions),
                rng.choice(["edit", "edit", "edit", "archive", "publish", "shown", "rebuild"]),
            )
            processes[at].ask(name, *{"edit": [pk, f"Titre {turn}"], "shown": [], "rebuild": []}.get(name, [pk]))
        if turn % 5 == 4:
            time.sleep(rng.random() * 0.02)
            processes[busy[0]].kill()
            processes[busy[0]] = start()
            busy = busy[1:]
        for at in busy:
            processes[at].answer_or_refusal()

    assert_agree(*processes, start())
    assert len(published()) > 0


def test_both_workers_of_a_server_answer_from_the_same_catalogue(start):
    action = ActionFactory(published=True, title="Avant le changement")
    with gunicorn(workers=2) as (port, _):
        writer = start()
        assert _titles(port) == {"Avant le changement"}
        for round_ in range(3):
            writer("edit", action.pk, f"Après {round_}")
            assert _titles(port) == {f"Après {round_}"}
        writer("archive", action.pk)
        assert _titles(port) == set()


def _titles(port: int) -> set[str]:
    """Every title that twelve answers on new connections show: both workers are asked."""
    titles = set()
    for _ in range(12):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/actions/", timeout=PATIENCE) as answer:
            html = answer.read().decode()
        titles.update(re.findall(r'<h2 class="card__title"><a [^>]*>([^<]*)</a>', html))
    return titles
