"""Rows of a form, added, removed and moved: by buttons that post the form, or at once by static/js/rows.js.

    GoalRows = rows(GoalRow, label="Objectifs", singular="Objectif", add_label="Ajouter un objectif")

A button of the rows sends `op`; the view then shows the form again, with all that was typed:

    if "op" in request.POST:
        form = after_operation(WhyForm, request.POST, initial=…)
"""

import re
import uuid
from collections.abc import Iterator, Mapping

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict

from isic.lib.forms import FrontForm

_OPERATION = re.compile(r"(?P<prefix>.+?)(?:-(?P<index>\d{1,4}))?:(?P<verb>add|remove|up|down|paste)", re.ASCII)


class KeyField(forms.Field):
    """The row's identity, whatever its position: chosen by its first author. An invalid one is silently replaced."""

    widget = forms.HiddenInput

    def clean(self, value) -> uuid.UUID:
        try:
            return uuid.UUID(str(value))
        except ValueError:
            return uuid.uuid4()

    def has_changed(self, initial, data) -> bool:
        return False


class Row(FrontForm):
    """One row. It is blank where every field is empty or as it was offered."""

    def has_changed(self) -> bool:
        return any(not self._is_blank(bound) for bound in self)

    @staticmethod
    def _is_blank(bound) -> bool:
        data = bound.data
        return data in bound.field.empty_values or not bound._has_changed()


class RowsFormSet(forms.BaseFormSet):
    """Rows are plain dicts, each with its `key`, in the order of the page."""

    default_error_messages = {
        "missing_management_form": "La liste est arrivée incomplète\u00a0: rechargez la page.",
        "too_many_forms": "Pas plus de %(num)d lignes ici.",
    }
    can_order = can_delete = can_delete_extra = False
    extra = min_num = 0
    validate_max, validate_min = True, False
    renderer = None
    label = singular = add_label = help = ""
    #: Asks for many at once, as text: a row set that has it says how a text is `read`.
    paste_label = paste_help = ""
    #: The fields of which one at least is filled in where a row says something.
    said_by: tuple[str, ...] = ()
    blank = 0
    #: After an operation: what it did, and the button where the reader goes on.
    announcement = focus = ""

    @property
    def media(self):
        return super().media + forms.Media(js=[forms.Script("js/rows.js", type="module")])

    @property
    def error_id(self) -> str:
        return f"{self.prefix}_error"

    @property
    def is_full(self) -> bool:
        return len(self.forms) >= self.max_num

    @property
    def focus_on_add(self) -> bool:
        return self.focus == f"{self.prefix}:add"

    def initial_form_count(self) -> int:
        """None is sure to be there: any may be emptied, and is then dropped."""
        return 0

    def total_form_count(self) -> int:
        return max(0, super().total_form_count()) if self.is_bound else max(len(self.initial or ()), self.blank)

    def clean(self):
        if self.management_form.cleaned_data["TOTAL_FORMS"] < 0:
            raise forms.ValidationError(self.error_messages["missing_management_form"])

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["key"] = KeyField(required=False, initial=uuid.uuid4 if index is not None else "")

    def _construct_form(self, i, **kwargs):
        # What came is compared with a blank row, not with what was there: an unchanged row is not a blank one.
        return super()._construct_form(i, **({"initial": {}} if self.is_bound else {}), **kwargs)

    def values(self) -> list[dict]:
        """The rows that say something; two never have the same key."""
        seen, values = set(), []
        for form in self.forms:
            if form.has_changed():
                key = form.cleaned_data["key"]
                values.append(form.cleaned_data | {"key": uuid.uuid4() if key in seen else key})
                seen.add(key)
        return values

    @classmethod
    def read(cls, text: str, listed: list[tuple[str, ...]]) -> list[dict[str, str]]:
        """The rows that a pasted text makes; `listed`: what the fields of `said_by` say in each row that is there."""
        raise NotImplementedError

    def title(self, index: int) -> str:
        return f"{self.singular} {index + 1}"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from ((self.error_id, f"{self.label}\u00a0: {error}") for error in self.non_form_errors())
        for index, row in enumerate(self.forms):
            for name, errors in row.errors.items():
                field = name in row.fields and row[name]
                place = f"{self.title(index)}, {field.label}" if field else self.title(index)
                colon = "" if place.endswith("?") else "\u00a0:"
                target = field.id_for_label or field.auto_id if field else row.prefix
                yield from ((target, f"{place}{colon} {error}") for error in errors)


def rows(form: type, *, label, singular, add_label, help="", most=50, blank=0) -> type[RowsFormSet]:  # noqa: A002
    """The formset class of this form; `blank` empty rows are shown where there is no row yet."""
    row = form if issubclass(form, Row) else type(form.__name__, (Row, form), {})
    attributes = {"label": label, "singular": singular, "add_label": add_label, "help": help, "blank": blank}
    limits = {"max_num": most, "absolute_max": most + 50}
    return type(f"{form.__name__}s", (RowsFormSet,), {"form": row, **attributes, **limits})


def operate(data: QueryDict, op: str, row_sets: dict[str, type[RowsFormSet]]) -> QueryDict:
    """What was posted, once the button `op` has done its work; an unknown button does nothing."""
    return _Operation(data, op, row_sets).data


def operation(data: Mapping, row_sets: Mapping[str, type[RowsFormSet]]) -> str:
    """The button of rows that was pressed; a text that was pasted and not added yet is added first, whatever was pressed."""
    waiting = (name for name, kind in row_sets.items() if kind.paste_label and data.get(f"{name}-paste", "").strip())
    return data.get("op") or next((f"{name}:paste" for name in waiting), "")


