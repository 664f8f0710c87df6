"""Work after the answer: run once its transaction is committed, kept when it fails, tried again, never lost."""

import datetime as dt
import inspect
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from isic.lib import background
from isic.lib.registry import Registry
from isic.models import FailedTask
from tests import locks
from tests.forks import environment

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]
LIST = "/admin/isic/failedtask/"
done: list = []


@background.background("Note")
def note(word: str, times: int = 1) -> None:
    if word == "pan":
        raise ValueError("Mme Dupont (dupont@example.org) ne répond pas\nau 01 99 00 12 34")
    if word == "attente":
        time.sleep(1)
        raise TimeoutError("timed out")
    if word == "mort":
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(word * times)


@pytest.fixture(autouse=True)
def forget():
    done.clear()


@pytest.fixture
def worker(settings):
    """Tasks wait for `worker()`, which runs those that are due."""
    settings.BACKGROUND = "worker"

    def run() -> None:
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
        try:
            call_command("db_worker", batch=True, startup_delay=False, interval=0, verbosity=0, reload=False)
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    return run


@pytest.fixture
def jobs(monkeypatch):
    """The jobs of the day, none at first."""
    monkeypatch.setattr(background, "DAILY", Registry("nowhere"))


def row() -> DBTaskResult:
    return DBTaskResult.objects.get()


def make_due() -> None:
    DBTaskResult.objects.update(run_after=timezone.now() - dt.timedelta(seconds=1))


