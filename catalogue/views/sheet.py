"""The page of one action."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.models import Action
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
    visible = Action.objects.visible_to(request.user)
    action = get_object_or_404(visible.for_sheet(), slug=slug)
    shown = read(action, relatives=lineage(action, visible), today=timezone.localdate())
    can_edit = Action.objects.editable_by(request.user).contains(action)
    context = {
        "action": action,
        "sheet": shown,
        "structured": structured(action, shown) if shown.is_public else "",
        "pattern": pattern(action.slug, action.domain.pictogram),
        "tab": "sheet",
        "can_edit": can_edit,
        "moves": moves_for(request.user, action) if can_edit else [],
        "similar": similar_to(action, catalogue_of(request), request.user),
    }
    return render(request, "catalogue/sheet.html", context)
