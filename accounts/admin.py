"""Accounts, kept by the administrators: invited, given a role, deactivated."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms

from accounts import mfa, requests
from accounts.invitations import LIFETIME, invite
from accounts.models import User
from isic.lib.admin import BaseAdmin
from isic.lib.admin_forms import AdminForm
from isic.lib.mail import send_later

#: Values of the filter « état » → (its words, which accounts).
STATES = {
    "a-confirmer": ("à confirmer", User.objects.asked_for),
    "fermes": ("fermés", lambda: User.objects.filter(is_active=False, asked_at=None)),
}
EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


def role_field(db_field, **kwargs):
    """The roles, each with what it allows."""
    field = db_field.formfield(widget=admin.widgets.AdminRadioSelect(), **kwargs)
    field.choices = [(role, f"{role.label.capitalize()} – {User.ROLE_HELP[role].summary}") for role in User.Role]
    return field


class StateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [(value, words) for value, (words, _accounts) in STATES.items()]

    def queryset(self, request, queryset):
        _words, accounts = STATES.get(self.value(), ("", None))
        return queryset.filter(pk__in=accounts().order_by().values("pk")) if accounts else queryset


class InvitationForm(AdminForm, forms.ModelForm):
    """No password: the person chooses it, from the mail of invitation."""

    class Meta:
        model = User
        fields = ["email", "full_name", "function", "role"]
        help_texts = {
            "email": f"Une invitation y part, valable {LIFETIME.days} jours\u00a0: la personne choisit son mot de passe."
        }

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class UserChangeForm(AdminForm, auth_forms.UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class PasswordForm(auth_forms.AdminPasswordChangeForm):
    def save(self, commit=True):
        user = super().save(commit)
        send_later("password_changed", [user.email], {})
        return user


@admin.register(User)
class UserAdmin(BaseAdmin, auth_admin.UserAdmin):
    """An account is deactivated, never deleted: its sheets keep their author. Rooms above add their inlines."""

    form = UserChangeForm
    add_form = InvitationForm
    add_form_template = None
    change_password_form = PasswordForm
    list_display = ["email", "full_name", "function", "role", "state", "second_factor"]
    list_filter = [StateFilter, "role", "is_active"]
    search_fields = ["email", "full_name", "function"]
    ordering = ["email"]
    filter_horizontal = []
    list_select_related = ["asked_by"]
    actions = ["confirm_request", "refuse_request", "invite_again", "reset_second_factor"]
    readonly_fields = ["state", "second_factor", "joined_at", "last_login"]
    inlines = []
    fieldsets = [
        (None, {"fields": ["email", "full_name", "function", "password"]}),
        ("Ce que la personne peut faire", {"fields": ["role", "is_active"]}),
        ("Où en est le compte", {"fields": ["state", "second_factor", "joined_at", "last_login"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "full_name", "function", "role"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).with_second_factor()

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

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            invite(obj)
        elif obj.is_active and obj.asked_at:
            requests.confirm(obj)
        elif not obj.is_active:
            obj.sign_ins.all().delete()

    @admin.display(description="état", ordering="last_login")
    def state(self, obj):
        return f"{obj.state}, demandé par {obj.asked_by or 'un compte supprimé'}" if obj.is_asked_for else obj.state

    @admin.display(description="double authentification")
    def second_factor(self, obj):
        if obj.has_second_factor:
            return "activée"
        return "à activer" if obj.needs_second_factor else "non demandée"

    @admin.action(
        description="Confirmer la demande\u00a0: ouvrir le compte", permissions=["change"], location=EVERYWHERE
    )
    def confirm_request(self, request, queryset):
        for user in self._asked_for(request, queryset):
            requests.confirm(user)
            self.log_change(request, user, "Demande confirmée.")
            is_invited = user.is_waiting
            notice = f"Le compte de {user.email} est ouvert{'\u00a0: une invitation y part' if is_invited else ''}."
            self.message_user(request, notice, messages.SUCCESS)

    @admin.action(description="Refuser la demande", permissions=["change"], location=EVERYWHERE)
    def refuse_request(self, request, queryset):
        for user in self._asked_for(request, queryset):
            requests.refuse(user)
            notice = f"La demande est refusée\u00a0: rien n’est parti à {user.email}."
            self.message_user(request, notice, messages.SUCCESS)

    def _asked_for(self, request, queryset):
        for user in queryset:
            if user.is_asked_for:
                yield user
            else:
                self.message_user(request, f"Personne ne demande le compte de {user.email}.", messages.WARNING)

    @admin.action(description="Renvoyer l’invitation", permissions=["change"], location=EVERYWHERE)
    def invite_again(self, request, queryset):
        for user in queryset:
            if user.is_waiting:
                invite(user)
                self.message_user(request, f"L’invitation repart à {user.email}.", messages.SUCCESS)
            else:
                reason = "son mot de passe est déjà choisi" if user.is_active else "le compte est fermé"
                self.message_user(request, f"Pas d’invitation pour {user.email}\u00a0: {reason}.", messages.WARNING)

    @admin.action(description="Réinitialiser la double authentification", permissions=["change"], location=EVERYWHERE)
    def reset_second_factor(self, request, queryset):
        for user in queryset:
            if mfa.reset(user):
                self.log_change(request, user, "Double authentification réinitialisée.")
                notice = (
                    f"La double authentification de {user.email} est à activer de nouveau\u00a0; un e-mail le lui dit."
                )
                self.message_user(request, notice, messages.SUCCESS)
            else:
                notice = f"{user.email} n’a pas de double authentification."
                self.message_user(request, notice, messages.WARNING)

    def describe(self, obj):
        words = f"{obj.full_name} ({obj.email})" if obj.full_name else obj.email
        return words if obj.is_active else f"{words}, compte {obj.state}"
