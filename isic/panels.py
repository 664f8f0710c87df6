"""The work in the background that failed, on the first page of the admin."""

from django.urls import reverse

from isic.admin import LIST
from isic.lib.admin import PANELS, Line, Panel
from isic.models import FailedTask

SHOWN = 5


@PANELS.add
def failed_tasks(request):
    first = list(FailedTask.objects.all()[: SHOWN + 1])
    return Panel(
        title="Envois et tâches en échec",
        lines=[
            Line(t.label, reverse("admin:isic_failedtask_change", args=[t.pk]), f"{t.failed_at}, {t.plan}")
            for t in first[:SHOWN]
        ],
        total=len(first) if len(first) <= SHOWN else FailedTask.objects.count(),
        url=reverse(LIST),
        empty="Tout est parti.",
    )
