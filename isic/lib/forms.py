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
    def confirmation(self) -> dict | None:
        """The box by which the writer says that the value is meant."""
        asked = self.form.confirmations.get(self.name)
        return asked and {"name": asked[0], "label": asked[1], "checked": asked[0] in self.form.data}


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
        super().__init__(*args, **kwargs)
        #: Name of a field → (name of a checkbox, its label): shown in the field's block, under its error.
        self.confirmations: dict[str, tuple[str, str]] = {}
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
