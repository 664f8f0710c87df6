"""What every form of our pages has, besides Django's: a layout, rows, notes of privacy, confirmations.

    class WhyForm(FrontForm, forms.ModelForm):
        row_sets = {"goals": rows(GoalRow, label="Objectifs", …)}
        layout = Layout(Section("Pourquoi ?", "context", Rows("goals")))

A page shows it by `{% crispy form %}`, and loads its scripts and styles by `{% csp_nonce_attr form.media %}` in the head.
"""

from collections.abc import Iterator

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.template.loader import render_to_string

from isic.lib.layout import Rows


class BoundField(forms.BoundField):
    """A field may carry a `privacy_note`, shown under it and heard with it."""

    @property
    def aria_describedby(self):
        ids = super().aria_describedby
        if ids is not None and getattr(self.field, "privacy_note", "") and not self.is_hidden:
            ids = f"{ids} {self.auto_id}_privacy".strip()
        return ids

    @property
    def caution(self) -> str:
        """What is to be looked at in the stored value; asks for its `confirmation`."""
        return self.form.caution(self.name)

    @property
    def confirmation(self) -> dict | None:
        """The box by which the writer says that the value is meant, and the hidden field that says it was asked."""
        asked = self.form.confirmations.get(self.name)
        if not asked:
            return None
        asking = self.form.askings.get(self.name, "")
        return {"name": asked[0], "label": asked[1], "checked": asked[0] in self.form.data, "asking": asking}


class FrontForm:
    """Before `forms.Form` or `forms.ModelForm` in the bases."""

    bound_field_class = BoundField
    #: Where nearly everything is optional, saying so at each field is noise.
    show_optional = False
    #: Name → class of rows (isic.lib.rows); their initial value is a list of dicts, and so is their cleaned one.
    row_sets: dict[str, type] = {}
    #: A crispy layout; without one, the fields then the rows.
    layout: Layout | None = None

    class Media:
        css = {"all": ["css/forms.css"]}

    def __init__(self, *args, **kwargs):
        #: As `isic.lib.people` fills them: what the field's block shows under its error.
        self.confirmations: dict[str, tuple[str, str]] = {}
        self.askings: dict[str, str] = {}
        super().__init__(*args, **kwargs)
        self.rows = {name: self._rows(name, kind) for name, kind in self.row_sets.items()}

    def _rows(self, name: str, kind: type):
        return kind(
            self.data if self.is_bound else None,
            self.files if self.is_bound else None,
            prefix=self.add_prefix(name),
            initial=self.initial.get(name),
            form_kwargs=self.row_kwargs(name),
        )

    def row_kwargs(self, name: str) -> dict:
        """Keyword arguments for the rows of this name."""
        return {}

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.render_hidden_fields = True
        helper.layout = self.layout or Layout(*self.fields, *map(Rows, self.rows))
        return helper

    @property
    def media(self):
        return sum((rows.media for rows in self.rows.values()), super().media)

    def caution(self, name: str) -> str:
        """Words to read at a field whose stored value is to be looked at."""
        return ""

    def faults(self) -> Iterator[dict[str, str]]:
        """What the answer of a form that saves by itself says of each fault (static/js/autosave.js)."""
        fields = [
            (row[name], errors)
            for row in self._fields_rows()
            for name, errors in row.errors.items()
            if name in row.fields
        ]
        told = {bound.auto_id for bound, _errors in fields}
        for bound, errors in fields:
            shown = render_to_string("isic/field_fault.html", {"field": bound})
            yield {"id": bound.auto_id, "words": " ".join(errors), "html": shown}
        others = [*self.row_faults(), *((f"id_{name}", " ".join(errors)) for name, errors in self.errors.items())]
        yield from ({"id": target, "words": words} for target, words in others if target not in told)

    def _fields_rows(self) -> list:
        """This form, then each of its rows."""
        return [self, *(row for rows in self.rows.values() for row in rows)]

    def clean(self):
        """Rows are there in the `clean` of a subclass, once it has called this one."""
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        return cleaned | {name: rows.values() for name, rows in self.rows.items() if rows.is_valid()}

    def is_valid(self) -> bool:
        return super().is_valid() and all(rows.is_valid() for rows in self.rows.values())

    def has_row_faults(self) -> bool:
        return self.is_bound and any(True for _ in self.row_faults())

    def row_faults(self) -> Iterator[tuple[str, str]]:
        """The id of what is wrong in the rows, and the words for it."""
        for rows in self.rows.values():
            yield from rows.faults()
