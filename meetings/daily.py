"""What is done once a day for the meetings: reminders, and passages that come back at their time."""

from datetime import date

from django.db import transaction

from actions.models import Action
from isic.lib.background import daily
from meetings import retention, tasks
from meetings.hints import PROGRESS_AFTER
from meetings.models import AgendaItem, Task
from meetings.workflows import pending

Kind = AgendaItem.Kind
Life = Action.LifeState


@daily("Rappels des suites à donner")
def remind(today: date) -> None:
    for task in Task.objects.to_remind(today):
        tasks.remind(task, on=today)


@daily("Noms des réunions anciennes")
def forget_names(today: date) -> None:
    retention.forget(today)


@daily("Actions à présenter de nouveau")
def propose_again(today: date) -> None:
    """Each presented action waits again for a meeting, when its « point d’étape » or its « bilan » is due."""
    presented = AgendaItem.objects.took_place().of_actions().exclude(outcome=AgendaItem.Outcome.POSTPONED)
    assessed = set(presented.filter(kind=Kind.ASSESSMENT).order_by().values_list("action", flat=True))
    last = {
        item.action_id: item for item in presented.select_related("action", "meeting").order_by("meeting__date", "pk")
    }
    for pk, item in last.items():
        kind = due_kind(item, today)
        if kind and pk not in assessed and not pending(item.action):
            with transaction.atomic():
                item.come_back(to=None, kind=kind)
                item.proposed_next = kind
                item.save(update_fields=["proposed_next"])


def due_kind(item: AgendaItem, today: date) -> str:
    """What the action of a presented passage owes the instance; nothing twice, even if it was withdrawn meanwhile."""
    action = item.action
    if action.editorial_state == Action.EditorialState.ARCHIVED or action.life_state == Life.DROPPED:
        return ""
    if action.life_state == Life.ENDED or (action.planned_end_on and action.planned_end_on <= today):
        return Kind.ASSESSMENT if item.proposed_next != Kind.ASSESSMENT else ""
    return Kind.PROGRESS if item.meeting.date + PROGRESS_AFTER <= today and not item.proposed_next else ""
