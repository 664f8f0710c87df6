"""What every step of filing shares: it saves what it can, and tells the rest at its field."""

import json
from collections.abc import Collection

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import F, Q

from accounts.models import User
from accounts.requests import account_of
from actions.fieldmap import rich_texts
from actions.forms.rows import (
    describe_partner,
)
from actions.models import Action
from actions.snapshot import ROWS, Snapshot, plain
from actions.steps import FilingStep
from isic.lib.forms import FrontForm
from isic.lib.merge import base_of
from isic.lib.numbers import formfield
from isic.lib.ordering import sort_key
from isic.lib.people import LINE_NOTE, TEXT_NOTE, AsksAboutPeople, Meant, marks_in_rows
from isic.lib.rows import put_back
from partners.models import Partner
from territories.models import Territory

#: Row fields that describe people rather than things.
NOTED_LINES = frozenset("summary audience_notes life_state_reason outcome_notes".split())


class RecordsField(forms.ModelMultipleChoiceField):
    """No key is longer than its column: SQLite fails on one that is."""

    def clean(self, value):
        for key in value or ():
            if len(str(key)) > 18:
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key[:18]})
        return super().clean(value)


class StepForm(AsksAboutPeople, FrontForm, forms.ModelForm):
    """Save the valid fields, report the others at their field: one wrong date loses no text."""

    step: FilingStep
    remembers = True
    #: What the page started from (isic.lib.merge).
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Action
        fields = []
        formfield_callback = formfield
        field_classes = {field.name: RecordsField for field in Action._meta.many_to_many}

    def __init__(self, *args, user, content: Snapshot, flags=(), **kwargs):
        """`content` is the stored snapshot: the rows shown, and the values that this page starts from.

        `flags`: marks confirmed before. What is stored was meant too, or is older than the question.
        """
        self.user, self.content = user, content
        parts = in_words({name: content[name] for name in self.step.names if name in ROWS})
        initial = {**parts, "base": json.dumps(base_of(content, self.step.names)), **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, confirmed=flags, **kwargs)
        for name, field in self.fields.items():
            note = TEXT_NOTE if name in rich_texts() else LINE_NOTE if name in NOTED_LINES else ""
            field.privacy_note = note
        self.prepare()

    def prepare(self) -> None:
        """The choices that depend on the sheet or on the person."""

    def row_kwargs(self, name: str) -> dict:
        older = marks_in_rows(name, self.content[name]) if self.is_bound else ()
        kwargs = {"confirmed": self.confirmed, "older": older, "part": name}
        if name in ("team_members", "partnerships"):
            typed = [words for key in self.data for words in self.data.getlist(key) if key.endswith("-partner")]
            kwargs["partners_by_words"] = partners_called(typed)
        if name == "team_members":
            kwargs["units"] = list(Territory.objects.local_units().values_list("pk", "name"))
            stored = [row["user"] for row in self.content[name] if row["user"]]
            typed = {value.strip().lower() for key, value in self.data.items() if key.endswith("-user")}
            kwargs |= accounts_of(typed, stored)
        return kwargs

    def validate_constraints(self):
        """Report a broken constraint at the last of its fields in this step, and save none of them."""
        excluded = self._get_validation_exclusions()
        for constraint in self.instance._meta.constraints:
            names = [name for name in self.fields if name in fields_of(constraint.condition)]
            if any(name in self.errors for name in names):
                self.unsaved.update(names)
                continue
            if not names:
                continue
            try:
                constraint.validate(Action, self.instance, exclude=excluded)
            except ValidationError as error:
                self.add_error(names[-1], error.messages)
                self.unsaved.update(names)

    def _post_clean(self):
        self.unsaved: set[str] = set()
        super()._post_clean()

    def mine(self) -> Snapshot:
        """The values of this step that may be saved, as a snapshot; call it once the form was judged."""
        wrong = self.unsaved | {name for name in self.errors if name != NON_FIELD_ERRORS}
        values = {name: self._plain(name) for name in self.fields if name in self.step.names and name not in wrong}
        for name, rows in self.rows.items():
            if rows.is_valid():
                values[name] = [{field: plain(value) for field, value in row.items()} for row in rows.values()]
        for row in values.get("team_members", ()):
            if isinstance(row["user"], str):
                row["user"] = account_of(row["user"], by=self.user).pk
        return values

    def _plain(self, name: str):
        value = self.cleaned_data[name]
        if isinstance(value, str):
            return value.replace("\r\n", "\n")  # browsers end lines in their own way
        if Action._meta.get_field(name).many_to_many:
            return sorted(record.pk for record in value)
        return plain(value)

    @property
    def long_texts(self) -> set[str]:
        """Names of texts of several lines."""
        return {name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)}

    def put_back(self, name: str, rows: dict[int, Snapshot], sentences: list[str]) -> None:
        """Show again, each at its place, rows that cannot go; the sentences say why."""
        put_back(self, name, dict(zip(rows, in_words({name: list(rows.values())})[name], strict=True)), sentences)

    @classmethod
    def label_of(cls, name: str) -> str:
        """What this step calls a name of the snapshot."""
        return cls.row_sets[name].label if name in cls.row_sets else cls.base_fields[name].label

    def meant_texts(self) -> dict[str, list[Meant]]:
        """Name of a field or of rows → kinds of personal data found there and confirmed."""
        confirmed = dict(self.meant)
        for name, rows in self.rows.items():
            of_rows = [finding for row in rows for findings in row.meant.values() for finding in findings]
            if of_rows:
                confirmed[name] = of_rows
        return confirmed


def in_words(parts: Snapshot) -> Snapshot:
    """The rows as their fields show them: partners by name, accounts by address. A query for each."""
    rows = [row for name in ("team_members", "partnerships") for row in parts.get(name, [])]
    partners = Partner.objects.in_bulk({row["partner"] for row in rows})
    accounts = dict(User.objects.filter(pk__in={row.get("user") for row in rows}).values_list("pk", "email"))
    words = {
        "partner": lambda key: describe_partner(partners[key]).value if key in partners else "",
        "user": accounts.get,
    }
    return {
        name: [{n: words[n](value) if n in words else value for n, value in row.items()} for row in part]
        for name, part in parts.items()
    }


def partners_called(typed: list[str]) -> dict[str, Partner]:
    """Partners by the words that their fields show; a name that two of them share is left to its field."""
    partners_by_words: dict[str, list[Partner]] = {}
    for partner in Partner.objects.filter(sort_key__in={sort_key(words.rpartition(" (")[0]) for words in typed}):
        partners_by_words.setdefault(describe_partner(partner).value, []).append(partner)
    return {words: partners[0] for words, partners in partners_by_words.items() if len(partners) == 1}


def accounts_of(typed: set[str], stored: Collection[int]) -> dict[str, object]:
    """What the rows know of accounts: those typed that are open, those stored whatever became of them."""
    users = User.objects.filter(Q(email__in=typed, is_active=True) | Q(pk__in=stored)) if typed or stored else []
    return {
        "accounts": {user.email: user.pk for user in users},
        "closed": {user.email for user in users if user.is_closed},
    }


def fields_of(condition) -> set[str]:
    """The fields that the condition of a constraint reads."""
    if isinstance(condition, Q):
        return set().union(*map(fields_of, condition.children)) if condition.children else set()
    if isinstance(condition, tuple):
        name, value = condition
        return {name.partition("__")[0]} | ({value.name} if isinstance(value, F) else set())
    return set()