def test_worker_is_the_one_that_the_house_builds():
    """`Worker` is documented nowhere: a new version, which pyproject.toml keeps out, is looked at before it comes."""
    expected = "queue_names excluded_queue_names backend_name worker_id interval startup_delay max_tasks batch".split()
    built = inspect.signature(Worker).parameters
    called = inspect.signature(Worker.run_task).parameters
    pins = [line for line in locks.asked()["requirements.lock"] if line.startswith("django-tasks-db")]

    assert sorted(built) == sorted(expected)
    assert {parameter.kind for parameter in built.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert list(called) == ["self", "db_task_result"]
    assert list(inspect.signature(Worker.run).parameters) == ["self"]
    assert pins == [f"django-tasks-db=={version('django-tasks-db')}"]


# --- At once ------------------------------------------------------------------------------------------------------
def test_task_runs_once_its_transaction_is_committed():
    with transaction.atomic():
        note.later("a", times=2)
        assert done == []

    assert done == ["aa"]
    assert row().status == TaskResultStatus.SUCCESSFUL


def test_task_of_a_transaction_rolled_back_never_was():
    with transaction.atomic():
        note.later("a")
        transaction.set_rollback(True)

    assert done == []
    assert not DBTaskResult.objects.exists()


def test_failure_reaches_nobody_and_is_planned_again():
    note.later("pan")

    kept = row()
    assert kept.status == TaskResultStatus.READY
    assert dt.timedelta(seconds=50) < kept.run_after - timezone.now() <= dt.timedelta(minutes=1)


def test_arguments_are_what_json_can_say():
    with pytest.raises(TypeError):
        note.later(dt.date(2026, 1, 1))

    assert not DBTaskResult.objects.exists()


def test_server_that_does_not_answer_is_waited_for_once():
    with transaction.atomic():
        note.later("attente")
        note.later("a")
        note.later("b")

    assert done == []
    assert FailedTask.objects.count() == 3
    make_due()
    DBTaskResult.objects.filter(args_kwargs__args__0="attente").delete()
    background.run_due()
    assert sorted(done) == ["a", "b"]


# --- With a worker ------------------------------------------------------------------------------------------------
def test_worker_runs_what_waits(worker):
    note.later("a")
    assert done == []

    worker()

    assert done == ["a"]
    assert row().status == TaskResultStatus.SUCCESSFUL


@pytest.mark.parametrize("first", ["immediate", "worker"])
def test_failure_is_tried_five_times_more_and_less_and_less_often(worker, settings, first):
    settings.BACKGROUND = first
    waits = []
    note.later("pan")
    while first == "worker" or not waits:
        worker()
        kept = row()
        if kept.status == TaskResultStatus.FAILED:
            break
        waits.append(round((kept.run_after - timezone.now()).total_seconds() / 60))
        worker()  # nothing is due
        make_due()
        first = "worker"

    assert waits == [1, 5, 30, 120, 720]
    assert len(row().worker_ids) == 6
    worker()
    assert len(row().worker_ids) == 6


@pytest.mark.processes
def test_task_whose_worker_is_killed_is_tried_again(worker):
    note.later("mort")
    command = [sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay"]

    killed = subprocess.run(command, env=environment(), cwd=settings.BASE_DIR, timeout=60, capture_output=True)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert row().status == TaskResultStatus.RUNNING
    worker()
    assert row().status == TaskResultStatus.RUNNING  # it may well be at work
    DBTaskResult.objects.update(started_at=timezone.now() - dt.timedelta(minutes=61))
    worker()
    assert row().status == TaskResultStatus.READY
    assert FailedTask.objects.get().error == "Interrupted Le processus s’est arrêté au milieu de la tâche."


# --- Once a day ---------------------------------------------------------------------------------------------------
def job(today: dt.date) -> None:
    done.append(today)


def broken(today: dt.date) -> None:
    raise ValueError("cassé")


def test_daily_runs_each_job_once_a_day(jobs, monkeypatch):
    monkeypatch.setitem(globals(), "job", background.daily("Relances")(job))

    call_command("daily")
    call_command("daily")

    assert done == [timezone.localdate()]
    assert background.run_daily(timezone.localdate() + dt.timedelta(days=1)) == []
    assert len(done) == 2


def test_daily_called_by_many_at_once_runs_each_job_once(jobs, monkeypatch):
    monkeypatch.setitem(globals(), "job", background.daily("Relances")(job))
    together = threading.Barrier(6)

    def call():
        together.wait()
        try:
            background.run_daily(timezone.localdate())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        for calling in [pool.submit(call) for _ in range(6)]:
            calling.result()

    assert done == [timezone.localdate()]


@pytest.mark.parametrize("mode", ["immediate", "worker"])
def test_job_that_fails_stops_no_other_and_is_told(jobs, monkeypatch, settings, mode):
    settings.BACKGROUND = mode
    monkeypatch.setitem(globals(), "broken", background.daily("Fermeture")(broken))
    monkeypatch.setitem(globals(), "job", background.daily("Relances")(job))

    with pytest.raises(CommandError, match=r"^En échec\u00a0: Fermeture\.$"):
        call_command("daily")

    assert done == [timezone.localdate()]
    assert [failed.label for failed in FailedTask.objects.all()] == ["Fermeture"]
    call_command("daily")  # the next try is planned
    assert done == [timezone.localdate()]


def test_daily_tries_again_where_no_worker_does(jobs, settings):
    note.later("attente")
    DBTaskResult.objects.update(args_kwargs={"args": ["a"], "kwargs": {}})
    make_due()
    settings.BACKGROUND = "worker"
    call_command("daily")
    assert done == []

    settings.BACKGROUND = "immediate"
    call_command("daily")

    assert done == ["a"]


def test_rows_done_go_after_a_month_and_failures_after_three():
    for status, days in [("SUCCESSFUL", 29), ("SUCCESSFUL", 31), ("FAILED", 89), ("FAILED", 91)]:
        DBTaskResult.objects.create(
            status=status, finished_at=timezone.now() - dt.timedelta(days=days), args_kwargs={}, task_path=str(days)
        )

    assert background.run_daily(timezone.localdate()) == []

    kept = set(DBTaskResult.objects.values_list("task_path", flat=True))
    assert {"29", "89"} <= kept
    assert not {"31", "91"} & kept


# --- For the managers ---------------------------------------------------------------------------------------------
def test_managers_see_what_failed_and_nothing_personal(manager_client):
    note.later("pan")
    note.later("a")
    failed_at = dt.datetime(timezone.localdate().year + 1, 11, 22, 8, 5, tzinfo=dt.UTC)
    DBTaskResult.objects.update(finished_at=failed_at, run_after=failed_at + dt.timedelta(minutes=1))

    panel = next(p for p in manager_client.get("/admin/").context["panels"] if p.title == "Envois et tâches en échec")
    page = manager_client.get(LIST).text
    detail = manager_client.get(panel.lines[0].url).text

    assert [(line.text, line.detail) for line in panel.lines] == [
        ("Note", "22 novembre à 9h05, nouvel essai le 22 novembre à 9h06")
    ]
    assert panel.total == 1
    for text in (page, detail):
        assert "ValueError … (…) ne répond pas" in text
        assert not {"Dupont", "01 99", "args_kwargs"} & set(text.split())
        assert "dupont@example.org" not in text


@pytest.mark.parametrize(("who", "sent_to"), [("agent_client", "/admin/login/"), ("client", "/compte/login/")])
def test_nobody_else_sees_or_acts(who, sent_to, request):
    note.later("pan")
    someone = request.getfixturevalue(who)
    data = {"action": "give_up", "_selected_action": [str(row().pk)]}

    for answer in (someone.get(LIST), someone.post(LIST, data)):
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, sent_to)
    assert FailedTask.objects.count() == 1


@pytest.mark.parametrize("by", ["list", "page"])
def test_manager_tries_again(manager_client, by):
    note.later("pan")
    pk = str(row().pk)
    url, prefix = (LIST, "") if by == "list" else (f"{LIST}{pk}/change/", "CHANGE_FORM-")
    data = {f"{prefix}action": "retry", "_selected_action": [pk]}

    again = manager_client.post(url, data, follow=True)
    assert "Nouvel essai lancé" in again.text
    assert [task.tries for task in again.context["cl"].result_list] == [2]
    DBTaskResult.objects.update(args_kwargs={"args": ["a"], "kwargs": {}})
    mended = manager_client.post(url, data, follow=True)

    assert list(mended.context["cl"].result_list) == []
    assert done == ["a"]


def test_manager_tries_again_where_a_worker_runs(manager_client, worker):
    note.later("pan")
    worker()
    DBTaskResult.objects.update(args_kwargs={"args": ["a"], "kwargs": {}})

    manager_client.post(LIST, {"action": "retry", "_selected_action": [str(row().pk)]})
    assert done == []
    worker()

    assert done == ["a"]


def test_manager_gives_up(manager_client):
    note.later("pan")

    page = manager_client.post(LIST, {"action": "give_up", "_selected_action": [str(row().pk)]}, follow=True)

    assert "il n’y aura plus d’essai" in page.text
    assert not DBTaskResult.objects.exists()


def test_looking_changes_nothing(manager_client):
    note.later("pan")

    manager_client.get(LIST, {"action": "give_up", "_selected_action": [str(row().pk)]})

    assert len(row().worker_ids) == 1


def test_task_of_a_version_before_is_still_told(manager_client):
    note.later("pan")
    DBTaskResult.objects.update(task_path="actions.nowhere.resize")

    assert "resize" in manager_client.get(LIST).text
    assert manager_client.post(LIST, {"action": "give_up", "_selected_action": [str(row().pk)]}).status_code == 302
