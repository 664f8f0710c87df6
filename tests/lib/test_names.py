"""Fields where one types names: what they understand, what they ask back, what is suggested."""

import json

import pytest
from django import forms
from django.http import QueryDict

from isic.lib.forms import FrontForm
from isic.lib.names import Name, NameField, NamesField, NewName, suggestions
from territories.models import Territory
from tests.factories import TerritoryFactory
from tests.lib.test_form_pack import by_id, parse, show

pytestmark = pytest.mark.django_db


def describe(place) -> Name:
    return Name(f"{place.name} ({place.code})", place.name, f"INSEE {place.code}")


def options(**more) -> dict:
    return {
        "queryset": Territory.objects.all(),
        "suggest_url": "/s/",
        "describe": describe,
        **more,
    }


class PlacesForm(FrontForm, forms.Form):
    place = NameField(**options(label="Où", required=False))
    places = NamesField(**options(label="Communes", required=False))


@pytest.fixture
def towns():
    names = [("Chalamont", "01074"), ("Bâgé-le-Châtel", "01026"), ("Saint-Martin", "01373"), ("Saint-Martin", "01374")]
    return [TerritoryFactory(name=name, code=code) for name, code in names]


def fill(**data) -> PlacesForm:
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return PlacesForm(query)


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("Chalamont", 0),
        ("  chalamont ", 0),
        ("CHALAMONT (01074)", 0),
        ("bage le chatel", 1),
        ("Saint-Martin (01374)", 3),
        ("saint martin (01373)", 2),
    ],
)
def test_a_name_is_understood_whatever_its_accents_and_case(towns, typed, index):
    assert NameField(**options()).clean(typed) == towns[index]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Chalamon", "Nous ne connaissons pas «\u00a0Chalamon\u00a0». Vouliez-vous dire\u00a0: Chalamont\u00a0?"),
        ("Zzyzx", "Nous ne connaissons pas «\u00a0Zzyzx\u00a0»."),
        ("%_'\"\\", "Nous ne connaissons pas «\u00a0%_'\"\\\u00a0»."),
        ("x" * 201, "Un nom fait 200 caractères au plus."),
        ("Zz\u0000", "Nous ne connaissons pas «\u00a0Zz\u0000\u00a0»."),
        (
            "Saint-Martin",
            "Plusieurs s’appellent «\u00a0Saint-Martin\u00a0»\u00a0: Saint-Martin (01373), Saint-Martin (01374). Lequel\u00a0?",
        ),
    ],
)
def test_a_name_not_understood_is_asked_again(towns, typed, sentence):
    with pytest.raises(forms.ValidationError) as refused:
        NameField(**options()).clean(typed)

    assert refused.value.messages == [sentence]


def test_several_names_keep_their_order_each_once(towns):
    form = fill(places=["Bâgé-le-Châtel", "", "chalamont", "bage le chatel", " "])

    assert form.is_valid()
    assert form.cleaned_data["places"] == [towns[1], towns[0]]


def test_names_have_a_limit(towns):
    with pytest.raises(forms.ValidationError, match="Pas plus de 50 noms ici"):
        NamesField(**options()).clean([f"Ville {number}" for number in range(51)])


def test_names_cost_the_same_whatever_their_number(towns, django_assert_num_queries):
    field = NamesField(**options())
    with django_assert_num_queries(1):
        field.clean(["Chalamont"])
    with django_assert_num_queries(1):
        field.clean(["Chalamont", "Bâgé-le-Châtel", "Saint-Martin (01373)"])


def test_what_was_not_understood_stays_under_the_pen(towns):
    form = fill(places=["Chalamont", "Bagé le Chatelle"], place="Perdu")

    assert not form.is_valid()
    tree = parse(show(form))
    inputs = [one for one in tree.iter("input") if one.get("name") == "places"]
    assert [(one.get("value"), one.get("aria-invalid")) for one in inputs] == [
        ("Chalamont", None),
        ("Bagé le Chatelle", "true"),
        (None, None),
    ]
    assert by_id(tree, "id_place").get("value") == "Perdu"
    assert by_id(tree, "id_place").get("aria-invalid") == "true"
    assert inputs[-1].get("id") == "id_places"


