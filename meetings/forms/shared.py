"""A form of stored values that two people may change at once: merged by name and by row, asked where both changed one thing.

    form = LetterForm(request.POST, stored=values)      # the values of now, as JSON; the page starts from them
    saved = merge(read_base(form.data), form.mine(), stored)
    if saved.conflicts:
        return ask(request, saved, label=form.label_of, words=form.words_of, …)

See isic.lib.merge and isic.lib.two_texts.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import cached_property

from actions.snapshot import plain
from isic.lib.dates import hour
from isic.lib.merge import base_of, digest, read_base
from isic.lib.months import long_day
from isic.lib.people import marks_in_rows

Values = dict[str, object]


def in_json(value):
    """A value of a field or of a form, as it is compared. Browsers end lines in their own way, fields drop the blanks around."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return plain(value)


def values_of(record: Model, names: Iterable[str]) -> Values:
    """What is stored of a record."""
    return {name: in_json(record.serializable_value(name)) for name in names}


class WrongTogether(ValidationError):
    """Each of two changes was right alone. `values`: what they make together, so that the page can show it."""

    def __init__(self, messages, values: Mapping):
        super().__init__(messages)
        self.values = dict(values)


class BaseField(forms.Field):
    """What the page started from; it is no word of anybody, and is never judged."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data) -> bool:
        return False


class SharedForm:
    """Before `FrontForm` in the bases. `stored`: the values that the page starts from, by name of a field or of rows."""

    def __init__(self, *args, stored: Mapping, initial: Mapping | None = None, **kwargs):
        self.stored = stored
        rows = {name: stored[name] for name in self.row_sets if name in stored}
        super().__init__(*args, initial={**rows, **(initial or {}), "base": json.dumps(base_of(stored))}, **kwargs)
        self.fields["base"] = BaseField(required=False)

    def row_kwargs(self, name: str) -> dict:
        """What is stored in a row is not asked about again."""
        return {**super().row_kwargs(name), "older": marks_in_rows(name, self.stored.get(name, ())), "part": name}

    @cached_property
    def changed_data(self) -> list[str]:
        """Of a judged form. What is stored is not asked about again, however a browser ends its lines."""
        return [name for name in super().changed_data if name not in self.stored or self._is_new(name)]

    def _is_new(self, name: str) -> bool:
        return in_json(self.cleaned_data.get(name)) != self.stored[name]

    def mine(self) -> Values:
        """The judged form, as JSON; a row has its key and the fields of its form."""
        return {name: self._mine(name) for name in self.stored if name in self.cleaned_data}

    def _mine(self, name: str):
        value = self.cleaned_data[name]
        if name not in self.row_sets:
            return in_json(value)
        cells = ("key", *self.row_sets[name].form.base_fields)
        return [{cell: in_json(row[cell]) for cell in cells} for row in value]

    def has_mine(self, name: str) -> bool:
        """Whether this value is not the one that the page started from."""
        return digest(in_json(self.cleaned_data.get(name))) != read_base(self.data).get(name)

    @property
    def texts(self) -> set[str]:
        """Names of which two texts may both be kept."""
        return {name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)}

    def label_of(self, name: str) -> str:
        return self.row_sets[name].label if name in self.row_sets else self.fields[name].label

    def words_of(self, name: str, value) -> str | list[str]:
        """A value as it is read; of rows, a line for each."""
        if name not in self.row_sets:
            return in_words(self.fields[name], value)
        cells = self.row_sets[name].form.base_fields
        return [", ".join(filter(None, (in_words(field, row[cell]) for cell, field in cells.items()))) for row in value]


def in_words(field: forms.Field, value) -> str:
    """A value of JSON as it is read."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value in (None, ""):
        return ""
    if isinstance(field, forms.ModelChoiceField):
        record = field.queryset.model.objects.filter(pk=value).first()
        return field.label_from_instance(record) if record else ""
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    if isinstance(field, forms.DateField):
        return long_day(dt.date.fromisoformat(value))
    if isinstance(field, forms.TimeField):
        return hour(dt.time.fromisoformat(value))
    return str(value)
