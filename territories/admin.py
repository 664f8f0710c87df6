"""The tree of the territories, the local units and who works in them."""

from django.contrib import admin
from django.db.models import Count

from accounts.admin import UserAdmin
from isic.lib.admin import BaseAdmin, TableInline
from isic.lib.admin_replacing import ReplacingMixin
from territories.fields import PlaceField
from territories.models import Alias, Membership, Territory


class MembershipInline(TableInline):
    model = Membership
    autocomplete_fields = ["user", "territory"]


class AliasInline(TableInline):
    model = Alias


UserAdmin.inlines.append(MembershipInline)


@admin.register(Territory)
class TerritoryAdmin(ReplacingMixin, BaseAdmin):
    list_display = ["name", "type_label", "code", "parent", "population", "children_count", "is_home", "is_example"]
    list_filter = ["kind", "is_home", "is_example", ("parent", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["sort_key", "code", "aliases__sort_key"]
    autocomplete_fields = ["parent", "serves"]
    readonly_fields = ["has_outline"]
    list_select_related = ["parent"]
    ordering = ["sort_key", "pk"]  # repeated: annotating a count drops the model's ordering
    inlines = [AliasInline, MembershipInline]
    fieldsets = [
        (None, {"fields": ["kind", "name", "code", "parent", "serves"]}),
        ("Carte", {"fields": ["population", "latitude", "longitude", "has_outline"]}),
        ("Pages publiques", {"fields": ["slug", "is_home", "is_example"]}),
    ]

    def get_queryset(self, request):
        """Without the outlines: some ten thousand points each, which no page of the admin shows."""
        return (
            super().get_queryset(request).defer("outline", "parent__outline").annotate(children_total=Count("children"))
        )

    def get_inlines(self, request, obj):
        """The people of a local unit, the other names of a place."""
        if obj is None:
            return []
        return [MembershipInline if obj.kind == Territory.Kind.LOCAL_UNIT else AliasInline]

    def replacements(self, row):
        return Territory.objects.filter(kind=row.kind).exclude(pk=row.pk)

    def replacement_field(self, row):
        return PlaceField(self.replacements(row), "")

    def describe(self, obj):
        return f"{obj.name} ({obj.kind_label})"

    @admin.display(description="type", ordering="kind")
    def type_label(self, obj):
        return obj.kind_label

    @admin.display(description="contient", ordering="children_total")
    def children_count(self, obj):
        return obj.children_total or None

    @admin.display(description="contour connu", boolean=True)
    def has_outline(self, obj):
        return obj.outline is not None


@admin.register(Membership)
class MembershipAdmin(BaseAdmin):
    list_display = ["user", "territory", "role"]
    list_filter = ["role", ("territory", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["user__email", "user__full_name", "territory__name"]
    autocomplete_fields = ["user", "territory"]
    list_select_related = ["user", "territory"]
