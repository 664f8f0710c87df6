"""The changes of state on a selection of sheets: one by one, by the methods of the model, each failure told."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ActionLocation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.urls import reverse

from actions.models import Action, StaleVersion

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        max_length=Action._meta.get_field("editorial_reason").max_length,
        help_text="En une phrase\u00a0: l’équipe de la fiche la lira.",
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )


class MovesMixin:
    """The actions of the list and of the change form."""

    actions = ["publish", "archive", "reopen"]

    @admin.action(description="Publier", permissions=["change"])
    def publish(self, request, queryset):
        sheets = queryset.prefetch_related("audiences", "places")
        self.move_each(request, sheets, lambda sheet: sheet.publish(by=request.user), ("publiée", "publiées"))

    @admin.action(description="Archiver…", permissions=["change"], location=EVERYWHERE)
    def archive(self, request, queryset):
        return self.move_with_reason(
            request, queryset, "archive", "Archiver", ("archivée", "archivées"), Action.archive
        )

    @admin.action(description="Remettre en brouillon…", permissions=["change"], location=EVERYWHERE)
    def reopen(self, request, queryset):
        return self.move_with_reason(
            request,
            queryset,
            "reopen",
            "Remettre en brouillon",
            ("remise en brouillon", "remises en brouillon"),
            Action.reopen,
        )

    def move_with_reason(self, request, queryset, name: str, verb: str, done: tuple[str, str], method: Callable):
        """Ask why on a page of its own, then move."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            self.move_each(request, queryset, lambda sheet: method(sheet, by=request.user, reason=reason), done)
            return None
        changelist = reverse("admin:actions_action_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{verb}\u00a0: pourquoi\u00a0?",
            "opts": self.opts,
            "form": form,
            "verb": verb,
            "sheets": queryset[:50],
            "total": queryset.count(),
            "name": name,
            "checkbox": ACTION_CHECKBOX_NAME,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "url": request.get_full_path() if request.path == changelist else changelist,
        }
        return TemplateResponse(request, "admin/actions/action/reason.html", context)

    @transaction.atomic
    def move_each(self, request, sheets, move: Callable, done: tuple[str, str]) -> None:
        """A sheet that cannot move stops no other: each has its savepoint, and its sentence."""
        moved = 0
        for sheet in sheets:
            try:
                with transaction.atomic():
                    move(sheet)
                    self.log_change(request, sheet, f"Fiche {done[0]}.")
            except StaleVersion:
                message = f"«\u00a0{sheet}\u00a0» vient d’être modifiée par quelqu’un d’autre\u00a0: relisez-la, puis recommencez."
                self.message_user(request, message, messages.ERROR)
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            else:
                moved += 1
        if moved:
            told = f"1 fiche {done[0]}." if moved == 1 else f"{moved} fiches {done[1]}."
            self.message_user(request, told, messages.SUCCESS)
