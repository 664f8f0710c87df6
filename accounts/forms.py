"""The account forms, with the labels and help of this site."""

from allauth.account import forms

CHOICE_HELP = "Au moins 12 caractères. Quatre ou cinq mots sans lien entre eux font un bon mot de passe."
NEW_PASSWORD = {"password1": "Nouveau mot de passe", "password2": "Le même, une seconde fois"}


def relabel(form, labels: dict[str, str]) -> None:
    """Our words above the fields, and none inside them: a placeholder vanishes when one types."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = CHOICE_HELP if name == "password1" else ""
        field.widget.attrs.pop("placeholder", None)


class LoginForm(forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, {"login": "Adresse e-mail", "password": "Mot de passe"})
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetPasswordForm(forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, {"email": "Adresse e-mail"})


class ResetPasswordKeyForm(forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, NEW_PASSWORD)


class ChangePasswordForm(forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, {"oldpassword": "Mot de passe actuel"} | NEW_PASSWORD)


class SetPasswordForm(forms.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, NEW_PASSWORD)
