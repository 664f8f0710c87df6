"""One analyser for documents and queries: what people write differently and mean alike."""

import threading

import pytest

from isic.lib.french import WORD, fold, is_stop_word, stem, stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("théâtre", "THEATRE"),
        ("cuisine", "cuisines"),
        ("partagée", "partagés"),
        ("isolées", "isole"),
        ("vélos", "vélo"),
        ("ados", "ado"),
        ("nounous", "nounou"),
        ("bureaux", "bureau"),
        ("jeux", "jeu"),
        ("lieux", "lieu"),
        ("locaux", "local"),
        ("heureuse", "heureux"),
        ("essais", "essai"),
        ("amies", "ami"),
        ("cœur", "coeur"),
        ("habitante", "habitants"),
        ("ŒUVRE", "oeuvres"),
        ("e\u0301cole", "école"),  # composed or not
        ("ﬁlm", "film"),
        ("aînée", "aînés"),
        ("aidante", "aidants"),
        ("inter\u00adcommunal", "intercommunal"),  # a soft hyphen, from a word processor
        ("bud\u200bget", "budget"),  # a place to break the line, from a web page
        ("\ufeffbud\u2060get\u200d", "budget"),
        ("C.A.F.", "Caf"),
        ("c.a.f", "CAF"),
        ("R.S.A", "rsa"),
        ("\uff23\uff21\uff26", "Caf"),  # full width
    ],
)
def test_words_written_otherwise_have_one_stem(one, other):
    assert stems(one) == stems(other) == [stem(other)]


@pytest.mark.parametrize(
    ("one", "other"), [("café", "Caf"), ("aînés", "Ain"), ("aidants", "aide"), ("entrée", "entre")]
)
def test_words_that_mean_something_else_keep_their_own_stem(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    "text",
    [
        "l’école",
        "l'école",
        "l`école",
        "l\u02bcécole",
        "l\u02b9école",
        "l\u00b4école",
        "l\uff07école",
        "l-école",
        "« l école »",
    ],
)
def test_apostrophes_and_hyphens_separate_words(text):
    assert stems(text) == stems("l école")


def test_only_single_letters_with_dots_make_an_acronym():
    text = "Fin. M. Petit, J.P.Noir, point 1.a, le 2.3 et site.fr"

    assert WORD.findall(text) == "Fin M Petit J.P. Noir point 1 a le 2 3 et site fr".split()


def test_the_stem_of_each_word_stands_at_its_place():
    text = "À l’orée : Œuvres (2026), aujourd’hui — 12-15 ans !"

    words = WORD.findall(text)

    assert words == ["À", "l", "orée", "Œuvres", "2026", "aujourd", "hui", "12", "15", "ans"]
    assert stems(text) == [stem(word) for word in words]


def test_fold_keeps_letters_and_digits_only_of_what_is_composed():
    assert [fold(word) for word in ("Élève", "Œdipe", "ÆGIR", "Straße")] == [
        "eleve",
        "oedipe",
        "aegir",
        "strasse",
    ]


@pytest.mark.parametrize(("word", "expected"), [("À", True), ("qu", True), ("Même", True), ("parent", False)])
def test_stop_words_are_known_whatever_the_accents(word, expected):
    assert is_stop_word(word) is expected


def test_threads_stem_at_the_same_time():
    words = [f"marche{chr(97 + n % 26)}{n}s" for n in range(2000)]
    answers = []
    threads = [threading.Thread(target=lambda: answers.append([stem(word) for word in words])) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [[stem(word) for word in words]] * 4
