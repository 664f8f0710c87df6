"""Words marked where they are: by their stems, and expressions whole."""

import pytest

from catalogue.marking import excerpt, marked_words
from catalogue.search.lexicon import key_of
from isic.lib.french import stems


def line(text: str) -> str:
    return f" {' '.join(stems(text))} "


def marked(text: str, *expressions: str) -> str:
    return marked_words(text, line(text), frozenset(map(key_of, expressions)))


@pytest.mark.parametrize(
    ("text", "expressions", "expected"),
    [
        ("Les parents, <b>", ["parent"], "Les <mark>parents</mark>, &lt;b&gt;"),
        ("Avec les gens du voyage", ["gens du voyage"], "Avec les <mark>gens du voyage</mark>"),
        ("Avec des gens et un voyage", ["gens du voyage"], "Avec des gens et un voyage"),
        ("Des gens partent en voyage", ["gens du voyage"], "Des gens partent en voyage"),
        ("Les gens", ["gens du voyage"], "Les gens"),
        ("L’aide sociale à l’enfance", ["aide", "aide sociale à l’enfance"], "L’<mark>aide sociale à l’enfance</mark>"),
        ("Une aide sociale", ["aide", "aide sociale à l’enfance"], "Une <mark>aide</mark> sociale"),
        ("inter\u00adcommunal", ["intercommunal"], "<mark>inter\u00adcommunal</mark>"),
        ("La C.A.F. aide", ["Caf"], "La <mark>C.A.F.</mark> aide"),
    ],
)
def test_what_is_marked(text, expressions, expected):
    assert marked(text, *expressions) == expected


def test_excerpt_begins_near_the_expression_and_not_near_one_of_its_words():
    text = "Des gens d’ici.\n" + "Un mot. " * 60 + "\nAvec les gens du voyage, le jeudi."

    shown = excerpt(text, line(text), frozenset([key_of("gens du voyage")]))

    assert "<mark>gens du voyage</mark>, le jeudi" in shown
    assert "d’ici" not in shown


def test_excerpt_of_nothing_is_empty():
    assert excerpt("Des gens", line("Des gens"), frozenset([key_of("gens du voyage")])) == ""
