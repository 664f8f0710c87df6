"""The sheets: their list, and their form in the order of the sheet."""

from itertools import groupby

from django.contrib import admin
from django.forms import CheckboxSelectMultiple
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join

from actions import files
from actions.admin.form import VOCABULARIES, ActionForm
from actions.admin.history import HistoryMixin
from actions.admin.moves import MovesMixin
from actions.admin.rows import INLINES
from actions.completeness import lacks
from actions.filing import keep_flags
from actions.models import Action, ActionQuerySet
from actions.snapshot import ROWS
from actions.workflows import PUBLISH
from isic.lib.admin import BaseAdmin
from isic.lib.words import upper_first


class AttentionFilter(admin.SimpleListFilter):
    """What the dashboard counts, as a list."""

    title = "à suivre"
    parameter_name = "suivre"
    narrowings = {
        "a-verifier": ("à vérifier", ActionQuerySet.due_for_review),
        "perimees": ("non vérifiées (périmées)", ActionQuerySet.stale),
        "accueil": ("accueil de nouveaux à confirmer", ActionQuerySet.newcomers_due),
        "sans-referent": ("référent parti", ActionQuerySet.left_by_referent),
        "sans-contact": ("sans contact affiché", ActionQuerySet.without_contact),
    }

    def lookups(self, request, model_admin):
        return [(value, words) for value, (words, _narrow) in self.narrowings.items()]

    def queryset(self, request, queryset):
        _words, narrow = self.narrowings.get(self.value(), ("", None))
        return narrow(queryset) if narrow else queryset


