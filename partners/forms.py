"""A contact, as its unit writes it: a service; or a person, with the agreement that a name needs."""

import json
import uuid
from collections.abc import Collection

from django import forms
from django.db import transaction
from django.utils import timezone

from isic.lib.forms import FrontForm
from isic.lib.merge import base_of
from isic.lib.people import AsksAboutPeople
from partners.consent import WORDING, WORDINGS, tell
from partners.models import Contact


class WholeContactForm(forms.ModelForm):
    def _get_validation_exclusions(self):
        """The constraints are checked although they read what no form asks."""
        return super()._get_validation_exclusions() - {"consent_recorded_by", "consent_withdrawn_on"}


class WithdrawalForm(FrontForm, forms.Form):
    """Nothing is ticked: a machine that opens the link and sends the form as it is withdraws nobody."""

    KEEP, WITHDRAW = "garder", "retirer"
    choice = forms.ChoiceField(
        label="Que voulez-vous\u00a0?",
        choices=[(KEEP, "Garder mon nom sur les fiches"), (WITHDRAW, "Retirer mon nom")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’un ou l’autre\u00a0: rien n’est changé."},
    )

    @property
    def withdraws(self) -> bool:
        return self.cleaned_data["choice"] == self.WITHDRAW


class RestoreForm(FrontForm, forms.Form):
    sure = forms.BooleanField(
        label="Oui, remettre mon nom, mon adresse et mon téléphone",
        error_messages={"required": "Cochez la case pour remettre votre nom\u00a0: rien n’est changé."},
    )


class ContactForm(AsksAboutPeople, FrontForm, WholeContactForm):
    """A name, once recorded, is not replaced: its person withdraws it, and another person is another contact."""

    show_optional = True
    #: What the page started from (isic.lib.merge).
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    agrees = forms.BooleanField(label="La personne a donné son accord, par écrit, à ce texte", required=False)

    class Meta:
        model = Contact
        fields = ["label", "email", "phone", "person_name", "consent_given_on"]
        labels = {
            "label": "Quel service\u00a0?",
            "email": "Adresse e-mail",
            "phone": "Téléphone",
            "person_name": "Nom de la personne",
            "consent_given_on": "Date de son accord",
        }
        help_texts = {
            "email": "Celle du service\u00a0; celle de la personne, si vous la nommez plus bas.",
            "person_name": "Laissez vide\u00a0: le service suffit presque toujours.",
            "consent_given_on": "Par exemple\u00a0: 15/01/2026. C’est vous qui l’enregistrez, et votre compte le dit.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial["submission"] = uuid.uuid4()
        self.initial["base"] = json.dumps(base_of(self.words_of(self.instance)))
        self.fields["agrees"].help_text = f"«\u00a0{WORDINGS[WORDING]}\u00a0»"
        self.order_fields(["label", "email", "phone", "person_name", "agrees", "consent_given_on"])
        if self.instance.person_name:
            self.fields["person_name"].disabled = True
            self.fields["agrees"].label = "La personne renouvelle son accord à ce texte"
            self.fields["person_name"].help_text = ""

    @classmethod
    def words_of(cls, contact: Contact) -> dict[str, str]:
        """What the form asks, as it is compared."""
        return {name: str(getattr(contact, name) or "") for name in cls.Meta.fields}

    def mine(self) -> dict[str, str]:
        return {name: str(self.cleaned_data[name] or "") for name in self.Meta.fields}

    def label_of(self, name: str) -> str:
        return self.fields[name].label

    def clean_consent_given_on(self):
        date = self.cleaned_data["consent_given_on"]
        if date and date > timezone.localdate():
            raise forms.ValidationError("La date de l’accord est dans l’avenir.")
        return date

    def clean(self):
        data = super().clean()
        if not data.get("person_name"):
            data["consent_given_on"] = None
            return data
        if not data.get("email") and "email" not in self.errors:
            self.add_error("email", "Indiquez l’adresse de la personne\u00a0: elle y reçoit de quoi retirer son nom.")
        is_new = "person_name" in self.changed_data or "consent_given_on" in self.changed_data
        if is_new and not data.get("agrees"):
            self.add_error(
                "agrees", "Un nom ne paraît qu’avec l’accord écrit de la personne\u00a0: cochez si vous l’avez."
            )
        if not data.get("consent_given_on") and "consent_given_on" not in self.errors:
            self.add_error("consent_given_on", "Indiquez la date de l’accord.")
        if is_new:
            self.instance.consent_recorded_by, self.instance.consent_wording = self.user, WORDING
        return data

    @transaction.atomic
    def save(self, stored: Contact, names: Collection[str]) -> Contact:
        """Into the stored contact, these names alone. A mail tells the person, at each address that the name is published with."""
        if "consent_given_on" in names or "person_name" in names:
            names = {*names, "consent_recorded_by", "consent_wording"}
        for name in names:
            setattr(stored, name, getattr(self.instance, name))
        stored.validate_constraints()
        stored.save()
        if {"person_name", "email"} & set(names):
            tell(stored)
        return stored
