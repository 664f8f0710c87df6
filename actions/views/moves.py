"""One page for each change of state: what will happen, who will be told, what is missing; its button does it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from actions.completeness import cautions, lacks
from actions.forms.moves import MoveForm
from actions.models import Action
from actions.views.filing import editable
from actions.workflows import PUBLISH, Move, carry_out, told_of
from isic.lib.versions import StaleVersion, version_seen

CHANGED = "Quelqu’un a enregistré la fiche entre-temps\u00a0: relisez-la avant de décider. Rien n’est encore fait."


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, slug, move: Move):
    """Links of mails lead to such pages: opening one writes nothing."""
    if move.managers_only and not request.user.is_manager:
        raise Http404
    action = editable(request, slug)
    form = MoveForm(request.POST if request.method == "POST" else None, move=move)
    if request.method != "POST":
        return _page(request, action, move, form)
    if form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        if _is_done(action, move, reason):
            messages.info(request, f"C’était déjà fait\u00a0: la fiche est {move.done[0]}.")
            return HttpResponseRedirect(action.get_absolute_url())
        error = _carried_out(request, action, move, reason)
        if not error:
            messages.success(request, told_of(move, 1))
            return HttpResponseRedirect(action.get_absolute_url())
        return _page(request, editable(request, slug), move, form, error=error, status=409)
    return _page(request, action, move, form, status=422)


def _is_done(action: Action, move: Move, reason: str) -> bool:
    """The same form sent twice: the second one ends as the first. Other words for another reason would be lost."""
    return action.editorial_state == move.target and action.editorial_reason == reason


def _carried_out(request, action: Action, move: Move, reason: str) -> str:
    """Nothing once it is done; otherwise the sentence that says why it is not."""
    if version_seen(request.POST) != action.version or action.editorial_state not in move.since:
        return CHANGED
    try:
        carry_out(move, action, by=request.user, reason=reason)
    except StaleVersion:
        return CHANGED
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _page(request, action: Action, move: Move, form: MoveForm, *, error: str = "", status: int = 200):
    missing = lacks(action)
    needed = action.missing_to_publish()
    is_possible = action.editorial_state in move.since
    context = {
        "action": action,
        "move": move,
        "form": form,
        "error": error,
        "is_possible": is_possible,
        "is_ready": is_possible and not (move is PUBLISH and needed),
        "needed": [lack for lack in missing if lack.name in needed],
        "lacks": missing,
        "cautions": cautions(action),
        "flags": action.privacy_flags.waiting().count(),
        "told": move.recipients(action, request.user),
        "tab": "",
        "can_edit": True,
    }
    return render(request, "actions/move.html", context, status=status)
