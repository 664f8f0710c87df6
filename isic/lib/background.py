"""Work done after the answer: a row of django_tasks_db for each task, run at once or by a worker, tried again when it fails.

The row is written in the transaction of what asks for the work, and so is kept or rolled back with it: a process killed
at any moment loses nothing. `BACKGROUND=immediate` runs it in the same process as soon as the transaction is committed;
`BACKGROUND=worker` leaves it to `manage.py db_worker` (docs/decisions/009-background-work.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.dispatch import receiver
from django.tasks import Task, TaskResultStatus
from django.tasks.signals import task_finished
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from isic.lib.database import wait_for_turn
from isic.lib.registry import Registry

#: Before the second try, the third…; what failed after the last is for a person to look at.
WAITS = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12)]
#: No task runs that long: its process was killed.
LOST_AFTER = timedelta(hours=1)
#: Who fails after that was waiting for a server.
SLOW = timedelta(seconds=1)
KEEP_DONE, KEEP_FAILED = timedelta(days=30), timedelta(days=90)


class Interrupted(Exception):
    """The process that ran the task was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Background(Task):
    label: str  # what it is, in French, for the managers

    def later(self, *args, **kwargs) -> None:
        """Run the function after the commit; arguments are what JSON can say. Nothing it raises reaches the caller."""
        with transaction.atomic():
            row = self.enqueue(*args, **kwargs).db_result
            if settings.BACKGROUND == "immediate":
                run_after_commit(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyJob(Background):
    def call(self, today: str) -> None:
        self.func(date.fromisoformat(today))

    def has_run(self, today: date) -> bool:
        rows = DBTaskResult.objects.filter(task_path=self.module_path)
        return rows.filter(args_kwargs__args__0=today.isoformat()).exists()


DAILY: Registry[DailyJob] = Registry("daily")


def background(label: str) -> Callable[[Callable], Background]:
    """Make a function at the top of a module a task: `function.later(…)`. The label says what it is to managers."""
    return lambda function: Background(func=function, label=label)


def daily(label: str) -> Callable[[Callable[[date], None]], DailyJob]:
    """Have `manage.py daily` call `function(today)`; jobs live in the modules `daily` of the rooms."""
    return lambda function: DAILY.add(DailyJob(func=function, label=label))


def run_daily(today: date) -> list[str]:
    """Run each job that has not run today; the labels of those that failed, which are tried again like any task."""
    failed = []
    for job in DAILY:
        with transaction.atomic():
            wait_for_turn("daily")
            if job.has_run(today):
                continue
            row = job.enqueue(today.isoformat()).db_result
            run_after_commit(row)
        if row.status != TaskResultStatus.SUCCESSFUL:
            failed.append(job.label)
    return failed


def run_after_commit(row: DBTaskResult) -> None:
    """Taken in the transaction that writes it, the row is never seen free by a worker."""
    row.claim("immediate")
    transaction.on_commit(partial(_run, row), robust=True)


def run_due() -> None:
    """Run what waits, as a worker that stops when nothing is left."""
    _worker().run()


@transaction.atomic
def retry(row: DBTaskResult) -> None:
    """Try now, whatever the plan was."""
    row.status, row.run_after = TaskResultStatus.READY, timezone.now()
    row.save(update_fields=["status", "run_after"])
    if settings.BACKGROUND == "immediate":
        run_after_commit(row)


def _run(row: DBTaskResult) -> None:
    """In a request, a server that does not answer costs its time-out once: what follows waits for the next try."""
    others = DBTaskResult.objects.filter(task_path=row.task_path).exclude(pk=row.pk).exclude(exception_class_path="")
    recent = others.filter(finished_at__gte=timezone.now() - WAITS[0])
    if recent.filter(finished_at__gte=F("started_at") + SLOW).exists():
        row.set_failed(TimeoutError("Le serveur vient de ne pas répondre."))
        plan_next_try(row)
    else:
        _worker().run_task(row)


def _worker() -> Worker:
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        backend_name="default",
        worker_id="immediate",
        interval=0,
        startup_delay=False,
        max_tasks=None,
        batch=True,
    )


@receiver(task_finished)
def hear(task_result, **kwargs) -> None:
    """The one place where the worker of django_tasks_db says what it did."""
    if task_result.status == TaskResultStatus.FAILED:
        plan_next_try(task_result.db_result)


def plan_next_try(row: DBTaskResult) -> None:
    tries = len(row.worker_ids)
    if tries <= len(WAITS):
        row.status, row.run_after = TaskResultStatus.READY, timezone.now() + WAITS[tries - 1]
        row.save(update_fields=["status", "run_after"])


@transaction.atomic
def take_back_lost() -> None:
    """A task whose process was killed has failed, and is tried again like another: one that kills does so six times."""
    wait_for_turn("daily")
    for row in DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LOST_AFTER):
        row.set_failed(Interrupted("Le processus s’est arrêté au milieu de la tâche."))
        plan_next_try(row)


@daily("Nettoyage des tâches terminées")
def prune(today: date) -> None:
    now = timezone.now()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_DONE).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - KEEP_FAILED).delete()
