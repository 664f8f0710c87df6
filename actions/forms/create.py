"""« Nouvelle action »: a title, a domain and a carrier, nothing more."""

import uuid

from django import forms
from django.db import transaction

from actions.filing import keep_flags
from actions.forms.people import AsksAboutPeople
from actions.forms.rows import PartnerField
from actions.models import Action, Domain, TeamMember
from isic.lib.forms import FrontForm
from partners.models import Contact
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
        """The draft; its author is its referent, and its service's contact is filled in. Sent twice: the same draft."""
        submission = uuid.uuid5(self.cleaned_data["submission"] or uuid.uuid4(), str(self.user.pk))
        action, is_new = Action.objects.get_or_create(
            submission=submission,
            defaults={
                **{name: self.cleaned_data[name] for name in self.Meta.fields},
                "contact": self._contact(),
                "created_by": self.user,
            },
        )
        if is_new:
            TeamMember.objects.create(
                action=action,
                user=self.user,
                role=TeamMember.Role.REFERENT,
                function=self.user.function or "référent",
                unit=action.carrier_unit,
            )
            keep_flags(action, self.meant, self.meant.keys(), self.user)
            action.close_version(by=self.user, kind="created")
        return action

    def _contact(self) -> Contact | None:
        unit = self.cleaned_data["carrier_unit"]
        return Contact.objects.filter(unit=unit, person_name="").first() if unit else None
