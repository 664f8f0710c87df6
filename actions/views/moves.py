"""One page for each change of state: its consequences, who is notified, what is missing, and the button that does it."""

from functools import partial

from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from actions.completeness import cautions, lacks
from actions.models import Action, ActionQuerySet
from actions.sheet_pages import head, to_edit
from actions.workflows import PROPOSE, PUBLISH, SheetMove
from isic.lib.moves import move_page


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, slug, move: SheetMove):
    if move.managers_only and not request.user.is_manager:
        raise Http404
    return move_page(request, move, partial(_fetch, request, slug), partial(_surroundings, request, move))


def _fetch(request, slug) -> Action:
    action, _head = to_edit(request, slug, load=ActionQuerySet.for_snapshot)
    return action


def _surroundings(request, move: SheetMove, action: Action) -> dict:
    missing = lacks(action)
    needed = action.missing_to_publish() if move is PUBLISH else {}
    return {
        "head": "actions/_head.html",
        **head(request, action, "", can_edit=True),
        "notice": _texts_to_check(action) if request.user.is_manager else "",
        "needed": [lack for lack in missing if lack.name in needed],
        "aside": "actions/_move_advice.html" if move in (PROPOSE, PUBLISH) else "",
        "lacks": missing,
        "cautions": cautions(action),
    }


def _texts_to_check(action: Action) -> SafeString | str:
    number = action.privacy_flags.waiting().count()
    if not number:
        return ""
    s, verb = ("s", "semblent") if number > 1 else ("", "semble")
    return format_html(
        '{} texte{} de cette fiche {} parler d’une personne\u00a0: <a href="{}">regardez-le{}</a> d’abord.',
        number,
        s,
        verb,
        reverse("admin:actions_privacyflag_changelist"),
        s,
    )
