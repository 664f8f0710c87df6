"""« Nouvelle action »: a title, a domain and a carrier, nothing more."""

import uuid

from django import forms
from django.db import transaction

from actions.filing import keep_flags, new_draft
from actions.forms.rows import PartnerField
from actions.models import Action, Domain
from isic.lib.forms import FrontForm
from isic.lib.people import AsksAboutPeople
from territories.models import Territory


class CreateForm(AsksAboutPeople, FrontForm, forms.ModelForm):
    carrier_partner = PartnerField(
        label="ou bien quel partenaire\u00a0?", required=False, help_text="Si ce n’est pas une unité qui la porte."
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Action
        fields = ["title", "domain", "carrier_unit", "carrier_partner"]
        labels = {
            "title": "Comment s’appelle l’action\u00a0?",
            "domain": "Dans quel domaine\u00a0?",
            "carrier_unit": "Quelle unité la porte\u00a0?",
        }
        help_texts = {"title": "Par exemple\u00a0: Cuisine partagée. Vous pourrez le changer."}

    def __init__(self, *args, user, **kwargs):
        self.user = user
        units = Territory.objects.local_units().offered_to(user, None)
        first = list(units[:2])
        initial = {"submission": uuid.uuid4(), "carrier_unit": first[0] if len(first) == 1 else None}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["carrier_unit"].queryset = units
        self.fields["domain"].queryset = Domain.objects.filter(is_retired=False)
        self.fields["domain"].empty_label = "Choisir un domaine"

    @transaction.atomic
    def create(self) -> Action:
        """Make the draft; idempotent by its submission key."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        submission = self.cleaned_data["submission"] or uuid.uuid4()
        action, is_new = new_draft(by=self.user, submission=submission, **fields)
        if is_new:
            keep_flags(action, self.meant, self.meant.keys(), self.user)
            action.close_version(by=self.user, kind="created")
        return action
