"""One date of a group: when, where, and why it is cancelled."""

import json
import uuid

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from actions.forms.rows import DateInput, TimeInput
from actions.models import Session
from actions.snapshot import plain
from isic.lib.forms import FrontForm
from isic.lib.layout import Pair
from isic.lib.merge import Saved, base_of, merge, read_base
from isic.lib.people import LINE_NOTE, AsksAboutPeople
from isic.lib.two_texts import Choice

#: A year before or after these is a slip of the pen.
YEARS = range(1990, 2100)


class SessionForm(AsksAboutPeople, FrontForm, forms.ModelForm):
    """Two people meet only where both changed the same field of the same date."""

    verb = "Enregistrer"
    #: What the page started from (isic.lib.merge).
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    layout = Layout(Pair("date", "starts_at", "ends_at"), "place")

    class Meta:
        model = Session
        fields = ["date", "starts_at", "ends_at", "place"]
        labels = {
            "date": "Quel jour\u00a0?",
            "starts_at": "De",
            "ends_at": "À",
            "place": "Où, si ce n’est pas au lieu habituel\u00a0?",
        }
        widgets = {"date": DateInput, "starts_at": TimeInput, "ends_at": TimeInput}

    def __init__(self, *args, instance, initial=None, **kwargs):
        self.title = f"Séance du {instance.day}" if instance.date else "Ajouter une date"
        self.stored = {name: plain(getattr(instance, name)) for name in self._meta.fields}
        self.saved = Saved()
        initial = {**(initial or {}), "base": json.dumps(base_of(self.stored))}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def _get_validation_exclusions(self):
        """Refuse a date that another session of the sheet already has."""
        return super()._get_validation_exclusions() - {"action"}

    def clean_date(self):
        date = self.cleaned_data["date"]
        if date.year not in YEARS:
            raise ValidationError("Vérifiez l’année de cette date.")
        return date

    def clean(self):
        """The rules judge what would be stored: mine, and what only the other person changed."""
        cleaned = super().clean()
        if self.instance._state.adding:
            return cleaned
        mine = {name: plain(cleaned[name]) for name in self.stored if name in cleaned}
        self.saved = merge(read_base(self.data), mine, self.stored, leave=Choice.read(self.data).theirs)
        for name in mine.keys() - self.saved.values.keys():
            cleaned[name] = getattr(self.instance, name)
        if "date" in cleaned:
            self.instance.move_to(cleaned["date"])
        return cleaned


class NewSessionForm(SessionForm):
    verb = "Ajouter cette date"
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, instance, **kwargs):
        action = instance.action
        hours = {"starts_at": action.rhythm_starts_at, "ends_at": action.rhythm_ends_at}
        super().__init__(*args, instance=instance, initial={"submission": uuid.uuid4(), **hours}, **kwargs)
        self.instance.key = self._key()

    def _key(self) -> uuid.UUID:
        """The same date of the same page is the same session, however often it is sent."""
        try:
            submission = uuid.UUID(self.data["submission"])
        except (KeyError, ValueError):
            return self.instance.key
        return uuid.uuid5(submission, f"{self.data.get('date')} {self.data.get('starts_at')}")


class CancelForm(SessionForm):
    verb = "Annuler cette séance"
    layout = Layout("cancellation_reason")

    class Meta:
        model = Session
        fields = ["cancellation_reason"]
        labels = {"cancellation_reason": "Pourquoi n’a-t-elle pas lieu\u00a0?"}
        help_texts = {"cancellation_reason": "Se lit sur la fiche. Par exemple\u00a0: salle indisponible."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cancellation_reason"].required = True
        self.fields["cancellation_reason"].privacy_note = LINE_NOTE
