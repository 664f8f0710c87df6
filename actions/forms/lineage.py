"""« Refaire chez nous »: a title and a unit, nothing more."""

import uuid

from django import forms

from actions.filing import keep_flags
from actions.lineage import redo
from actions.models import Action
from isic.lib.forms import FrontForm
from isic.lib.people import AsksAboutPeople
from territories.models import Territory


class RedoForm(AsksAboutPeople, FrontForm, forms.ModelForm):
    show_optional = True
    submission = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Action
        fields = ["title", "carrier_unit"]
        labels = {
            "title": "Comment s’appellera-t-elle chez vous\u00a0?",
            "carrier_unit": "Quelle unité la porte\u00a0?",
        }
        help_texts = {"title": "Vous pourrez changer ce nom."}

    def __init__(self, *args, user, source, **kwargs):
        self.user, self.source = user, source
        units = Territory.objects.offered_to(user, None)
        own = list(Territory.objects.served_by_user(user)[:1])
        initial = {"title": source.title, "carrier_unit": own[0] if own else None, "submission": uuid.uuid4()}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["carrier_unit"].queryset = units
        self.fields["carrier_unit"].required = True
        self.fields["carrier_unit"].empty_label = "Choisir une unité"

    def create(self) -> Action:
        data = self.cleaned_data
        draft = redo(
            self.source, by=self.user, title=data["title"], unit=data["carrier_unit"], submission=data["submission"]
        )
        keep_flags(draft, self.meant, self.meant.keys(), self.user)
        return draft
