"""The organisations, and the contacts with the agreements that publishing a name needs."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html

from isic.lib.admin import BaseAdmin
from isic.lib.admin_replacing import ReplacingMixin
from isic.lib.names import Name, NameField
from partners.consent import WORDING, WORDINGS, tell
from partners.forms import WholeContactForm
from partners.models import Contact, Partner


@admin.register(Partner)
class PartnerAdmin(ReplacingMixin, BaseAdmin):
    list_display = ["name", "kind", "territory", "contacts_link", "is_elsewhere", "is_example"]
    list_filter = ["kind", "is_elsewhere", "is_example"]
    search_fields = ["sort_key"]
    autocomplete_fields = ["territory"]
    list_select_related = ["territory"]
    ordering = ["sort_key", "pk"]  # repeated: annotating a count drops the model's ordering
    fieldsets = [
        (None, {"fields": ["name", "kind", "territory", "description", "website"]}),
        ("Pages publiques", {"fields": ["slug", "is_elsewhere", "is_example"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(contacts_total=Count("contacts"))

    def replacement_field(self, row):
        """By its name: there may be hundreds."""
        return NameField(
            self.replacements(row), "", describe=lambda one: Name(f"{one.name} ({one.get_kind_display()})", one.name)
        )

    @admin.display(description="contacts", ordering="contacts_total")
    def contacts_link(self, obj):
        if not obj.contacts_total:
            return None
        url = reverse("admin:partners_contact_changelist", query={"partner__id__exact": obj.pk})
        return format_html('<a href="{}">{}</a>', url, obj.contacts_total)


class ContactForm(WholeContactForm):
    """Whoever enters the agreement of a named person is the one who recorded it."""

    user = None

    def clean(self):
        data = super().clean()
        agreed = data.get("person_name", self.instance.person_name) and data.get("consent_given_on")
        if agreed and (self.instance.consent_recorded_by is None or "consent_given_on" in self.changed_data):
            self.instance.consent_recorded_by, self.instance.consent_wording = self.user, WORDING
        return data


@admin.register(Contact)
class ContactAdmin(ReplacingMixin, BaseAdmin):
    form = ContactForm
    list_display = ["label", "email", "phone", "unit", "partner", "person_name", "consent_state"]
    list_filter = [
        ("unit", admin.RelatedOnlyFieldListFilter),
        ("person_name", admin.EmptyFieldListFilter),
        ("consent_withdrawn_on", admin.EmptyFieldListFilter),
    ]
    linked_filters = ["partner"]
    search_fields = ["label", "email", "phone", "person_name"]
    autocomplete_fields = ["unit", "partner"]
    list_select_related = ["unit", "partner"]
    readonly_fields = ["consent_recorded_by", "consent_wording", "consent_withdrawn_on", "consent_withdrawn_by"]
    actions = ["withdraw_consent"]
    fieldsets = [
        (None, {"fields": ["label", "email", "phone", "unit", "partner"]}),
        (
            "Personne nommée",
            {
                "fields": [
                    "person_name",
                    "consent_given_on",
                    "consent_recorded_by",
                    "consent_wording",
                    "consent_withdrawn_on",
                    "consent_withdrawn_by",
                ],
                "description": f"Le service suffit presque toujours. {WORDINGS[WORDING]}",
            },
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        """One person for ever: another one is another contact."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "person_name"] if obj and (obj.person_name or obj.consent_withdrawn_on) else fields

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "person_name" in form.changed_data:
            tell(obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def replacements(self, row):
        return Contact.objects.publishable().exclude(pk=row.pk)

    @admin.display(description="accord", boolean=True)
    def consent_state(self, obj):
        return obj.is_publishable if obj.person_name else None

    @admin.action(description="Retirer l’accord des personnes nommées (aujourd’hui)", permissions=["change"])
    @transaction.atomic
    def withdraw_consent(self, request, queryset):
        named = [contact for contact in queryset if contact.person_name]
        names = ", ".join(contact.person_name for contact in named)
        for contact in named:
            contact.withdraw_consent(by=request.user)
            self.log_change(request, contact, "Accord retiré.")
        if named:
            self.message_user(request, f"Accord retiré\u00a0: {names}.", messages.SUCCESS)
        else:
            self.message_user(request, "Aucun de ces contacts ne publie le nom d’une personne.", messages.WARNING)
