"""Who does what after a meeting: written once, recalled once."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from isic.lib.background import background
from isic.lib.mail import absolute, compose
from isic.lib.months import long_day
from meetings.models import Task


@transaction.atomic
def remind(task: Task, *, on: date) -> None:
    """Once, whoever else finds it at the same moment."""
    waiting = Task.objects.select_for_update().filter(pk=task.pk, reminded_on=None).first()
    if waiting:
        waiting.reminded_on = on
        waiting.save(update_fields=["reminded_on"])
        send_reminder.later(waiting.pk)


@background("Rappel d’une suite à donner")
def send_reminder(pk: int) -> None:
    """To whoever does it; without an account, to the service, which knows how to reach people."""
    task = Task.objects.open().select_related("meeting", "user").filter(pk=pk).first()
    if task is None:
        return
    context = {
        "what": task.what,
        "who": task.who,
        "day": long_day(task.meeting.date),
        "due_on": long_day(task.due_on),
        "url": absolute(reverse("meetings:tasks", args=[task.meeting_id])),
    }
    is_closed = bool(task.user) and task.user.is_closed
    context["is_closed"] = is_closed
    address = task.user.email if task.user and not is_closed else settings.SERVICE_EMAIL
    if address:
        compose("meeting_task", address, context).send()
