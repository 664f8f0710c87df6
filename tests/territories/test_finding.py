"""Which place people mean: spellings, postal codes, communes of before, and what is asked rather than guessed."""

import pytest

from territories.finding import Gazetteer, Place

#: Name → INSEE code and population; what else each is called.
TOWNS = {
    "Oyonnax": ("01283", 22000),
    "Apremont": ("01011", 300),
    "Cheignieu-la-Balme": ("01100", 150),
    "Chalamont": ("01074", 2500),
    "Villette-sur-Ain": ("01449", 700),
    "Replonges": ("01320", 3900),
    "Bourg-en-Bresse": ("01053", 41000),
    "Bourg-Saint-Christophe": ("01054", 1400),
    "Saint-Denis-lès-Bourg": ("01344", 5700),
    "Saint-Genis-Pouilly": ("01354", 13000),
    "Saint-Genis-sur-Menthon": ("01355", 400),
    "L’Abergement-Clémenciat": ("01001", 800),
    "Valserhône": ("01033", 16000),
    "Viriat": ("01451", 6500),
}
ALIASES = [
    ("Oyonnax", "postal_code", "01100"),
    ("Apremont", "postal_code", "01100"),
    ("Chalamont", "postal_code", "01320"),
    ("Villette-sur-Ain", "postal_code", "01320"),
    ("Bourg-en-Bresse", "postal_code", "01000"),
    ("Saint-Genis-Pouilly", "postal_code", "01630"),
    ("Viriat", "postal_code", "01440"),
    ("Valserhône", "postal_code", "01200"),
    ("Valserhône", "former_name", "Bellegarde-sur-Valserine"),
    ("Valserhône", "other_code", "01091"),
    ("Bourg-en-Bresse", "usual_name", "La ville-préfecture"),
]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    keys = {name: key for key, name in enumerate(TOWNS, start=1)}
    towns = [Place(keys[name], "commune", name, code, f"t{code}", people) for name, (code, people) in TOWNS.items()]
    others = [
        Place(90, "epci", "Haut-Bugey Agglomération", "200042935", "haut-bugey", 0),
        Place(91, "department", "Ain", "01", "ain", 0),
    ]
    return Gazetteer(towns + others, [(keys[name], kind, words) for name, kind, words in ALIASES])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Oyonnax", "Oyonnax"),
        ("  OYONNAX ", "Oyonnax"),
        ("St-Denis-lès-Bourg", "Saint-Denis-lès-Bourg"),
        ("ST DENIS LES BOURG", "Saint-Denis-lès-Bourg"),
        ("Abergement Clémenciat", "L’Abergement-Clémenciat"),
        ("L'Abergement-Clémenciat", "L’Abergement-Clémenciat"),
        ("L\u02bcabergement clemenciat", "L’Abergement-Clémenciat"),
        ("Oyon\u00adnax\u200b", "Oyonnax"),
        ("Oyonnax (01283)", "Oyonnax"),
        ("Chalamont (01320)", "Chalamont"),
        ("01320 Chalamont", "Chalamont"),
        ("Chalamont 01320", "Chalamont"),
        ("BOURG EN BRESSE CEDEX", "Bourg-en-Bresse"),
        ("01 000 Bourg-en-Bresse", "Bourg-en-Bresse"),
        ("Replonges (Ain)", "Replonges"),
        ("Haut-Bugey Agglomération (200042935)", "Haut-Bugey Agglomération"),
        ("ain", "Ain"),
    ],
)
def test_a_name_is_understood_however_it_is_written(gazetteer, typed, name):
    answer = gazetteer.find(typed)

    assert (answer.place.name, answer.reading) == (name, "")
    assert not answer.choices


@pytest.mark.parametrize(
    ("typed", "name", "reading"),
    [
        ("01200", "Valserhône", "code postal 01200"),
        ("01283", "Oyonnax", "code officiel 01283"),
        ("01091", "Valserhône", "ancien code 01091"),
        ("bellegarde sur valserine", "Valserhône", "ancienne commune\u00a0: Bellegarde-sur-Valserine"),
        ("ville préfecture", "Bourg-en-Bresse", "nom d’usage\u00a0: La ville-préfecture"),
        ("Viria (01440)", "Viriat", "code postal 01440"),
        ("St Genis (01630)", "Saint-Genis-Pouilly", "Saint-Genis-Pouilly"),
        ("Bourg Bresse", "Bourg-en-Bresse", "Bourg-en-Bresse"),
        ("01", "Ain", "code officiel 01"),
    ],
)
def test_what_is_not_the_name_says_how_it_was_read(gazetteer, typed, name, reading):
    answer = gazetteer.find(typed)

    assert (answer.place.name, answer.reading) == (name, reading)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("01100", ["Oyonnax", "Apremont", "Cheignieu-la-Balme"]),
        ("01 100", ["Oyonnax", "Apremont", "Cheignieu-la-Balme"]),
        ("01320", ["Chalamont", "Villette-sur-Ain", "Replonges"]),
        ("Bourg", ["Bourg-en-Bresse", "Bourg-Saint-Christophe"]),
        ("saint genis", ["Saint-Genis-Pouilly", "Saint-Genis-sur-Menthon"]),
        ("Oyonnax (01320)", ["Oyonnax", "Chalamont", "Villette-sur-Ain", "Replonges"]),
    ],
)
def test_what_may_mean_several_places_asks(gazetteer, typed, names):
    answer = gazetteer.find(typed)

    assert answer.place is None
    assert [candidate.place.name for candidate in answer.choices] == names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("oyonax", ["Oyonnax"]),
        ("Belgarde sur Valserine", ["Valserhône"]),
        ("Replonge", ["Replonges"]),
        ("Zzyzx", []),
        ("71000", []),
        ("", []),
        ("%_'\"\\\u0000", []),
    ],
)
def test_what_is_no_place_gets_the_nearest_names_or_none(gazetteer, typed, names):
    answer = gazetteer.find(typed)

    assert (answer.place, answer.choices) == (None, ())
    assert [candidate.place.name for candidate in answer.suggestions] == names


def test_kinds_narrow_what_is_looked_for(gazetteer):
    assert gazetteer.find("Haut-Bugey Agglomération", {"commune"}).place is None
    assert gazetteer.find("01", {"commune"}).place is None
    assert gazetteer.find("Oyonnax", {"commune"}).place.name == "Oyonnax"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("bou", ["Bourg-en-Bresse", "Bourg-Saint-Christophe", "Saint-Denis-lès-Bourg"]),
        ("0110", ["Oyonnax", "Apremont", "Cheignieu-la-Balme"]),
        ("bellegarde", ["Valserhône"]),
        ("st g", ["Saint-Genis-Pouilly", "Saint-Genis-sur-Menthon"]),
        ("o", []),
        ("", []),
        ("x" * 500, []),
    ],
)
def test_suggestions_begin_so_or_have_a_word_that_does(gazetteer, typed, names):
    assert [candidate.place.name for candidate in gazetteer.suggest(typed, 10)] == names


@pytest.mark.parametrize(
    ("typed", "department"),
    [
        ("71000", "Saône-et-Loire"),
        ("97400", "La Réunion"),
        ("20000", "Corse"),
        ("01999", ""),
        ("99999", ""),
        ("71", ""),
    ],
)
def test_code_of_another_departement_says_where_it_is(gazetteer, typed, department):
    assert gazetteer.find(typed).elsewhere == department
