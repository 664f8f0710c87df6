"""What a manager sees of the work in the background: what failed, in words, and nothing of what it was about."""

from datetime import datetime

from django.core.exceptions import SuspiciousOperation
from django.db import models
from django.db.models import Q
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.formats import date_format
from django_tasks_db.models import DBTaskResult

from isic.lib import personal

LONGEST_ERROR = 120


def when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F à G\\hi")


class FailedTaskManager(models.Manager):
    def get_queryset(self):
        """What failed, for good or until its next try: the last first."""
        failed = Q(status=TaskResultStatus.FAILED) | Q(status=TaskResultStatus.READY)
        return super().get_queryset().filter(failed).exclude(exception_class_path="").order_by("-finished_at", "pk")


class FailedTask(DBTaskResult):
    """A mail that did not leave, a job of the night that broke."""

    objects = FailedTaskManager()

    class Meta:
        proxy = True
        verbose_name = "tâche en échec"
        verbose_name_plural = "envois et tâches en échec"

    def __str__(self):
        return f"{self.label}, {self.failed_at}"

    @property
    def label(self) -> str:
        try:
            return self.task.label
        except (ImportError, SuspiciousOperation):  # of a version before
            return self.task_path.rpartition(".")[2]

    @property
    def tries(self) -> int:
        return len(self.worker_ids)

    @property
    def failed_at(self) -> str:
        return when(self.finished_at)

    @property
    def plan(self) -> str:
        if self.status == TaskResultStatus.FAILED:
            return "plus d’essai prévu"
        if self.run_after <= timezone.now():
            return "nouvel essai dès que possible"
        return f"nouvel essai le {when(self.run_after)}"

    @property
    def error(self) -> str:
        """The class of the exception and what it says first, without the addresses and names it may hold."""
        path = self.exception_class_path.removeprefix("builtins.")
        own_lines = [line for line in self.traceback.splitlines() if line.startswith(f"{path}:")]
        text = own_lines[-1].removeprefix(f"{path}:").strip() if own_lines else ""
        for finding in reversed(personal.find(text)):
            text = f"{text[: finding.start]}…{text[finding.end :]}"
        return f"{path.rpartition('.')[2]} {text}".strip()[:LONGEST_ERROR]
