"""Who does what by when: written during the meeting, marked as done at any time."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from meetings import outcomes
from meetings.forms.tasks import TaskForm
from meetings.models import Meeting, Task
from meetings.sections import tasks
from meetings.views.meetings import editable, head


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, pk):
    if request.method == "POST":
        return _add(request, editable(request, pk))
    return _page(request, get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk))


def _add(request, meeting: Meeting):
    form = TaskForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return _page(request, meeting, form, status=422)
    if not form.keep():
        return _page(request, meeting, form, errors=[outcomes.refusal(meeting)], status=409)
    messages.success(request, "La suite à donner est notée.")
    return HttpResponseRedirect(_back(request, meeting.pk))


def _back(request, pk: int) -> str:
    """To the secretary's desk where it was noted there (`desk`: the passage), or to the page of the meeting (`at`)."""
    at, desk = (_number(request.POST.get(name, "")) for name in ("at", "desk"))
    page = reverse("meetings:outcome", args=[pk, desk]) if desk else reverse("meetings:meeting", args=[at or pk])
    return f"{page}#suites"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _page(request, meeting: Meeting, form: TaskForm | None = None, errors=None, status: int = 200):
    context = {**head(request, meeting, "meeting"), **tasks(meeting, request.user, form), "errors": errors}
    context |= {"title": "Suites à donner", "section": "meetings/_tasks.html"}
    return render(request, "meetings/section.html", context, status=status)


@require_POST
def finish(request, pk, task):
    """Done, or not after all; by the service, or by whoever does it. Idempotent."""
    tasks = Task.objects.visible_to(request.user).finishable_by(request.user)
    task = get_object_or_404(tasks, pk=task, meeting=pk)
    if "undo" in request.POST:
        task.reopen()
        messages.success(request, f"«\u00a0{task.what}\u00a0» reste à faire.")
    else:
        task.finish()
        messages.success(request, f"«\u00a0{task.what}\u00a0» est fait.")
    return HttpResponseRedirect(_back(request, pk))
