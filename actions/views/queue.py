"""`/a-relire/`: what the service has to read, the first proposed first; one by one or several at once."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.timesince import timesince
from django.views.decorators.http import require_http_methods

from accounts.models import User
from actions.forms.moves import ReasonForm
from actions.models import Action, PrivacyFlag
from actions.workflows import ARCHIVE, PUBLISH, SheetMove, carry_out_each, waiting_longest

PAGE = 20
#: Of a sheet and of the version of it that the page showed.
TICKED = re.compile(r"(\d{1,9}):(\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class Waiting:
    sheet: Action
    since: str
    by: User | None
    missing: list[str]
    flags: int


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request):
    if not request.user.is_manager:
        raise Http404
    if request.method != "POST":
        return _page(request)
    ticked = request.POST.getlist("fiches")
    sheets = _under_the_version_seen(ticked)
    if not ticked:
        return _page(request, error="Cochez d’abord les fiches à publier ou à archiver.", status=422)
    if "archive" not in request.POST:
        return _moved(request, sheets, PUBLISH)
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    if form.is_valid():
        return _moved(request, sheets, ARCHIVE, form.cleaned_data["reason"])
    context = {"form": form, "sheets": sheets, "ticked": ticked}
    return render(request, "actions/queue_archive.html", context, status=422 if form.is_bound else 200)


def _under_the_version_seen(ticked: list[str]) -> list[Action]:
    """As they were on the page: one that somebody changed since will refuse to move."""
    seen = {int(match[1]): int(match[2]) for match in map(TICKED.fullmatch, ticked) if match}
    sheets = list(waiting_longest().filter(pk__in=seen).prefetch_related("audiences", "places"))
    for sheet in sheets:
        sheet.version = seen[sheet.pk]
    return sheets


def _moved(request, sheets: list[Action], move: SheetMove, reason: str = ""):
    moved, refusals = carry_out_each(sheets, lambda sheet: move.carry_out(sheet, by=request.user, reason=reason))
    for refusal in refusals:
        messages.error(request, refusal)
    if moved:
        messages.success(request, move.summary(moved))
    elif not refusals:
        messages.info(request, "C’était déjà fait\u00a0: ces fiches ne sont plus à relire.")
    return redirect("actions:queue")


def _page(request, error: str = "", status: int = 200):
    proposed = waiting_longest().select_related("domain", "carrier_unit", "carrier_partner")
    page = Paginator(proposed.prefetch_related("audiences", "places"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": _lines(list(page.object_list)), "error": error}
    return render(request, "actions/queue.html", context, status=status)


def _lines(sheets: list[Action]) -> list[Waiting]:
    """Who proposed and what is flagged: two queries for all."""
    people = User.objects.in_bulk({sheet.proposed_by for sheet in sheets if sheet.proposed_by})
    flags = PrivacyFlag.objects.waiting().filter(action__in=sheets).order_by().values_list("action")
    flags = dict(flags.annotate(Count("pk")))
    return [
        Waiting(
            sheet=sheet,
            since=timesince(sheet.proposed_at, depth=1),
            by=people.get(sheet.proposed_by),
            missing=list(sheet.missing_to_publish().values()),
            flags=flags.get(sheet.pk, 0),
        )
        for sheet in sheets
    ]
