"""The « Historique » tab: every version of a sheet, what changed between any two, and how to come back to one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.differences import Difference, differences, labels_for
from actions.history import history_lines, restorable, restore, with_changes
from actions.models import Action, ActionQuerySet, Version
from actions.sheet_pages import to_edit
from actions.snapshot import Snapshot, snapshot
from isic.lib.versions import StaleVersion, version_seen

SHOWN = 20
MOVED = "Quelqu’un a enregistré la fiche entre-temps. Rien n’est encore restauré\u00a0: voici ce que cela changerait maintenant."


@require_safe
def history(request, slug):
    """All versions, the last first; with `version` and `avec`, the choice of two to compare."""
    action, head = to_edit(request, slug, "history")
    error = ""
    if "version" in request.GET:
        chosen = number_in(request.GET["version"]), number_in(request.GET.get("avec", ""))
        if None not in chosen and chosen[0] != chosen[1]:
            return HttpResponseRedirect(
                reverse("actions:version", args=[slug, max(chosen)], query={"avec": min(chosen)})
            )
        error = "Choisissez deux versions différentes."
    lines = history_lines(action)
    page = Paginator(lines, SHOWN).get_page(request.GET.get("page"))
    before = lines[page.end_index()] if page.has_next() else None
    shown = with_changes(action, list(page.object_list), before)
    context = {**head, "page": page, "history_lines": shown, "error": error}
    return render(request, "actions/history.html", context, status=400 if error else 200)


@require_safe
def version(request, slug, number):
    """What a version changed since the one before it, or since the one named by `avec`."""
    action, head = to_edit(request, slug, "history")
    new = version_or_404(action, number)
    if "avec" in request.GET:
        old, new = sorted((new, version_or_404(action, number_in(request.GET["avec"]))), key=lambda v: v.number)
    else:
        old = action.versions.select_related("by").filter(number__lt=new.number).first()
    compared = [old.content, new.content] if old else [new.content, new.content]
    labels = labels_for(compared, reader=request.user)
    context = {**head, "old": old, "new": new, "differences": differences(*compared, labels)}
    return render(request, "actions/history_version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def restore_version(request, slug, number):
    """What coming back to a version would change; its button does it, on the sheet that was seen and no other."""
    action, head = to_edit(request, slug, "history", ActionQuerySet.for_snapshot)
    then = version_or_404(action, number)
    content, lost = restorable(then.content)
    changes = _changes(action, content, request.user)
    error = ""
    if request.method == "POST":
        error = _restored(action, then, request) if changes else ""
        if not error:
            messages.success(request, f"La fiche est de nouveau comme le disait la version {then.number}.")
            return redirect("actions:history", slug=slug)
        action, head = to_edit(request, slug, "history", ActionQuerySet.for_snapshot)
        changes = _changes(action, content, request.user)
    context = {**head, "then": then, "lost": lost, "differences": changes, "error": error}
    return render(request, "actions/history_restore.html", context, status=409 if error else 200)


def _changes(action: Action, content: Snapshot, reader) -> list[Difference]:
    """From the sheet as it is to what would be written."""
    now = snapshot(action)
    return differences(now, content, labels_for([now, content], reader=reader))


def _restored(action: Action, then: Version, request) -> str:
    """Nothing once it is done; otherwise the sentence that says why it is not."""
    if version_seen(request.POST) != action.version:
        return MOVED
    try:
        restore(action, then, by=request.user)
    except StaleVersion:
        return MOVED
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def version_or_404(action: Action, number: int | None) -> Version:
    if number is None:
        raise Http404
    return get_object_or_404(action.versions.select_related("by"), number=number)


def number_in(text: str) -> int | None:
    """A number of a version, as an address may carry it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