@admin.register(Action)
class ActionAdmin(HistoryMixin, MovesMixin, BaseAdmin):
    form = ActionForm
    merges = False
    change_form_template = "admin/actions/action/change_form.html"
    inlines = INLINES
    bulk_delete = False
    list_display = ["title", "domain", "carrier_name", "editorial_state", "life_state", "updated_day", "review_day"]
    list_filter = [
        "editorial_state",
        AttentionFilter,
        "life_state",
        ("domain", admin.RelatedOnlyFieldListFilter),
        ("carrier_unit", admin.RelatedOnlyFieldListFilter),
        "visibility",
        ("carrier_partner__is_elsewhere", admin.BooleanFieldListFilter),
        "is_featured",
        "is_example",
    ]
    linked_filters = ["audiences", "themes", "frameworks", "levers"]
    list_select_related = ["domain", "carrier_unit", "carrier_partner"]
    search_fields = ["sort_key", "carrier_unit__sort_key", "carrier_partner__sort_key"]
    date_hierarchy = "updated_at"
    autocomplete_fields = ["carrier_unit", "carrier_partner", "other_units", "contact", "places", "inspired_by"]
    readonly_fields = ["advice", "editorial_state", "editorial_reason", "created_at", "created_by", "updated_at"]
    radio_fields = dict.fromkeys(Action.DECISIONS, admin.HORIZONTAL)
    fieldsets = [
        (None, {"fields": ["advice"]}),
        (
            "De quoi s’agit-il\u00a0?",
            {"fields": ["title", "summary", "domain", "action_type", "keywords", "themes", "frameworks", "levers"]},
        ),
        ("Qui porte l’action\u00a0?", {"fields": ["carrier_unit", "carrier_partner", "other_units"]}),
        (
            "Pour qui\u00a0?",
            {
                "fields": [
                    "audiences",
                    "audience_notes",
                    "recruitment",
                    ("expected_participants", "actual_participants"),
                    ("open_to_newcomers", "trial_sessions"),
                    "how_to_join",
                    ("has_contract", "contract_months"),
                ]
            },
        ),
        (
            "Où et quand\u00a0?",
            {
                "fields": [
                    "places",
                    ("venue_type", "venue"),
                    "accessibility",
                    ("starts_on", "planned_end_on", "ended_on"),
                    ("rhythm_frequency", "rhythm_every", "rhythm_weekday"),
                    "rhythm_ordinals",
                    ("rhythm_starts_at", "rhythm_ends_at"),
                    "rhythm_notes",
                    "session_count",
                ]
            },
        ),
        ("Pourquoi\u00a0?", {"fields": ["context", *Action.DECISIONS]}),
        (
            "Comment\u00a0?",
            {
                "fields": [
                    "description",
                    "resident_role",
                    "elected_role",
                    "territory_project",
                    "social_development",
                    "equipment",
                    "facilitator_count",
                    ("without_budget", "budget_notes"),
                    ("agreement_on", "agreement_function", "agreement_hours"),
                ]
            },
        ),
        (
            "Ce que l’action a changé",
            {
                "fields": [
                    "evaluation",
                    "effects_residents",
                    "effects_professionals",
                    "effects_elected",
                    "effects_partners",
                    "success_keys",
                    "watchpoints",
                    "transfer",
                    "outlook",
                    ("outcome", "outcome_notes"),
                ]
            },
        ),
        ("À qui écrire\u00a0?", {"fields": ["contact"]}),
        (
            "D’où vient-elle\u00a0?",
            {
                "fields": [
                    "inspired_by",
                    "inspiration_notes",
                    "source",
                    ("source_year", "source_pages"),
                    "source_url",
                    "service_readings",
                    "is_example",
                ]
            },
        ),
        (
            "Où en est-elle\u00a0?",
            {
                "fields": [
                    ("life_state", "life_state_reason"),
                    ("visibility", "is_featured"),
                    ("verified_on", "review_due_on", "newcomers_due_on"),
                    ("editorial_state", "editorial_reason"),
                    ("created_at", "created_by", "updated_at"),
                    "slug",
                ]
            },
        ),
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.reader = request.user
        return form

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_published)

    def save_model(self, request, obj, form, change):
        if change:
            obj.open_version()  # the form compared it with the version that was seen
        else:
            obj.created_by = request.user
        obj.save()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        meant = dict(form.meant)
        for rows in formsets:
            meant[rows.prefix] = [text for row in rows for texts in row.meant.values() for text in texts]
        keep_flags(form.instance, meant, meant.keys(), request.user)
        form.instance.close_version(by=request.user, kind="edited" if change else "created")
        files.reduce_photos.later(form.instance.pk)

    def response_add(self, request, obj, post_url_continue=None):
        return self.published_response(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self.published_response(request, obj) or super().response_change(request, obj)

    def published_response(self, request, obj):
        """« Enregistrer et publier »: what was typed is saved, whether or not the sheet can be published."""
        if "_publish" not in request.POST:
            return None
        self.move_each(request, [obj], PUBLISH)
        return HttpResponseRedirect(reverse("admin:actions_action_change", args=[obj.pk]))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Vocabularies are ticked, and have their own pages."""
        if db_field.name not in VOCABULARIES:
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.many_to_many:
            return db_field.formfield(widget=CheckboxSelectMultiple(attrs={"class": "choices"}))
        return db_field.formfield()

    @admin.display(description="porteur")
    def carrier_name(self, obj):
        return obj.carrier

    @admin.display(description="modifiée le", ordering="updated_at")
    def updated_day(self, obj):
        return date_format(timezone.localdate(obj.updated_at), "SHORT_DATE_FORMAT")

    @admin.display(description="à revoir le", ordering="review_due_on")
    def review_day(self, obj):
        return obj.review_due_on and date_format(obj.review_due_on, "SHORT_DATE_FORMAT")

    @admin.display(description="il manque")
    def advice(self, obj):
        """The same list as in the form of the pages, each line leading to its field here."""
        if obj.pk is None:
            return "Enregistrez d’abord un brouillon\u00a0: un titre, un domaine et un porteur suffisent."
        missing = lacks(obj)
        if not missing:
            return "Rien\u00a0: la fiche dit tout ce qu’on y cherchera."
        lines = (
            (
                reader,
                format_html_join(", ", '<a href="#{}">{}</a>', ((_place(lack), lack.words) for lack in reader_lacks)),
            )
            for reader, reader_lacks in groupby(missing, key=lambda lack: lack.reader)
        )
        return format_html_join("", "<p>{}\u00a0: {}.</p>", ((upper_first(reader), links) for reader, links in lines))


def _place(lack) -> str:
    """Where the admin's form asks for it."""
    return f"{lack.name}-group" if lack.name in ROWS else f"id_{lack.name}"
