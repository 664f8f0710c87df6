"""What looks like a person, in every usual writing; and what only resembles it."""

import time
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from isic.lib.personal import KINDS, find, fingerprint

HERE = Path(__file__).parent
#: Two hundred sentences of this trade that tell of nobody, one a line; all invented.
ORDINARY = (HERE / "ordinary_sentences.txt").read_text().splitlines()
#: « kinds | sentence », where ⏎ ends a line: each tells of somebody; all invented.
TELLING = [line.split(" | ", 1) for line in (HERE / "telling_sentences.txt").read_text().splitlines()]


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.kind, finding.excerpt) for finding in find(text)]


@pytest.mark.parametrize(
    ("kind", "excerpt"),
    [
        ("nir", "184127645108946"),
        ("nir", "1 84 12 76 451 089 46"),
        ("nir", "1.84.12.76.451.089.46"),
        ("nir", "1\u00a084\u00a012\u00a076\u00a0451\u00a0089\u00a046"),
        ("nir", "1 84 12 76 451 089"),
        ("nir", "1841276451089"),
        ("nir", "2 55 08 2A 004 017 78"),
        ("nir", "2 55 08 2b 004 017 08"),
        ("phone", "01 99 00 12 34"),
        ("phone", "0199001234"),
        ("phone", "01.99.00.12.34"),
        ("phone", "01-99-00-12-34"),
        ("phone", "01/99/00/12/34"),
        ("phone", "01\u00a099\u202f00\u00a012\u00a034"),
        ("phone", "0199 00 12 34"),
        ("phone", "06 123 456 78"),
        ("phone", "0 800 123 456"),
        ("phone", "+33 1 99 00 12 34"),
        ("phone", "+33 (0)1 99 00 12 34"),
        ("phone", "+33199001234"),
        ("phone", "0033 1 99 00 12 34"),
        ("email", "claire.martin@example.org"),
        ("email", "c-martin+caf@mail.example.org"),
        ("email", "claire.martin [at] example.org"),
        ("iban", "FR76 3000 6000 0112 3456 7890 189"),
        ("iban", "FR7630006000011234567890189"),
        ("iban", "fr76 3000 6000 0112 3456 7890 189"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("iban", "NO93 8601 1117 947"),
        ("iban", "MT84MALT011000012345MTLCAST001S"),
        ("name", "Mme Dupont"),
        ("name", "Mme X"),
        ("name", "M. Dupont"),
        ("name", "M Dupont"),
        ("name", "Mr Dupont"),
        ("name", "Madame DUPONT"),
        ("name", "monsieur Dupont"),
        ("name", "Melle Élodie Dupont-Durand"),
        ("name", "Mme de la Tour"),
        ("name", "M. d’Artagnan"),
        ("name", "M. Le Gall"),
        ("name", "M.\u00a0El Amrani"),
    ],
)
def test_found_in_the_middle_of_a_sentence(kind, excerpt):
    text = f"On a vu {excerpt}, puis on a parlé."

    assert found(text) == [(kind, excerpt)]
    assert text[find(text)[0].start :].startswith(excerpt)
    assert found(excerpt) == [(kind, excerpt)]


@pytest.mark.parametrize(
    ("text", "kind", "excerpt"),
    [
        ("allocataire n°\u00a01234567", "claimant", "1234567"),
        ("Son numéro Caf\u00a0: 1234567 A", "claimant", "1234567 A"),
        ("1234567B (dossier en cours)", "claimant", "1234567B"),
        ("née le 12/03/1984 à Bourg", "birth", "12/03/1984"),
        ("Né(e) le 12.03.84", "birth", "12.03.84"),
        ("né·e le 1er août 2014", "birth", "1er août 2014"),
        ("Date de naissance\u00a0: 12 mars 1984", "birth", "12 mars 1984"),
        ("12-03-1984 (naissance)", "birth", "12-03-1984"),
        ("M. et Mme Dupont sont venus", "name", "Mme Dupont"),
        ("Bonjour Madame, Monsieur Dupont est là", "name", "Monsieur Dupont"),
    ],
)
def test_found_by_what_stands_near(text, kind, excerpt):
    assert found(text) == [(kind, excerpt)]


@pytest.mark.parametrize(
    "text",
    [
        "Un budget de 1 234 567,00 € en 2024, dont 12 000 € de la Caf et 15 000 € du Département.",
        "Subvention Caf\u00a0: 1234567 €",
        "Une subvention de 1500000 euros pour le dossier",
        "Codes postaux\u00a0: 01000 01100",
        "Séances du 12/03/2024 10h au 19/03/2024, de 9h30 à 12h, puis le 01/02/2024 10 h 30",
        "01/02/2024 10\u00a0h, 02 03 2024 14 h",
        "De 2019 à 2024, 2025, 2026",
        "Préparation à la naissance\u00a0: 12/03/2024 et 19 mars 2024",
        "Des nouveau-nés, le 12/03/2024",
        "L’action est née en 2019 d’un constat",
        "M. le maire, Mme la présidente, M. le Préfet, Madame la Directrice, Monsieur Le Maire",
        "Bonjour Madame, Monsieur,",
        "Madame Monsieur",
        "Mesdames et Messieurs",
        "Rendez-vous salle M.\nLes familles sont attendues",
        "Rendez-vous salle M. Les familles sont attendues",
        "À 300 m. Le groupe marche",
        "SIRET 123 456 789 00012, SIREN 123 456 789, 12345678900012",
        "01000 Bourg-en-Bresse, 69001 Lyon, CS 50415",
        "La fiche n°\u00a017, article L411-3, décret 2019-768",
        "IBAN FR76 3000 6000 0112 3456 7890 188",
        "FR14 2004 1010 0505 0001 3M02 60",
        "ZZ76 3000 6000 0112 3456 7890 189",
        "1 84 12 76 451 089 47",
        "EAN 3017620422003 et 9782070408504",
        "de 6 à 10 ans, 8 personnes, 3 @ 5",
        "\u017fK" * 20 + "FR76 3000 6000 0112 3456 7890 18\u212a",
        "",
    ],
)
def test_what_only_resembles_is_left(text):
    assert found(text) == []


def test_several_findings_come_in_order_and_do_not_overlap():
    text = "Mme Dupont, née le 12/03/1984, 01 99 00 12 34 ou dupont@example.org, FR76 3000 6000 0112 3456 7890 189"

    assert [kind for kind, _ in found(text)] == ["name", "birth", "phone", "email", "iban"]
    assert [finding.label for finding in find(text)] == [KINDS[kind] for kind, _ in found(text)]


def test_account_number_ends_where_its_country_says():
    text = "le12 BE71 0961 2345 6769 FR76 3000 6000 0112 3456 7890 189 du compte"

    assert found(text) == [("iban", "BE71 0961 2345 6769"), ("iban", "FR76 3000 6000 0112 3456 7890 189")]


def test_fingerprint_tells_the_findings_and_nothing_else():
    confirmed = fingerprint(find("Mme Dupont, au 01 99 00 12 34"))

    assert (
        fingerprint(find("Appeler le 01.99.00.12.34\u00a0: c’est celui de Mme\u00a0DUPONT. Et Mme Dupont vient."))
        == confirmed
    )
    assert fingerprint(find("Mme Durand, au 01 99 00 12 34")) != confirmed
    assert fingerprint(find("Mme Dupont")) != confirmed
    assert len(confirmed) == 64
    assert fingerprint([]) == ""


def test_few_ordinary_sentences_raise_a_question():
    asked = [sentence for sentence in ORDINARY if find(sentence)]

    assert len(ORDINARY) == len(set(ORDINARY)) == 200
    assert len(asked) / len(ORDINARY) <= 0.03, asked


@pytest.mark.parametrize(("kinds", "sentence"), TELLING)
def test_sentence_that_tells_of_somebody_raises_a_question(kinds, sentence):
    assert set(kinds.split()) <= {finding.kind for finding in find(sentence.replace("⏎", "\n"))}


def test_every_kind_has_sentences():
    assert {kind for kinds, _ in TELLING for kind in kinds.split()} == set(KINDS)


def test_place_of_a_finding_is_its_place_in_the_text():
    text = "La cle\u0301 est au 06\u200b12 34\u00ad56 78, chez mme\u00a0dupont."

    assert [text[finding.start : finding.end] for finding in find(text)] == [
        "06\u200b12 34\u00ad56 78",
        "mme\u00a0dupont",
    ]


@pytest.mark.parametrize(
    "unit",
    ["a", "0 ", "06 ", "a@", "M. ", "Mme A ", "Mme de la ", "FR76 ", "1 84 12 01 ", "né 12/03/1984 ", "caf 1234567 ", " ",
     "+33 ", "A'", "01 99 00 12 34 ", "٣", "\n", "une dame ", "elle a ", "une dame de 82 ans, qui a un cancer ", "Martine Dupont ",
     "la famille D", "Marie-", "e\u0301", "MARTINE DUPONT ", "film, "],
)  # fmt: skip
def test_time_is_in_proportion_to_the_length(unit):
    """Four times the text costs four times the work, and sixteen times where it explodes."""

    def work(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        find(text)
        return time.process_time() - start

    short, long = 15_000, 60_000

    assert any(work(long) < 9 * work(short) + 0.05 for _ in range(3))


def test_texts_of_the_house_raise_no_question():
    """The sheets given as examples describe actions: only their contacts have a number and an address."""

    def texts(data) -> list[str]:
        if isinstance(data, str):
            return [data]
        if isinstance(data, dict):
            data = [value for name, value in data.items() if name != "source"]  # who wrote the book
        values = data if isinstance(data, list) else []
        return [text for value in values for text in texts(value)]

    files = sorted((settings.BASE_DIR / "actions/data").rglob("*.toml"))
    read = [text for path in files for text in texts(tomllib.loads(path.read_text()))]

    assert {finding.kind for text in read for finding in find(text)} <= {"email", "phone"}
    assert [text for text in read for finding in find(text) if finding.excerpt != text] == []
    assert len(read) > 1000
