"""The instance's answer on one passage, and a correction of the minutes."""

import json

from crispy_forms.layout import Layout
from django import forms

from actions.forms.rows import DateInput
from actions.snapshot import plain
from isic.lib.forms import FrontForm
from isic.lib.merge import base_of
from isic.lib.people import LINE_NOTE, AsksAboutPeople
from meetings.models import AgendaItem, Meeting, Member, Minutes
from meetings.models.agenda import APPROVALS
from meetings.outcomes import FIELDS, outcome_values, return_words

NOT_YET = ("", "pas encore dit")


class OutcomeForm(AsksAboutPeople, FrontForm, forms.ModelForm):
    """Several of them on one page: each has its prefix. What is stored was meant already."""

    show_optional = False

    class Meta:
        model = AgendaItem
        fields = list(FIELDS)
        widgets = {
            "outcome": forms.RadioSelect,
            "comes_back_on": DateInput,
            "brings": forms.Textarea(attrs={"rows": 4}),
        }
        labels = {"comes_back_on": "Revient le", "brings": "Ce que l’instance apporte"}

    def __init__(self, *args, instance: AgendaItem, **kwargs):
        super().__init__(*args, instance=instance, prefix=f"passage-{instance.pk}", **kwargs)
        self.fields["brings"].privacy_note = LINE_NOTE
        choices = list(AgendaItem.Outcome.choices[1:])
        if instance.kind == AgendaItem.Kind.APPROVAL:
            choices = list(APPROVALS.items())
            self.fields["outcome"].label = "Le compte rendu est"
        self.fields["outcome"].choices = [NOT_YET, *choices]
        if instance.action_id is None:
            for name in ("comes_back_on", "is_to_spread"):
                del self.fields[name]
        if instance.kind == AgendaItem.Kind.TOPIC:
            del self.fields["outcome"]
        self.layout = Layout(*self.fields)
        #: Digests of what the page starts from; judging a form writes into its instance.
        self.base = json.dumps(base_of(outcome_values(instance)))

    @property
    def note(self) -> str:
        """The meeting at which the answer makes the passage continue."""
        return return_words(self.instance)

    def mine(self) -> dict[str, object]:
        """What was typed and may be kept: a field that is wrong is left out."""
        kept = self.fields.keys() - self.errors.keys()
        return {name: plain(value) for name, value in self.cleaned_data.items() if name in kept}

    def label_of(self, name: str) -> str:
        return self.fields[name].label


class PresencesForm(FrontForm, forms.Form):
    """Who is there, one tap each; a member who left the list meanwhile is left out."""

    def __init__(self, *args, members: list[Member], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(Member.Presence.EXPECTED, "à dire"), *Member.Presence.choices[1:]]
        self.members = {f"presence-{member.pk}": member for member in members}
        for name, member in self.members.items():
            self.fields[name] = forms.ChoiceField(
                label=f"{member.name}{f', {member.function}' if member.function else ''}",
                choices=choices,
                initial=member.presence,
                required=False,
                widget=forms.RadioSelect,
            )

    def mine(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name in self.members}


class CorrectionForm(AsksAboutPeople, FrontForm, forms.Form):
    """Why the minutes are corrected, and who was there; the passages have forms of their own."""

    reason = forms.CharField(
        label="Que corrigez-vous\u00a0?",
        max_length=Minutes._meta.get_field("reason").max_length,
        help_text="En une phrase\u00a0: elle se lit avec la nouvelle version.",
    )

    def __init__(self, *args, meeting: Meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {f"presence-{member.pk}": member for member in meeting.members.in_order()}
        for name, member in self.members.items():
            self.fields[name] = forms.ChoiceField(
                label=member.name, choices=Member.Presence, initial=member.presence, required=False
            )

    def mine(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.members}
