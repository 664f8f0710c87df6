"""Accounts, kept by the administrators."""

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms

from accounts.models import User
from isic.lib.admin import BaseAdmin


def role_field(db_field, **kwargs):
    """The roles, each with what it allows."""
    field = db_field.formfield(widget=admin.widgets.AdminRadioSelect(), **kwargs)
    field.choices = [(role, f"{role.label.capitalize()} – {User.ROLE_HELP[role]}") for role in User.Role]
    return field


class UserCreationForm(auth_forms.AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "full_name", "function", "role"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[
            "usable_password"
        ].help_text = "Sans mot de passe, la personne choisit le sien par «\u00a0Mot de passe oublié\u00a0», sur la page de connexion."

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class UserChangeForm(auth_forms.UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self):
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(BaseAdmin, auth_admin.UserAdmin):
    """An account is deactivated, never deleted: its sheets keep their author. Rooms above add their inlines."""

    form = UserChangeForm
    add_form = UserCreationForm
    list_display = ["email", "full_name", "function", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["email", "full_name", "function"]
    ordering = ["email"]
    filter_horizontal = []
    readonly_fields = ["last_login", "joined_at"]
    inlines = []
    fieldsets = [
        (None, {"fields": ["email", "full_name", "function", "password"]}),
        ("Ce que la personne peut faire", {"fields": ["role", "is_active"]}),
        ("Dates", {"fields": ["joined_at", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "full_name", "function", "role"]}),
        ("Mot de passe", {"fields": ["usable_password", "password1", "password2"]}),
    ]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role":
            return role_field(db_field, **kwargs)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """Nobody takes the administration away from himself, which could leave the house without anyone to give it."""
        own = ["role", "is_active"] if obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *own]

    def has_view_permission(self, request, obj=None):
        """Managers choose a person for a team or a unit, so they may look one up; the list itself is not theirs."""
        if request.resolver_match.url_name == "autocomplete":
            return self.admin_site.has_permission(request)
        return super().has_view_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def describe(self, obj):
        return f"{obj.full_name} ({obj.email})" if obj.full_name else obj.email
