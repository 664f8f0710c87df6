"""The lists that the service keeps: put in order, retired rather than deleted."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from actions.models import Audience, Domain, Framework, Lever, Theme
from isic.lib.admin import BaseAdmin
from isic.lib.admin_replacing import ReplacingMixin


class VocabularyAdmin(ReplacingMixin, BaseAdmin):
    """Rank by number, or by the two buttons of a row. Deleting goes one by one, and only what no sheet uses."""

    change_list_template = "admin/actions/vocabulary_change_list.html"
    bulk_delete = False
    list_display = ["name", "position", "moves", "sheets_link", "is_in_use"]
    list_editable = ["position"]
    list_filter = ["is_retired"]
    search_fields = ["name"]
    ordering = ["position", "name", "pk"]  # repeated: annotating a count drops the model's ordering
    actions = ["retire", "restore"]
    fields = ["name", "description", "position", "is_retired", "slug"]
    #: The parameter by which the list of sheets is filtered on this vocabulary.
    sheets_filter = ""

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(sheets_total=Count("actions"))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """In the list the heading of the column labels the rank for the eye only."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "position":
            field.widget.attrs["aria-label"] = "Rang"
        return field

    def replacements(self, row):
        """What is still offered."""
        return super().replacements(row).filter(is_retired=False)

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and "move" in request.POST and self.has_change_permission(request):
            self.move(*request.POST["move"].partition(":")[::2])
            return HttpResponseRedirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    @transaction.atomic
    def move(self, pk: str, direction: str) -> None:
        """Put one value before or after its neighbour, and give all of them ranks without gaps."""
        ranked = list(self.model.objects.all())
        start = next((i for i, value in enumerate(ranked) if str(value.pk) == pk), None)
        if start is None:
            return
        end = max(start - 1, 0) if direction == "up" else start + 1
        ranked.insert(end, ranked.pop(start))
        for rank, value in enumerate(ranked, start=1):
            if value.position != rank:
                value.position = rank
                value.save(update_fields=["position"])

    @admin.display(description="déplacer")
    def moves(self, obj):
        return format_html(
            '<span class="moves">'
            '<button type="submit" form="move" name="move" value="{pk}:up" aria-label="Monter «\u00a0{name}\u00a0»">↑</button>'
            '<button type="submit" form="move" name="move" value="{pk}:down" aria-label="Descendre «\u00a0{name}\u00a0»">↓</button>'
            "</span>",
            pk=obj.pk,
            name=obj.name,
        )

    @admin.display(description="fiches", ordering="sheets_total")
    def sheets_link(self, obj):
        if not obj.sheets_total:
            return None
        url = reverse("admin:actions_action_changelist", query={self.sheets_filter: obj.pk})
        return format_html('<a href="{}">{}</a>', url, obj.sheets_total)

    @admin.display(description="proposé", boolean=True, ordering="-is_retired")
    def is_in_use(self, obj):
        return not obj.is_retired

    @admin.action(description="Retirer (ne plus proposer)", permissions=["change"])
    def retire(self, request, queryset):
        self._set_retired(
            request, queryset, True, "retiré", "Ces valeurs ne sont plus proposées\u00a0; les fiches les gardent."
        )

    @admin.action(description="Remettre (proposer à nouveau)", permissions=["change"])
    def restore(self, request, queryset):
        self._set_retired(request, queryset, False, "remis", "Ces valeurs sont de nouveau proposées.")

    @transaction.atomic
    def _set_retired(self, request, queryset, is_retired: bool, log: str, message: str) -> None:
        for value in queryset:
            value.is_retired = is_retired
            value.save(update_fields=["is_retired"])
            self.log_change(request, value, f"{log.capitalize()}.")
        self.message_user(request, message, messages.SUCCESS)


@admin.register(Domain)
class DomainAdmin(VocabularyAdmin):
    list_display = ["name", "swatch", "position", "moves", "sheets_link", "is_in_use"]
    fields = ["name", "description", "pictogram", "hue", "position", "is_retired", "slug"]
    sheets_filter = "domain__id__exact"

    @admin.display(description="teinte", ordering="hue")
    def swatch(self, obj):
        return format_html('<span class="swatch hue-{}">{}</span>', obj.hue, obj.get_pictogram_display())


@admin.register(Audience)
class AudienceAdmin(VocabularyAdmin):
    sheets_filter = "audiences__id__exact"


@admin.register(Framework)
class FrameworkAdmin(VocabularyAdmin):
    sheets_filter = "frameworks__id__exact"


@admin.register(Theme)
class ThemeAdmin(VocabularyAdmin):
    list_display = ["name", "number", "position", "moves", "sheets_link", "is_in_use"]
    fields = ["number", "name", "description", "position", "is_retired", "slug"]
    sheets_filter = "themes__id__exact"


@admin.register(Lever)
class LeverAdmin(VocabularyAdmin):
    fields = ["name", "advice", "description", "position", "is_retired", "slug"]
    sheets_filter = "levers__id__exact"
