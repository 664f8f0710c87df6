"""`/mes-actions/`: what to do first, then one's sheets by state."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.desk import (
    GROUPS,
    due,
    first_of_each,
    in_group,
    last_moves,
    load,
    move_words,
    next_step,
    recognition,
    sheets_of,
)
from actions.models import Action

#: Of each state, on the first page; the rest is a link away.
SHOWN = 5
PAGE = 20


@require_safe
def desk(request):
    """`qui=moi`: one's own only; `etat=publiees`: all those of a state, page by page."""
    only_mine = request.GET.get("qui") == "moi"
    sheets = sheets_of(request.user)
    if only_mine:
        sheets = sheets.filter(is_mine=True)
    group = next((group for group in GROUPS if group.slug == request.GET.get("etat")), None)
    if group:
        page = Paginator(in_group(sheets, group), PAGE).get_page(request.GET.get("page"))
        context = {"group": group, "page": page, "rows": _rows(request.user, page.object_list)}
        return render(request, "actions/desk_group.html", {**context, "only_mine": only_mine})
    groups, waits = _groups(request.user, sheets), due(request.user, sheets)
    context = {
        "due": waits,
        "groups": groups,
        "only_mine": only_mine,
        "is_new": not (groups or waits or only_mine),
        "waiting": Action.objects.proposed().count() if request.user.is_manager else 0,
    }
    return render(request, "actions/desk.html", context)


def _groups(user, sheets) -> list[dict]:
    """The first sheets of each state that has some."""
    first = first_of_each(sheets, SHOWN)
    rows = iter(_rows(user, [sheet for group_sheets in first.values() for sheet in group_sheets]))
    return [
        {"group": group, "total": group_sheets[0].total, "rows": [next(rows) for _ in group_sheets]}
        for group, group_sheets in first.items()
    ]


def _rows(user, sheets) -> list[dict]:
    """Each with its last move, its next thing to do and what it has become; as many queries for one as for all."""
    sheets = load(sheets)
    moves, words = last_moves(sheets), recognition(user, sheets)
    rows = []
    for sheet in sheets:
        verb, url = next_step(sheet, user)
        is_draft = sheet.editorial_state == Action.EditorialState.DRAFT
        rows.append(
            {
                "sheet": sheet,
                "verb": verb,
                "url": url,
                "missing": list(sheet.missing_to_publish().values()) if is_draft else [],
                "move": "" if is_draft else move_words(moves.get(sheet.pk)),
                "recognition": words.get(sheet.pk, ""),
            }
        )
    return rows
