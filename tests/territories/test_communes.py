"""The State's data on communes, as its package gives it."""

import json

import pytest

from territories.communes import PACKAGE, missing_aliases, read_aliases
from territories.finding import Gazetteer
from territories.models import Alias, Territory
from tests.factories import TerritoryFactory

ROWS = [
    {
        "code": "01033",
        "nom": "Valserhône",
        "type": "commune-actuelle",
        "anciensCodes": ["01091"],
        "codesPostaux": ["01200"],
    },
    {"code": "01033", "nom": "Bellegarde-sur-Valserine", "type": "commune-deleguee", "chefLieu": "01033"},
    {"code": "01091", "nom": "Châtillon-en-Michaille", "type": "commune-deleguee", "chefLieu": "01033"},
    {"code": "69123", "nom": "Lyon", "type": "commune-actuelle", "codesPostaux": ["69001", "69002"]},
    {
        "code": "69381",
        "nom": "Lyon 1er Arrondissement",
        "type": "arrondissement-municipal",
        "commune": "69123",
        "codesPostaux": ["69001"],
    },
    {"code": "38185", "nom": "Grenoble", "type": "commune-actuelle", "codesPostaux": ["38000"]},
]


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "communes.json"
    path.write_text(json.dumps(ROWS))
    return path


def test_a_commune_is_also_called_by_its_postal_codes_and_those_it_took_in(package):
    assert sorted(read_aliases({"01033", "69123"}, package)) == [
        ("01033", "former_name", "Bellegarde-sur-Valserine"),
        ("01033", "former_name", "Châtillon-en-Michaille"),
        ("01033", "other_code", "01091"),
        ("01033", "postal_code", "01200"),
        ("69123", "other_code", "69381"),
        ("69123", "postal_code", "69001"),
        ("69123", "postal_code", "69002"),
        ("69123", "usual_name", "Lyon 1er Arrondissement"),
    ]


@pytest.mark.engine
@pytest.mark.django_db
def test_aliases_are_added_once_and_a_manager_s_own_stay(package):
    town = TerritoryFactory(name="Valserhône", code="01033")
    own = Alias.objects.create(territory=town, text="Bellegarde")

    Alias.objects.bulk_create(missing_aliases(package))

    assert missing_aliases(package) == []
    assert town.aliases.count() == 5
    assert own in town.aliases.all()


@pytest.mark.skipif(not PACKAGE.exists(), reason="the data of the State is not installed (make communes)")
def test_every_postal_code_of_the_ain_finds_or_asks_and_never_takes_an_official_code_for_it(ain):
    gazetteer = Gazetteer.load(Territory.objects.places())
    codes = set(Alias.objects.filter(kind="postal_code").values_list("text", flat=True))
    official = dict(Territory.objects.filter(kind="commune").values_list("code", "name"))

    answers = {code: gazetteer.find(code) for code in codes}

    assert len(codes) >= 58
    assert len(codes & official.keys()) >= 28
    for code in codes & official.keys():
        assert official[code] in [candidate.place.name for candidate in answers[code].choices]
    assert all(answer.place or answer.choices for answer in answers.values())


@pytest.mark.skipif(not PACKAGE.exists(), reason="the data of the State is not installed (make communes)")
@pytest.mark.parametrize(
    ("typed", "name"), [("Bellegarde-sur-Valserine", "Valserhône"), ("Hauteville-Lompnes", "Plateau d’Hauteville")]
)
def test_communes_of_before_are_known(ain, typed, name):
    assert Gazetteer.load(Territory.objects.places()).find(typed).place.name == name
