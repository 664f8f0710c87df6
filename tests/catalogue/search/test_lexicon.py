"""The lexicon: expressions stay whole, the same word finds what is the same, then what is near."""

import pytest
from django.db import transaction

from catalogue.models import Synonym
from catalogue.search.lexicon import Lexicon, Term, key_of
from isic.lib.french import stems
from tests.catalogue.asking import ask, find
from tests.factories import ActionFactory, DomainFactory, SynonymFactory

LINES = [
    (["FSL", "fonds de solidarité pour le logement"], ["aide au logement"]),
    (["gens du voyage", "tsiganes"], []),
    (["chômage", "sans emploi"], []),
    (["aide sociale"], []),
    (["aide sociale à l’enfance", "ASE"], []),
]


def within(text: str, lexicon: Lexicon) -> set[str]:
    line = f" {' '.join(stems(text))} "
    return set(lexicon.within(line, set(line.split())))


def test_key_leaves_articles_out_and_keeps_without():
    assert key_of("gens du voyage") == key_of("Gens de voyages")
    assert key_of("sans emploi") != key_of("emploi")
    assert key_of("de la") == "de la"


def test_terms_are_the_longest_expressions_and_the_words_wanted():
    lexicon = Lexicon(LINES)
    sequence = tuple(stems("aide sociale enfance parents on"))

    terms = list(lexicon.terms(sequence, {"parent"}))

    assert terms == [Term((key_of("aide sociale à l’enfance"), "ase")), Term(("parent",))]


def test_what_is_near_is_told_apart_and_one_way():
    lexicon = Lexicon(LINES)

    assert lexicon.term("fsl") == Term(
        ("fsl", key_of("fonds de solidarité pour le logement")), (key_of("aide au logement"),)
    )
    assert lexicon.term(key_of("aide au logement")) == Term((key_of("aide au logement"),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Une sortie avec les gens du voyage.", {"gens du voyage"}),
        ("Les gens préparent leur voyage", set()),
        ("Voyage de gens", set()),
        ("Des personnes sans emploi, en emploi", {"sans emploi"}),
        ("L’aide sociale à l’enfance", {"aide sociale", "aide sociale à l’enfance"}),
        ("Le fonds de solidarité logement", {"fonds de solidarité pour le logement"}),
    ],
)
def test_text_has_the_expressions_that_it_has_whole(text, expected):
    assert within(text, Lexicon(LINES)) == set(map(key_of, expected))


# --- In the index -------------------------------------------------------------------------------------------------
def sheet(title: str, **kwargs):
    return ActionFactory(title=title, published=True, **{"summary": "Une action."} | kwargs)


@pytest.mark.engine
def test_expression_typed_or_equivalent_does_not_break_into_words(db):
    SynonymFactory(words="gens du voyage, tsiganes")
    sheet("Avec les gens du voyage")
    sheet("Les gens en préparent un, de voyage")

    assert find("gens du voyage") == find("tsigane") == ["Avec les gens du voyage"]


@pytest.mark.engine
def test_expression_is_found_in_a_label_and_across_no_two_parts(db):
    SynonymFactory(words="gens du voyage, tsiganes")
    sheet("Par le domaine", domain=DomainFactory(name="Gens du voyage"))
    sheet("Des gens", summary="Du voyage.")

    assert find("tsiganes") == ["Par le domaine"]


def test_near_words_come_after_and_only_where_little_is_found(db):
    SynonymFactory(words="FSL, fonds de solidarité", related="logement")
    sheet("Le logement")
    sheet("Le texte", description="<p>Avec le fonds de solidarité.</p>")
    assert find("fsl") == ["Le texte", "Le logement"]
    assert ask("fsl").also == ["fonds de solidarité", "logement"]
    assert find("logement") == ["Le logement"]

    for n in range(4):
        sheet(f"FSL {n}")

    assert "Le logement" not in find("fsl")
    assert ask("fsl").also == ["fonds de solidarité"]


@pytest.mark.engine
def test_line_added_changed_or_deleted_shows_at_once(db):
    sheet("Avec les gens du voyage")
    assert find("tsiganes") == []

    with transaction.atomic():
        line = SynonymFactory(words="gens du voyage, tsiganes")
    assert find("tsiganes") == ["Avec les gens du voyage"]

    with transaction.atomic():
        line.words = "gens du voyage, roms"
        line.save()
    assert (find("tsiganes"), find("roms")) == ([], ["Avec les gens du voyage"])

    with transaction.atomic():
        Synonym.objects.get().delete()
    assert find("roms") == []


@pytest.mark.parametrize("related", ["", "  , "])
def test_line_of_one_word_is_refused_unless_something_is_near(related):
    line = SynonymFactory.build(words="seul", related=related)

    with pytest.raises(Exception, match="au moins deux mots"):
        line.clean()
    SynonymFactory.build(words="seul", related="isolé").clean()
