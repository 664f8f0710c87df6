"""The account forms, with the labels and help of this site."""

from allauth.account import forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.html import format_html, format_html_join

from accounts.passwords import WAYS

NEW_PASSWORD = {"password1": "Nouveau mot de passe", "password2": "Le même, une seconde fois"}


def relabel(form, labels: dict[str, str]) -> None:
    """Our words above the fields, and none inside them: a placeholder vanishes when one types."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = choice_help() if name == "password1" else ""
        field.widget.attrs.pop("placeholder", None)


def choice_help() -> str:
    return format_html("Au choix\u00a0: <ul>{}</ul>", format_html_join("", "<li>{}</li>", ((way,) for way in WAYS)))


def ask_code(form, label: str, help_text: str) -> None:
    relabel(form, {"code": label})
    form.fields["code"].help_text = help_text
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12}


class LoginForm(forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, {"login": "Adresse e-mail", "password": "Mot de passe"})
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, {"password": "Mot de passe"})


class ResetPasswordForm(forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, {"email": "Adresse e-mail"})


class ResetPasswordKeyForm(forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, NEW_PASSWORD)


class InvitationForm(ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, NEW_PASSWORD | {"password1": "Mot de passe"})


class ChangePasswordForm(forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, {"oldpassword": "Mot de passe actuel"} | NEW_PASSWORD)


class SetPasswordForm(forms.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, NEW_PASSWORD)


class CodeForm(mfa.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_code(self, "Code", "Les six chiffres de votre application, ou un code de secours.")

    def _emit_authentication_failed(self, authenticator):
        """A wrong code counts as a wrong password does: whoever tries codes has the password."""
        get_adapter().authentication_failed(context.request, email=self.user.email)


class CodeAgainForm(mfa.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_code(self, "Code", "Les six chiffres de votre application, ou un code de secours.")


class ActivationForm(totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_code(self, "Code affiché par l’application", "Six chiffres, qui changent toutes les trente secondes.")

    @property
    def spaced_secret(self) -> str:
        """The key as one copies it by hand, by groups of four."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))