def after_operation(form_class: type[FrontForm], data: QueryDict, **kwargs) -> FrontForm:
    """The form after the button `op` of these data: all that was typed is there, and nothing is judged yet."""
    done = _Operation(data, operation(data, form_class.row_sets), form_class.row_sets)
    form = form_class(done.data, **kwargs)
    form._errors, form.cleaned_data = ErrorDict(), {}
    for formset in form.rows.values():
        formset._errors, formset._non_form_errors = [], ErrorList()
        for row in formset:
            row._errors, row.cleaned_data = ErrorDict(), {}
        if formset.prefix == done.prefix:
            done.show(formset)
    return form


def put_back(form: FrontForm, name: str, rows: Mapping[int, dict], sentences: list[str]) -> None:
    """Show again, each at its place, rows that were taken away and cannot go; the sentences say why."""
    prefix, most = form.rows[name].prefix, form.rows[name].absolute_max
    lines = _read_lines(form.data, prefix, most)
    for place, values in rows.items():
        filled = {cell: value for cell, value in values.items() if value is not None and value is not False}
        lines.insert(place, {cell: ["on" if value is True else str(value)] for cell, value in filled.items()})
    form.data = _with_lines(form.data, prefix, lines)
    form.rows[name] = form._rows(name, form.row_sets[name])
    form.rows[name].non_form_errors().extend(sentences)


def _read_lines(data: QueryDict, prefix: str, most: int) -> list[dict[str, list[str]]]:
    """Each posted row: name of a field → its values."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    starts = [
        f"{prefix}-{index}-" for index in range(min(int(total), most) if re.fullmatch(r"[0-9]{1,4}", total) else 0)
    ]
    return [
        {name.removeprefix(start): values for name, values in data.lists() if name.startswith(start)}
        for start in starts
    ]


def _with_lines(data: QueryDict, prefix: str, lines: list[dict[str, list[str]]]) -> QueryDict:
    data = data.copy()
    rows_of_before = re.compile(rf"{re.escape(prefix)}-[0-9]+-")
    for name in [name for name in data if rows_of_before.match(name)]:
        del data[name]
    data[f"{prefix}-TOTAL_FORMS"] = str(len(lines))
    for index, line in enumerate(lines):
        for name, values in line.items():
            data.setlist(f"{prefix}-{index}-{name}", values)
    return data


class _Operation:
    def __init__(self, data: QueryDict, op: str, row_sets: dict[str, type[RowsFormSet]]):
        self.data, self.prefix, self.announcement, self.focus = data, "", "", ""
        match = _OPERATION.fullmatch(op)
        kind = match and row_sets.get(match["prefix"].rpartition("-")[2])
        if kind:
            self.prefix, self.kind = match["prefix"], kind
            lines = _read_lines(self.data, self.prefix, self.kind.absolute_max)
            if match["verb"] == "paste":
                self._paste(lines)
            else:
                self._work(lines, match["verb"], int(match["index"] or 0))
            self.data = _with_lines(self.data, self.prefix, lines)

    def _work(self, lines: list, verb: str, index: int) -> None:
        other = {"up": index - 1, "down": index + 1}.get(verb, index)
        if verb == "add" and len(lines) < self.kind.max_num:
            lines.append(self._offered())
            self.announcement = f"Ajout fait. {self._place(len(lines) - 1, lines)}."
            self.focus = f"{self.prefix}-{len(lines) - 1}"
        elif verb == "remove" and index < len(lines):
            del lines[index]
            self.announcement = f"Retrait fait. {f'Il en reste {len(lines)}' if lines else 'La liste est vide'}."
            self.focus = f"{self.prefix}:add"
        elif verb in ("up", "down") and max(index, other) < len(lines) and other >= 0:
            lines[index], lines[other] = lines[other], lines[index]
            self.announcement = f"Déplacement fait. {self._place(other, lines)}."
            last = other == (0 if verb == "up" else len(lines) - 1)
            back = "down" if verb == "up" else "up"
            self.focus = f"{self.prefix}-{other}:{back if last else verb}"

    def _paste(self, lines: list) -> None:
        self.data = self.data.copy()
        text = self.data.pop(f"{self.prefix}-paste", [""])[-1]
        spoken = [tuple(line.get(name, [""])[-1] for name in self.kind.said_by) for line in lines]
        lines[:] = [line for line, words in zip(lines, spoken, strict=True) if any(words)]
        values = self.kind.read(text, [words for words in spoken if any(words)])
        fitting = values[: max(0, self.kind.max_num - len(lines))]
        lines += [self._offered() | {name: [value] for name, value in row.items()} for row in fitting]
        left = f" La liste est complète\u00a0: {len(values) - len(fitting)} de trop." if values != fitting else ""
        self.announcement = f"Ajouts\u00a0: {len(fitting)}.{left} Relisez la liste, puis enregistrez."
        self.focus = f"{self.prefix}:add"

    def _place(self, index: int, lines: list) -> str:
        return f"{self.kind.singular} {index + 1} sur {len(lines)}"

    def _offered(self) -> dict[str, list[str]]:
        """A blank row, with what its form proposes."""
        line = {"key": [str(uuid.uuid4())]}
        for name, field in self.kind.form.base_fields.items():
            value = field.initial() if callable(field.initial) else field.initial
            if value is not None and value is not False:
                values = value if isinstance(value, list | tuple) else [value]
                line[name] = [str(one) for one in values]
        return line

    def show(self, formset: RowsFormSet) -> None:
        formset.announcement, formset.focus = self.announcement, self.focus
        for row in formset:
            if row.prefix == self.focus:
                row.visible_fields()[0].field.widget.attrs["autofocus"] = True
