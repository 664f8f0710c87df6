"""A letter of the outbox, as the manager reads and edits it."""

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from isic.lib.forms import FrontForm
from isic.lib.layout import Pair, Rows, Section
from isic.lib.people import AsksAboutPeople
from isic.lib.rows import Row, rows
from meetings.forms.shared import SharedForm
from meetings.models import Delivery, Letter
from meetings.people import read_people, unlisted, with_accounts


class RecipientRow(AsksAboutPeople, Row, forms.Form):
    belongs = {"name": frozenset({"name"})}
    layout = Layout("key", Pair("name", "address"))
    name = forms.CharField(label="Nom", max_length=Delivery._meta.get_field("name").max_length, required=False)
    address = forms.EmailField(label="Adresse e-mail", max_length=254)


class RecipientRows(
    rows(
        RecipientRow,
        label="Destinataires",
        singular="Destinataire",
        add_label="Ajouter un destinataire",
        blank=1,
        most=150,
    )
):
    paste_label = "Ajouter plusieurs destinataires"
    paste_help = "Collez leurs adresses, une par ligne ou séparées par des points-virgules."
    said_by = ("name", "address")

    @classmethod
    def read(cls, text, listed):
        people = unlisted(with_accounts(read_people(text)), listed)
        return [{"name": person["name"], "address": person["email"]} for person in people]

    def clean(self):
        super().clean()
        typed = [row["address"].lower() for row in self.values()] if not any(self.errors) else []
        if len(set(typed)) < len(typed):
            raise ValidationError("La même adresse est là deux fois\u00a0: gardez une seule ligne par personne.")


class LetterForm(SharedForm, AsksAboutPeople, FrontForm, forms.ModelForm):
    #: A letter says who presents, and whom to call.
    belongs = dict.fromkeys(["subject", "body"], frozenset({"name", "phone", "email"}))
    row_sets = {"people": RecipientRows}
    layout = Layout(Section("Le message", "subject", "body"), Section("À qui\u00a0?", Rows("people")))

    class Meta:
        model = Letter
        fields = ["subject", "body"]
        labels = {"subject": "Objet", "body": "Message"}
        widgets = {"body": forms.Textarea(attrs={"rows": 18})}
