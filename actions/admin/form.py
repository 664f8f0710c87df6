"""The form of a sheet: it carries the version it started from, so that nobody's words are lost."""

from django import forms
from django.contrib.admin.utils import display_for_field
from django.utils import timezone
from django.utils.formats import date_format

from actions.differences import differences, labels_for
from actions.fieldmap import label
from actions.models import Action
from actions.rhythm import ORDINALS
from actions.snapshot import ROWS, snapshot
from isic.lib.admin_forms import AdminForm
from isic.lib.richtext import RichTextField, to_text

VOCABULARIES = ["domain", "audiences", "themes", "frameworks", "levers"]
EMPTY = "(vide)"


class ActionForm(AdminForm, forms.ModelForm):
    #: The account to notify; the admin sets it on the form class it builds for each request.
    reader = None
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    rhythm_ordinals = forms.TypedMultipleChoiceField(
        label="Quels jours du mois",
        choices=[(rank, word) for rank, word in ORDINALS.items()],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
    )
    service_readings = forms.MultipleChoiceField(
        label="Lectures du service",
        choices=[(name, label(name)) for name in Action.READINGS],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        help_text=Action._meta.get_field("service_readings").help_text,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and self.instance.pk:
            self.confirmed = frozenset(self.instance.privacy_flags.values_list("fingerprint", flat=True))
        #: The tables of the page are of the same sheet (actions.admin.rows).
        self.instance.confirmed_marks = self.confirmed
        #: (bound field, words stored meanwhile by somebody else), when this edit began at an older version.
        self.conflicts = []
        #: What somebody else changed meanwhile in the tables, which are not compared cell by cell.
        self.tables = []
        self.fields["seen_version"].initial = self.instance.version
        for name in VOCABULARIES:
            if name in self.fields:
                self.fields[name].queryset = self.fields[name].queryset.offered_to(self.instance)

    def clean(self):
        data = super().clean()
        if self.instance.pk and data.get("seen_version") != self.instance.version:
            self._tell_conflict()
        return data

    def _tell_conflict(self) -> None:
        """Say what the other person stored, keep what was typed, and let the next save be a knowing one."""
        self.conflicts = [
            (self[name], stored(self.instance, name)) for name in self.changed_data if name != "seen_version"
        ]
        self.tables = self._tables_changed_since(self.cleaned_data.get("seen_version"))
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_version")] = self.instance.version
        when = date_format(timezone.localtime(self.instance.updated_at), r"j F \à H:i")
        self.add_error(
            None,
            f"Quelqu’un d’autre a enregistré cette fiche entre-temps (le {when}). Rien de ce que vous avez écrit n’est "
            "perdu, et rien n’est encore enregistré\u00a0: comparez ci-dessous, corrigez, puis enregistrez de nouveau.",
        )

    def _tables_changed_since(self, seen: int | None) -> list:
        began = self.instance.versions.filter(number=seen).first() if seen else None
        if began is None:
            return []
        now = snapshot(Action.objects.for_snapshot().get(pk=self.instance.pk))
        then = {name: began.content[name] for name in ROWS if name in began.content}
        return differences(then, now, labels_for([then, now], reader=self.reader))


def stored(action: Action, name: str) -> str:
    """The stored value of a field, in words."""
    field = Action._meta.get_field(name)
    if field.many_to_many:
        return ", ".join(str(value) for value in getattr(action, name).all()) or EMPTY
    value = getattr(action, name)
    if isinstance(field, RichTextField):
        return to_text(value) or EMPTY
    if name == "service_readings":
        return ", ".join(map(label, value)) or EMPTY
    if name == "rhythm_ordinals":
        return ", ".join(ORDINALS[rank] for rank in value if rank in ORDINALS) or EMPTY
    return display_for_field(value, field, EMPTY) if value != "" else EMPTY