def test_what_was_meant_is_chosen_without_a_script(towns):
    asked = parse(show(fill(places=["Chalamont", "Saint-Martin"])))
    radios = [(one.get("name"), one.get("value")) for one in asked.iter("input") if one.get("type") == "radio"]

    chosen = fill(places=["Chalamont", "Saint-Martin"], **{"places.Saint-Martin": "Saint-Martin (01374)"})
    rewritten = fill(places=["Bâgé-le-Châtel"], **{"places.Saint-Martin": "Saint-Martin (01374)"})

    assert radios == [("places.Saint-Martin", f"Saint-Martin ({code})") for code in ("01373", "01374")]
    assert chosen.is_valid()
    assert chosen.cleaned_data["places"] == [towns[0], towns[3]]
    assert rewritten.is_valid()
    assert rewritten.cleaned_data["places"] == [towns[1]]


@pytest.mark.parametrize("kind", ["record", "key"])
def test_fields_show_what_they_start_from(towns, kind, django_assert_num_queries):
    start = [town if kind == "record" else town.pk for town in (towns[1], towns[0])]
    with django_assert_num_queries(0 if kind == "record" else 2):
        tree = parse(show(PlacesForm(initial={"places": start, "place": start[0]})))

    assert by_id(tree, "id_place").get("value") == "Bâgé-le-Châtel (01026)"
    assert [one.get("value") for one in tree.iter("input") if one.get("name") == "places"] == [
        "Bâgé-le-Châtel (01026)",
        "Chalamont (01074)",
        None,
    ]


def test_fields_know_whether_they_changed(towns):
    start = {"places": [towns[0].pk], "place": towns[1]}

    same = PlacesForm(QueryDict("places=chalamont+(01074)&places=&place=Bâgé-le-Châtel+(01026)"), initial=start)
    other = PlacesForm(QueryDict("places=&place="), initial=start)

    assert same.changed_data == []
    assert other.changed_data == ["place", "places"]


def test_an_empty_answer_is_none_or_no_record(towns):
    form = fill(place=" ")

    assert form.is_valid()
    assert form.cleaned_data == {"place": None, "places": []}
    with pytest.raises(forms.ValidationError, match="obligatoire"):
        NamesField(**options()).clean(["", ""])


def test_a_new_name_is_told_from_a_known_one(towns):
    field = NameField(**options(allow_new=True))

    assert isinstance(field.clean("Les jardins"), NewName)
    assert field.clean("Les jardins") == "Les jardins"
    assert field.clean("chalamont") == towns[0]
    with pytest.raises(forms.ValidationError):
        field.clean("…")


# --- Suggestions --------------------------------------------------------------------------------------------------
def suggest(rf, q) -> list[dict]:
    return json.loads(suggestions(rf.get("/s/", {"q": q}), Territory.objects.all(), describe).content)


def test_suggestions_begin_by_the_letters_then_have_a_word_that_does(rf):
    for name, code in (("Le Bourg", "01054"), ("Bourg-en-Bresse", "01053"), ("Faubourg", "01055")):
        TerritoryFactory(name=name, code=code)

    assert suggest(rf, "BOÛRG") == [
        {"value": "Bourg-en-Bresse (01053)", "label": "Bourg-en-Bresse", "detail": "INSEE 01053"},
        {"value": "Le Bourg (01054)", "label": "Le Bourg", "detail": "INSEE 01054"},
    ]


@pytest.mark.parametrize("q", ["", "b", " ' ", "%", "zz", "\u0000", "x" * 5000])
def test_suggestions_are_none_for_too_little_or_nothing(rf, q):
    TerritoryFactory(name="Bourg")

    assert suggest(rf, q) == []


@pytest.mark.parametrize("count", [1, 3, 30])
def test_suggestions_are_ten_at_most_for_the_same_cost(rf, django_assert_num_queries, count):
    for number in range(count):
        TerritoryFactory(name=f"Saint {number}")

    with django_assert_num_queries(1 if count == 30 else 2):
        suggestions = suggest(rf, "sain")

    assert len(suggestions) == min(count, 10)
