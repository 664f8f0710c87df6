"""The field of places: what it keeps, and what it asks before it keeps it."""

import json

import pytest
from django import forms

from territories.fields import PlaceField, PlacesField, suggested
from territories.finding import Gazetteer
from territories.models import Territory
from tests.factories import AliasFactory, TerritoryFactory

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


@pytest.fixture
def oyonnax():
    town = TerritoryFactory(name="Oyonnax", code="01283", population=22000)
    AliasFactory(territory=town, kind="postal_code", text="01100")
    TerritoryFactory(name="Cheignieu-la-Balme", code="01100", population=100)
    return town


def field() -> PlaceField:
    return PlaceField(Territory.objects.places(), "/s/")


def test_a_name_is_kept(oyonnax):
    assert field().clean("oyonnax (01100)") == oyonnax
    assert PlacesField(Territory.objects.places(), "/s/").clean(["Oyonnax", "Oyonnax (01283)"]) == [oyonnax]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "01100",
            "«\u00a001100\u00a0» peut être plusieurs lieux\u00a0: Oyonnax (code postal 01100), Cheignieu-la-Balme (code officiel 01100). Lequel\u00a0?",
        ),
        ("01283", "«\u00a001283\u00a0»\u00a0: est-ce bien Oyonnax (code officiel 01283)\u00a0?"),
        ("oyonax", "Nous ne connaissons pas «\u00a0oyonax\u00a0». Vouliez-vous dire\u00a0: Oyonnax\u00a0?"),
        ("71000", "Nous ne connaissons pas «\u00a071000\u00a0»."),
    ],
)
def test_what_is_not_a_name_is_asked_before_it_is_kept(oyonnax, typed, sentence):
    with pytest.raises(forms.ValidationError) as refused:
        field().clean(typed)

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize("count", [1, 3])
def test_places_cost_as_many_queries_whatever_their_number(oyonnax, django_assert_num_queries, count):
    names = [TerritoryFactory(name=f"Ville {number}").name for number in range(count)]
    places = PlacesField(Territory.objects.places(), "/s/")

    with django_assert_num_queries(3):  # the places, what else they are called, the records
        assert len(places.clean(names)) == count


def test_suggestions_say_why(rf, oyonnax):
    answer = suggested(rf.get("/s/", {"q": "0110"}), Gazetteer.load(Territory.objects.places()))

    assert json.loads(answer.content) == [
        {"value": "Oyonnax (01283)", "label": "Oyonnax", "detail": "code postal 01100"},
        {"value": "Cheignieu-la-Balme (01100)", "label": "Cheignieu-la-Balme", "detail": "code officiel 01100"},
    ]


def test_a_sentence_names_the_first_of_many(oyonnax):
    for number in range(8):
        AliasFactory(territory=TerritoryFactory(name=f"Ville {number}"), kind="postal_code", text="01100")

    with pytest.raises(forms.ValidationError) as refused:
        field().clean("01100")

    assert " et 4\u00a0autres. Lequel" in refused.value.messages[0]


def test_two_communes_of_one_name_are_told_apart(oyonnax):
    for code in ("01373", "01374"):
        TerritoryFactory(name="Saint-Martin", code=code)

    with pytest.raises(forms.ValidationError) as refused:
        field().clean("St Martin")

    assert refused.value.messages == [
        "«\u00a0St Martin\u00a0» peut être plusieurs lieux\u00a0: Saint-Martin (code officiel 01373), Saint-Martin (code officiel 01374). Lequel\u00a0?"
    ]
    assert field().clean("Saint-Martin (01374)").code == "01374"
