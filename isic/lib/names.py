"""Fields where one types the names of records: a commune, partners, themes. The browser suggests (static/js/names.js).

    themes = NamesField(Theme.objects.all(), suggest_url="/suggestions/thematiques/", describe=describe_theme)

`describe(record) -> Name`: its `value` is what the field shows and takes back, so no two records may share one. The records
have a `sort_key` (isic.lib.ordering). Places have their own fields (territories/fields.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.utils import flatatt
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from rapidfuzz import process

from isic.lib.ordering import sort_key

LONGEST = 200
MOST = 50
SUGGESTED = 10
_NEAR = 75


@dataclass(frozen=True)
class Name:
    value: str
    label: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Match:
    """What a typed name is: a record; or names to choose from, and by which sentence one is asked."""

    record: Model | None = None
    code: str = "unknown"
    choices: Sequence[Name] = ()


class NewName(str):
    """A name that nobody has yet: the caller makes the record (`allow_new`)."""

    __slots__ = ()


def describe_plainly(record: Model) -> Name:
    return Name(str(record), str(record))


def suggestions(request: HttpRequest, queryset: QuerySet, describe: Callable = describe_plainly) -> JsonResponse:
    """The names that begin by `q`, then those one of whose words does: two queries, ten lines at most."""
    key = sort_key(request.GET.get("q", "")[:LONGEST])
    records = []
    if len(key) >= 2:
        ordered = queryset.order_by("sort_key", "pk")
        records = list(ordered.filter(sort_key__startswith=key)[:SUGGESTED])
        records += ordered.filter(sort_key__contains=f" {key}").exclude(sort_key__startswith=key)[
            : SUGGESTED - len(records)
        ]
    return JsonResponse([asdict(describe(record)) for record in records], safe=False)


def _pick(name: str, typed: str | None) -> str:
    """The parameter that says which of several was meant by what is typed; another text leaves it without effect."""
    return f"{name}.{(typed or '').strip()}"


class NameInput(forms.TextInput):
    """One name."""

    template_name = "isic/widgets/names.html"
    several = False

    def __init__(self, suggest_url: str, *, allow_new: bool = False):
        super().__init__({"maxlength": LONGEST, "autocomplete": "off"})
        self.suggest_url, self.allow_new = suggest_url, allow_new
        #: Names that were not understood, each with those to choose from: they stay under the pen.
        self.unknown: dict[str, Sequence[Name]] = {}

    @property
    def media(self):
        return forms.Media(js=[forms.Script("js/names.js", type="module")])

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        inputs = self.inputs(value, {"type": "text", "name": name} | context["widget"]["attrs"])
        more = {"inputs": inputs, "several": self.several, "url": str(self.suggest_url), "allow_new": self.allow_new}
        picks = [{"name": _pick(name, typed), "typed": typed, "choices": c} for typed, c in self.unknown.items() if c]
        return context | {"widget": context["widget"] | more | {"picks": picks}}

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return data.get(_pick(name, value)) or value

    def inputs(self, value, attrs: dict) -> list[str]:
        return [flatatt(attrs | {"value": value or ""})]

    def _render(self, template_name, context, renderer=None):
        """By the templates of the house, which the renderer of forms does not know."""
        return render_to_string(template_name, context)


class NamesInput(NameInput):
    """Several names, in order: an input each and a blank one, all of the same name."""

    several = use_fieldset = True

    def inputs(self, value, attrs: dict) -> list[str]:
        invalid, name_id = attrs.pop("aria-invalid", None), attrs.pop("id", None)
        named = [
            attrs | {"value": one, "aria-label": f"Nom {rank}", "aria-invalid": "true" if one in self.unknown else None}
            for rank, one in enumerate(value or [], start=1)
        ]
        blank = attrs | {"id": name_id, "aria-label": "Ajouter un nom", "aria-invalid": None if named else invalid}
        return [flatatt({name: value for name, value in one.items() if value is not None}) for one in (*named, blank)]

    def format_value(self, value):
        return value

    def value_from_datadict(self, data, files, name):
        return [data.get(_pick(name, value)) or value for value in data.getlist(name) if value.strip()]

    def value_omitted_from_data(self, data, files, name):
        return False  # an empty list sends nothing

    def id_for_label(self, id_, index=None):
        return id_


class NameField(forms.Field):
    """One record of the queryset, by its name. With `allow_new`, an unknown name comes back as a `NewName`."""

    input = NameInput
    default_error_messages = {
        "unknown": "Nous ne connaissons pas «\u00a0%(name)s\u00a0».",
        "close": "Nous ne connaissons pas «\u00a0%(name)s\u00a0». Vouliez-vous dire\u00a0: %(names)s\u00a0?",
        "ambiguous": "Plusieurs s’appellent «\u00a0%(name)s\u00a0»\u00a0: %(names)s. Lequel\u00a0?",
        "long": f"Un nom fait {LONGEST} caractères au plus.",
        "many": f"Pas plus de {MOST} noms ici.",
    }

    def __init__(
        self,
        queryset: QuerySet,
        suggest_url: str,
        *,
        describe: Callable[[Model], Name] = describe_plainly,
        allow_new: bool = False,
        **kwargs,
    ):
        self.queryset, self.describe, self.allow_new = queryset, describe, allow_new
        super().__init__(widget=self.input(suggest_url, allow_new=allow_new), **kwargs)

    def prepare_value(self, value):
        return next(iter(self._shown([value])), "")

    def to_python(self, value):
        text = (value or "").strip() if isinstance(value, str | None) else value
        if text in self.empty_values or isinstance(text, Model):
            return text or None
        return self._resolve([text])[0]

    def has_changed(self, initial, data) -> bool:
        return self._changed([initial], [data])

    def _changed(self, initial: list, data: list) -> bool:
        kept, came = ([sort_key(name) for name in self._shown(values) if name] for values in (initial, data))
        return not self.disabled and kept != came

    def _shown(self, values: Iterable) -> list[str]:
        """The words for records, keys of records, or words."""
        values = list(values)
        keys = [value for value in values if value is not None and not isinstance(value, Model | str)]
        records = {record.pk: record for record in self.queryset.filter(pk__in=keys)} if keys else {}
        values = [records.get(value) if value in keys else value for value in values]
        return [self.describe(one).value if isinstance(one, Model) else one for one in values if one is not None]

    def _resolve(self, names: list[str]) -> list:
        """The record of each name, or every reason why not."""
        if len(names) > MOST:
            raise ValidationError(self.error_messages["many"], code="many")
        if any(len(name) > LONGEST for name in names):
            raise ValidationError(self.error_messages["long"], code="long")
        matches = self.match(names)
        if open_names := {name: match.choices for name, match in matches.items() if match.record is None}:
            self.widget.unknown = open_names
            raise ValidationError([self._error(name, matches[name]) for name in open_names])
        return [matches[name].record for name in names]

    def match(self, names: list[str]) -> dict[str, Match]:
        """What each name is; a constant number of queries where all are known."""
        return {name: self._match(name, *candidates) for name, candidates in self._candidates(names).items()}

    def _match(self, name: str, exact: list, named: list) -> Match:
        records = exact or named
        if len(records) == 1:
            return Match(records[0])
        if records:
            return Match(code="ambiguous", choices=[self.describe(one) for one in records[:5]])
        if self.allow_new and sort_key(name):
            return Match(NewName(name))
        near = [self.describe(one) for one in self._close(name)]
        return Match(code="close" if near else "unknown", choices=near)

    def _candidates(self, names: list[str]) -> dict[str, tuple[list, list]]:
        """Name → the records which show exactly these words; those which are called so."""
        wanted = {name: sort_key(name) for name in names}
        keys = set(wanted.values()) | {sort_key(name.rpartition(" (")[0]) for name in names}
        records = list(self.queryset.filter(sort_key__in=keys - {""}).order_by("sort_key", "pk"))
        shown = [(record, sort_key(self.describe(record).value)) for record in records]
        return {
            name: (
                [record for record, value in shown if value == key],
                [record for record in records if record.sort_key == key],
            )
            for name, key in wanted.items()
        }

    def _close(self, name: str) -> list[Model]:
        keys = list(self.queryset.order_by("sort_key").values_list("sort_key", flat=True)[:5000])
        near = [key for key, _, _ in process.extract(sort_key(name), keys, limit=5, score_cutoff=_NEAR)]
        records = list(self.queryset.filter(sort_key__in=near).order_by("pk"))
        records.sort(key=lambda record: near.index(record.sort_key))
        return records[:5]

    def words_of(self, match: Match) -> list[str]:
        """What its sentence says of each: those that share a name are told apart by what the field shows of them."""
        return [one.label if match.code == "close" and one.label else one.value for one in match.choices]

    def _error(self, name: str, match: Match) -> ValidationError:
        params = {"name": name, "names": ", ".join(self.words_of(match))}
        return ValidationError(self.error_messages[match.code], code=match.code, params=params)


class NamesField(NameField):
    """Several records, in the order given, each once."""

    input = NamesInput

    def prepare_value(self, value):
        return self._shown(value or [])

    def to_python(self, value):
        names = [name.strip() for name in value or [] if name.strip()]
        return list(dict.fromkeys(self._resolve(names))) if names else []

    def has_changed(self, initial, data) -> bool:
        return self._changed(list(initial or []), list(data or []))
