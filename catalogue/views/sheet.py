"""The page of one action."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.models import Action, ActionQuerySet
from actions.sheet_pages import to_read
from actions.workflows import moves_for
from catalogue.caching import cached, catalogue_of
from catalogue.search.similar import similar_to
from catalogue.sheet.lineage import lineage
from catalogue.sheet.page import read
from catalogue.sheet.structured import structured
from isic.lib.pattern import pattern


@login_not_required
@require_safe
@cached
def sheet(request, slug):
    """A sheet that this person may not see does not exist for him: 404, never 403."""
    action, head = to_read(request, slug, "sheet", ActionQuerySet.for_sheet)
    relatives = lineage(action, Action.objects.visible_to(request.user))
    shown = read(action, relatives=relatives, today=timezone.localdate())
    context = {
        **head,
        "sheet": shown,
        "structured": structured(action, shown) if shown.is_public else "",
        "pattern": pattern(action.slug, action.domain.pictogram),
        "moves": moves_for(request.user, action) if head["can_edit"] else [],
        "similar": similar_to(action, catalogue_of(request), request.user),
    }
    return render(request, "catalogue/sheet.html", context)
