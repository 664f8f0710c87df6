"""Changes of state of the selected sheets, through the workflows; each failure is reported."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ActionLocation
from django.template.response import TemplateResponse
from django.urls import reverse

from actions.forms.moves import ReasonForm
from actions.workflows import ARCHIVE, PUBLISH, REOPEN, SheetMove, carry_out_each

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


class MovesMixin:
    """The actions of the list and of the change form."""

    actions = ["publish", "archive", "reopen"]

    @admin.action(description="Publier", permissions=["change"])
    def publish(self, request, queryset):
        self.move_each(request, queryset.prefetch_related("audiences", "places"), PUBLISH)

    @admin.action(description="Archiver…", permissions=["change"], location=EVERYWHERE)
    def archive(self, request, queryset):
        return self.move_with_reason(request, queryset, ARCHIVE)

    @admin.action(description="Remettre en brouillon…", permissions=["change"], location=EVERYWHERE)
    def reopen(self, request, queryset):
        return self.move_with_reason(request, queryset, REOPEN)

    def move_with_reason(self, request, queryset, move: SheetMove):
        """Ask why on a page of its own, then move."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        form.fields["reason"].widget.attrs["class"] = "vLargeTextField"
        if form.is_valid():
            self.move_each(request, queryset, move, form.cleaned_data["reason"])
            return None
        changelist = reverse("admin:actions_action_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{move.verb}\u00a0: pourquoi\u00a0?",
            "opts": self.opts,
            "form": form,
            "verb": move.verb,
            "sheets": queryset[:50],
            "total": queryset.count(),
            "name": move.name,
            "checkbox": ACTION_CHECKBOX_NAME,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "url": request.get_full_path() if request.path == changelist else changelist,
        }
        return TemplateResponse(request, "admin/actions/action/reason.html", context)

    def move_each(self, request, sheets, move: SheetMove, reason: str = "") -> None:
        def carry(sheet):
            move.carry_out(sheet, by=request.user, reason=reason)
            self.log_change(request, sheet, move.done)

        moved, refusals = carry_out_each(sheets, carry)
        for refusal in refusals:
            self.message_user(request, refusal, messages.ERROR)
        if moved:
            self.message_user(request, move.summary(moved), messages.SUCCESS)
