"""« Refaire cette action chez nous », from a sheet that is published and that this person may see."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from actions.forms.lineage import RedoForm
from actions.models import Action


@require_http_methods(["GET", "HEAD", "POST"])
def redo(request, slug):
    sheets = Action.objects.visible_to(request.user).published()
    source = get_object_or_404(sheets.select_related("domain", "carrier_unit", "carrier_partner"), slug=slug)
    form = RedoForm(request.POST or None, user=request.user, source=source)
    if request.method == "POST" and form.is_valid():
        draft = form.create()
        messages.success(
            request, "Votre brouillon est prêt. Dites d’abord d’où vous partez\u00a0: le constat est à vous."
        )
        return redirect("actions:edit", slug=draft.slug)
    context = {"source": source, "form": form}
    return render(request, "actions/redo.html", context, status=422 if form.is_bound else 200)
