"""The page of the admin where one record is put in the place of another: which one, what follows, then it is done."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.text import capfirst

from isic.lib import protected
from isic.lib.replacing import replace
from isic.lib.versions import StaleVersion


class ReplaceForm(forms.Form):
    """`replacement` is the field of the model: a list, or names to type where the list would be long."""

    def __init__(self, *args, field: forms.Field, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replacement"] = field


class ReplacingMixin:
    """A record that others use is not deleted: it is replaced by another one of the same list."""

    replace_template = "admin/replace.html"

    def replacements(self, row):
        """The records that may take its place."""
        return self.model._default_manager.exclude(pk=row.pk)

    def replacement_field(self, row) -> forms.Field:
        return forms.ModelChoiceField(self.replacements(row))

    def replace_url(self, row) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_replace", args=[row.pk])

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_replace"
        view = self.admin_site.admin_view(self.replace_view)
        return [path("<path:object_id>/remplacer/", view, name=name), *super().get_urls()]

    def delete_view(self, request, object_id, extra_context=None):
        ways = {
            "replace_url": reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_replace", args=[unquote(object_id)]
            ),
            "can_retire": hasattr(self.model, "is_retired"),
        }
        return super().delete_view(request, object_id, {**ways, **(extra_context or {})})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_delete_permission(request, obj):
            context["replace_url"] = self.replace_url(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def replace_view(self, request, object_id: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        field = self.replacement_field(row)
        field.label = "Par quoi le remplacer\u00a0?"
        form = ReplaceForm(request.POST or None, field=field)
        if form.is_valid() and "confirm" in request.POST and self._replace(request, row, form):
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        return render(request, self.replace_template, self._replace_context(request, row, form))

    def _replace(self, request, row, form) -> bool:
        """Whether it was done; else the form says why not."""
        new, words = form.cleaned_data["replacement"], str(row)
        try:
            replace(row, new, by=request.user)
        except StaleVersion:
            form.add_error(None, "Une fiche vient d’être modifiée\u00a0: rien n’a changé, recommencez.")
        except ValidationError as error:
            form.add_error(None, error)
        else:
            self.log_change(request, new, f"A remplacé «\u00a0{words}\u00a0».")
            self.message_user(request, f"«\u00a0{words}\u00a0» est remplacé par «\u00a0{new}\u00a0».", messages.SUCCESS)
            return True
        return False

    def _replace_context(self, request, row, form) -> dict:
        return {
            **self.admin_site.each_context(request),
            "title": f"Remplacer\u00a0: {row}",
            "opts": self.opts,
            "object": row,
            "kind": capfirst(self.opts.verbose_name),
            "form": form,
            "new": form.cleaned_data.get("replacement") if form.is_bound and form.is_valid() else None,
            "counts": protected.counts(row),
        }
