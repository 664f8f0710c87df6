"""The forms of the admin, under the rules of every other: they ask before they keep what tells of a person, two people lose
nothing of each other's, and one page sent twice makes one record.

`Forms` goes before a ModelAdmin or an inline. See isic.lib.people, isic.lib.merge and isic.lib.submissions.
"""

import json
import uuid

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.utils.html import format_html

from isic.lib.merge import Conflict, base_of, merge, read_base
from isic.lib.people import AsksAboutPeople

#: The key by which a page, sent twice, makes its record and its rows once.
PAGE_KEY = "page_key"
EMPTY = "rien"


class OfThePage(forms.Field):
    """What moves with a page; it is no word of anybody."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def has_changed(self, initial, data) -> bool:
        return False


class AdminForm(AsksAboutPeople):
    """The admin shows a field's errors and nothing else of it: the box is beside the words of the error."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "base" in self.fields:
            self.initial["base"] = json.dumps(base_of(self._stored()))

    def refuse(self, name: str, words: str) -> None:
        box, label = self.confirmations[name]
        question = '{} <label><input type="checkbox" name="{}"> {}</label><input type="hidden" name="{}" value="oui">'
        self.add_error(name, format_html(question, words, box, label, self.askings[name]))

    def clean(self):
        if self._has_base():
            self._merge()
        return super().clean()

    def is_overtaken(self) -> bool:
        """Whether somebody changed the row since this page was shown."""
        return self._has_base() and base_of(self._stored()) != self._base()

    def _has_base(self) -> bool:
        return "base" in self.fields and not self.instance._state.adding and self.add_prefix("base") in self.data

    def _base(self) -> dict:
        return read_base(self.data, self.add_prefix("base"))

    def _stored(self) -> dict:
        own = {field.name for field in (*self.instance._meta.fields, *self.instance._meta.many_to_many)}
        typed = (own & self.base_fields.keys()) - {self.instance._meta.pk.name}
        names = [name for name, field in self.fields.items() if name in typed and not field.disabled]
        return {name: _plain(self.initial.get(name)) for name in names}

    def _merge(self) -> None:
        """What only the other person changed stays as it is; what both changed is asked, and the next save is a knowing one."""
        stored = self._stored()
        mine = {name: _plain(self.cleaned_data[name]) for name in stored if name in self.cleaned_data}
        saved = merge(self._base(), mine, stored)
        for name in mine.keys() - saved.values.keys() - set(saved.names):
            self.cleaned_data[name] = self._value(name)
            if name in self.changed_data:
                self.changed_data.remove(name)
        for conflict in saved.conflicts:
            self._tell(conflict)
        if saved.conflicts:
            self.data = self.data.copy()
            self.data[self.add_prefix("base")] = json.dumps(saved.chosen_base)

    def _value(self, name: str):
        """As it is stored."""
        value = getattr(self.instance, name)
        return value.all() if self.instance._meta.get_field(name).many_to_many else value

    def _tell(self, conflict: Conflict) -> None:
        value = self._value(conflict.name)
        display = getattr(self.instance, f"get_{conflict.name}_display", None)
        words = display() if display else ", ".join(map(str, value)) if isinstance(value, QuerySet) else value
        words = {True: "oui", False: "non", None: EMPTY, "": EMPTY}.get(words, words) if _is_short(words) else words
        self.add_error(
            conflict.name,
            f"Quelqu’un d’autre a écrit ici entre-temps\u00a0: «\u00a0{words}\u00a0». Le vôtre est dans le champ\u00a0: "
            "enregistrez de nouveau pour le garder, ou remettez le sien.",
        )


def _is_short(value) -> bool:
    return value is None or isinstance(value, bool | str)


def _plain(value):
    """A value of a field, initial or cleaned, as JSON."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, QuerySet | list | tuple | set):
        return sorted((_plain(one) for one in value), key=str)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


class Forms:
    """Its forms, those that a subclass names included, have the rules; a hidden field or two goes with them."""

    #: Name of a field → kinds in their place there.
    belongs: dict[str, frozenset[str]] = {}
    #: Whether its forms compare by field; those of a sheet compare versions.
    merges = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("form", "add_form"):
            if form := getattr(self, name, None):
                setattr(self, name, self._under_the_rules(form))

    def _under_the_rules(self, form: type[forms.ModelForm]) -> type[forms.ModelForm]:
        bases = (form,) if issubclass(form, AdminForm) else (AdminForm, form)
        hidden = {PAGE_KEY: OfThePage(initial=uuid.uuid4)}
        if self.merges:
            hidden["base"] = OfThePage()
        return type(form.__name__, bases, {"belongs": self.belongs, "__module__": form.__module__, **hidden})

    def hidden_fields(self, request, obj) -> list[str]:
        if obj is None:
            return [PAGE_KEY] if self.has_add_permission(request) else []
        hidden = [PAGE_KEY, "base"] if self.merges else [PAGE_KEY]
        return hidden if self.has_change_permission(request, obj) else []

    def get_fieldsets(self, request, obj=None):
        (title, options), *others = super().get_fieldsets(request, obj)
        return [(title, {**options, "fields": [*options["fields"], *self.hidden_fields(request, obj)]}), *others]


class RowForms(Forms):
    """Rows are told apart by their key; a new one comes with its page."""

    def hidden_fields(self, request, obj) -> list[str]:
        return ["base"] if self.merges and self.has_change_permission(request, obj) else []


class RankForm(forms.ModelForm):
    """A row of a list whose cells are typed in the list: what it had when the page was shown goes with it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = not field.widget.is_hidden

    def clean(self):
        cleaned = super().clean()
        for name in [name for name in self.changed_data if self[name].html_initial_name in self.data]:
            stored = self.initial.get(name)
            if name in self.cleaned_data and stored not in (self._shown(name), self.cleaned_data[name]):
                self.add_error(name, f"Quelqu’un d’autre a mis «\u00a0{stored}\u00a0» entre-temps.")
        return cleaned

    def _shown(self, name: str):
        field, place = self.fields[name], self[name].html_initial_name
        return field.to_python(field.hidden_widget().value_from_datadict(self.data, self.files, place))
