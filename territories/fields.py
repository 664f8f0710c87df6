"""The one field in which people write where: a commune, a quartier, an intercommunalité, however they spell it."""

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from isic.lib.names import LONGEST, SUGGESTED, Match, Name, NameField, NamesField
from territories.finding import Answer, Candidate, Gazetteer, Place
from territories.models import Territory


def describe_place(territory: Territory) -> Name:
    place = Place(territory.pk, territory.kind, territory.name, territory.code, territory.slug, 0)
    return name_of(Candidate(place))


def name_of(candidate: Candidate) -> Name:
    """What a field shows of a place: its value, its name, and why it is offered."""
    place = candidate.place
    return Name(place.value, place.name, candidate.why or _kind_words(place.kind))


def names_of(candidates: Iterable[Candidate]) -> list[Name]:
    """The same of several, which share no words: two communes of one name say their codes."""
    names = [(name_of(candidate), candidate.place) for candidate in candidates]
    seen = Counter((name.label, name.detail) for name, _place in names)
    return [
        Name(name.value, name.label, f"code officiel {place.code}" if place.code else place.slug)
        if seen[name.label, name.detail] > 1
        else name
        for name, place in names
    ]


def _kind_words(kind: str) -> str:
    """A commune says by itself what it is; a local unit goes by the département's own word."""
    words = {Territory.Kind.COMMUNE: "", Territory.Kind.LOCAL_UNIT: settings.LOCAL_UNIT_LABEL}
    return words.get(kind, Territory.Kind(kind).label)


def unknown(asked: str, answer: Answer) -> str:
    """Why nothing was understood, and what to write instead."""
    shown = f"«\u00a0{asked[:60]}\u00a0»"
    if answer.elsewhere:
        return f"{shown} est hors du département ({answer.elsewhere}). Indiquez la commune d’ici la plus proche."
    return f"Nous ne connaissons pas {shown} dans le département. Écrivez le nom ou le code postal d’une commune."


def suggested(request: HttpRequest, gazetteer: Gazetteer, kinds=None) -> JsonResponse:
    """The places that `q` may begin, for static/js/names.js."""
    candidates = gazetteer.suggest(request.GET.get("q", "")[:LONGEST], SUGGESTED, kinds)
    names = names_of(candidates)
    return JsonResponse([{"value": n.value, "label": n.label, "detail": n.detail} for n in names], safe=False)


#: How many places a sentence names; the choice below it has them all.
SAID = 6


class PlaceMatching:
    """Names are read by the gazetteer; what is not the name of the place itself is said, and asked, before it is kept."""

    default_error_messages = {
        "read": "«\u00a0%(name)s\u00a0»\u00a0: est-ce bien %(names)s\u00a0?",
        "ambiguous": "«\u00a0%(name)s\u00a0» peut être plusieurs lieux\u00a0: %(names)s. Lequel\u00a0?",
    }

    def __init__(self, queryset, suggest_url, **kwargs):
        super().__init__(queryset, suggest_url, describe=describe_place, **kwargs)

    def words_of(self, match):
        words = [f"{one.label} ({one.detail})" if one.detail else one.label for one in match.choices]
        return words if len(words) <= SAID + 1 else [", ".join(words[:SAID]) + f" et {len(words) - SAID}\u00a0autres"]

    def match(self, names):
        gazetteer = Gazetteer.load(self.queryset)
        answers = {name: gazetteer.find(name) for name in names}
        keys = [answer.place.pk for answer in answers.values() if answer.place and not answer.reading]
        records = self.queryset.in_bulk(keys)
        return {name: _match(answer, records) for name, answer in answers.items()}


def _match(answer: Answer, records: dict[int, Territory]) -> Match:
    if answer.place and answer.reading:
        return Match(code="read", choices=[name_of(Candidate(answer.place, answer.reading))])
    if answer.place:
        return Match(records[answer.place.pk])
    if answer.choices:
        return Match(code="ambiguous", choices=names_of(answer.choices))
    near = names_of(answer.suggestions)
    return Match(code="close" if near else "unknown", choices=near)


class PlaceField(PlaceMatching, NameField):
    """One place."""


class PlacesField(PlaceMatching, NamesField):
    """Several places, in the order given, each once."""
