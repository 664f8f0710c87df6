"""What people type becomes words, phrases and exclusions; nothing they type is an error."""

import pytest

from catalogue.search.query import Text, parse
from isic.lib.french import stem


def words(text: Text) -> list[str]:
    return list(text.words)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cuisine partagée", ["cuisine", "partagée"]),
        ("la cuisine de l’école", ["cuisine", "école"]),
        ("Et si on en", ["Et", "si", "on", "en"]),  # nothing but stop words: they are what is asked
        ("cuisine CUISINES cuisine", ["cuisine"]),
        ("", []),
        ("  \t ", []),
        ("!?… « » -", []),
        ("c'est-à-dire", ["dire"]),
    ],
)
def test_parse_keeps_the_words_that_say_something(typed, kept):
    assert words(parse(typed)) == [stem(word) for word in kept]


def test_parse_keeps_every_word_told_beside():
    assert parse("la cuisine de l’école").all_words == tuple(map(stem, ("la", "cuisine", "de", "l", "école")))


@pytest.mark.parametrize(
    ("typed", "phrases", "kept"),
    [
        ('"groupe de parole"', [("groupe", "de", "parole")], []),
        ('théâtre "café des parents"', [("café", "des", "parents")], ["théâtre"]),
        ('"cuisine"', [], ["cuisine"]),  # a phrase of one word is a word
        ("« groupe de parole »", [("groupe", "de", "parole")], []),
        ("“groupe de parole” „café des parents“", [("groupe", "de", "parole"), ("café", "des", "parents")], []),
        ('"un deux" "trois quatre" "cinq six"', [("un", "deux"), ("trois", "quatre")], ["cinq", "six"]),
        ('"jamais fermée', [], ["jamais", "fermée"]),
        ('""', [], []),
    ],
)
def test_parse_reads_phrases(typed, phrases, kept):
    text = parse(typed)

    assert text.phrases == tuple(tuple(map(stem, phrase)) for phrase in phrases)
    assert words(text) == [stem(word) for word in kept]


@pytest.mark.parametrize(
    ("typed", "excluded", "kept"),
    [
        ("parents -théâtre", ["théâtre"], ["parents"]),
        ('parents -"sortie culture"', ["sortie", "culture"], ["parents"]),
        ("grands-parents", [], ["grands", "parents"]),
        ("parents - théâtre", [], ["parents", "théâtre"]),
        ("--parents", ["parents"], []),
        ("parents -« sortie culture »", ["sortie", "culture"], ["parents"]),
        ("parents \u2011théâtre", ["théâtre"], ["parents"]),
    ],
)
def test_parse_reads_exclusions(typed, excluded, kept):
    text = parse(typed)

    assert list(text.excluded) == [stem(word) for word in excluded]
    assert words(text) == [stem(word) for word in kept]


def test_a_text_without_words_is_false():
    assert [bool(parse(typed)) for typed in ("", "-exclu", "mot", '"deux mots"')] == [False, False, True, True]


def test_typed_words_are_remembered_for_suggestions():
    assert parse("Cusine partagée").typed == {stem("Cusine"): "Cusine", stem("partagée"): "partagée"}
