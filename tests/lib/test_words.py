"""Lists, counts, amounts and openings."""

from decimal import Decimal

import pytest

from isic.lib.words import at_place, counted, euros, grouped, hours, listed, lower_first, of_place, opening, people


@pytest.mark.parametrize(
    ("words", "limit", "expected"),
    [
        ([], None, ""),
        (["a"], None, "a"),
        (["a", "b", "c"], None, "a, b et c"),
        (["a", "b", "c", "d"], 3, "a, b, c et d"),
        (["a", "b", "c", "d", "e"], 3, "a, b, c et 2\u00a0autres"),
    ],
)
def test_listed_joins_words_and_counts_the_rest(words, limit, expected):
    assert listed(words, limit=limit) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Familles", "familles"), ("RSA", "RSA"), ("12-15 ans", "12-15 ans"), ("", "")]
)
def test_lower_first_spares_acronyms(text, expected):
    assert lower_first(text) == expected


@pytest.mark.parametrize(
    ("name", "of", "at"),
    [
        ("Bourg-en-Bresse", "de Bourg-en-Bresse", "à Bourg-en-Bresse"),
        ("Oyonnax", "d’Oyonnax", "à Oyonnax"),
        ("Échallon", "d’Échallon", "à Échallon"),
        ("Izernore", "d’Izernore", "à Izernore"),
        ("Hautecourt-Romanèche", "de Hautecourt-Romanèche", "à Hautecourt-Romanèche"),
        ("Haut Valromey", "de Haut Valromey", "à Haut Valromey"),
        ("Hyères", "d’Hyères", "à Hyères"),
        ("Yzeure", "d’Yzeure", "à Yzeure"),
        ("Yenne", "de Yenne", "à Yenne"),
        ("Le Poizat-Lalleyriat", "du Poizat-Lalleyriat", "au Poizat-Lalleyriat"),
        ("Les Neyrolles", "des Neyrolles", "aux Neyrolles"),
        ("La Tranclière", "de La Tranclière", "à La Tranclière"),
        ("L’Abergement-Clémenciat", "de L’Abergement-Clémenciat", "à L’Abergement-Clémenciat"),
        ("Lescheroux", "de Lescheroux", "à Lescheroux"),
        ("Le", "de Le", "à Le"),
    ],
)
def test_place_names_are_contracted_as_one_says_them(name, of, at):
    assert (of_place(name), at_place(name)) == (of, at)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (counted(1, "séance"), "1\u00a0séance"),
        (counted(1200, "séance"), "1\u00a0200\u00a0séances"),
        (counted(18, "mois", "mois"), "18\u00a0mois"),
        (people(0), "moins de 5\u00a0personnes"),
        (people(4), "moins de 5\u00a0personnes"),
        (people(5), "5\u00a0personnes"),
        (grouped(Decimal("12.50")), "12,5"),
        (euros(Decimal("1500.00")), "1\u00a0500\u00a0€"),
        (euros(Decimal("12.50")), "12,50\u00a0€"),
        (hours(Decimal("3.5")), "3,5\u00a0h"),
        (hours(Decimal("35.0")), "35\u00a0h"),
    ],
)
def test_numbers_are_written_in_french(number, expected):
    assert number == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Une phrase assez longue. Une autre.", "Une phrase assez longue"),
        ("M. Exemple vient.", "M. Exemple vient"),
        ("Un titre\nPuis le texte", "Un titre"),
        ("mot " * 60, "mot " * 36 + "mot…"),
        ("", ""),
    ],
)
def test_opening_stops_at_the_first_sentence_or_between_two_words(text, expected):
    assert opening(text) == expected
