"""The « Historique » button of the admin opens the history of the sheet: one history, one page."""

from django.http import Http404
from django.shortcuts import redirect


class HistoryMixin:
    def history_view(self, request, object_id, extra_context=None):
        sheet = self.get_object(request, object_id)
        if sheet is None:
            raise Http404
        return redirect("actions:history", slug=sheet.slug)
