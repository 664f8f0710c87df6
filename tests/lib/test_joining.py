"""Two texts made one: all of both, and no sentence twice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isic.lib.joining import joined


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("Le mien.", "L’autre.", "Le mien.\n\nL’autre."),
        ("On cuisine.", "On cuisine. Le mardi.", "On cuisine. Le mardi."),
        ("On cuisine. Le mardi.", "On cuisine.", "On cuisine. Le mardi."),
        ("On cuisine. Le mardi.", "On cuisine. Avec la Caf.", "On cuisine. Le mardi.\n\nAvec la Caf."),
        ("Le mardi. On cuisine.", "À midi. On cuisine.", "Le mardi. On cuisine.\n\nÀ midi."),
        ("On cuisine", "On cuisine ensemble. Puis on mange.", "On cuisine ensemble. Puis on mange."),
        ("Le mardi. On cuisine", "On cuisine ensemble.", "Le mardi. On cuisine ensemble."),
        ("- un\n- deux", "- un\n- trois\n- quatre", "- un\n- deux\n\n- trois\n- quatre"),
        ("Un.\r\n\r\nDeux.", "Un.\n\nTrois.", "Un.\n\nDeux.\n\nTrois."),
        ("Un.\n\nFin.", "Un.\n\nDeux.\n\nFin.", "Un.\n\nDeux.\n\nFin."),
        ("1. Un\n2. Deux", "1. Trois\n2. Deux", "1. Un\n\n1. Trois\n\n2. Deux"),
        ("", "L’autre.", "L’autre."),
        ("<p>Un. Deux.</p>", "<p>Un. Trois.</p>", "<p>Un. Deux.</p><p>Trois.</p>"),
        ("<p>Un.</p>", "<p>Un. Deux.</p>", "<p>Un. Deux.</p>"),
        (
            "<p>Un.</p><ul><li><p>a</p></li></ul>",
            "<p>Un.</p><h3>T</h3>",
            "<p>Un.</p><ul><li><p>a</p></li></ul><h3>T</h3>",
        ),
        ("<p><strong>Un.</strong></p>", "Deux.", "<p><strong>Un.</strong></p><p>Deux.</p>"),
    ],
)
def test_both_texts_without_a_sentence_twice(mine, theirs, both):
    assert joined(mine, theirs) == both


SENTENCES = st.lists(st.sampled_from(["Un jour.", "Deux fois.", "Trois !", "Puis on mange.", "Fin."]), unique=True)
TEXTS = st.builds(lambda sentences, gap: gap.join(sentences), SENTENCES, st.sampled_from([" ", "\n", "\n\n"]))


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!])\s+", text) if one]


@given(TEXTS, TEXTS)
def test_every_sentence_is_there_once_and_mine_in_my_order(mine, theirs):
    both = sentences(joined(mine, theirs))

    assert sorted(both) == sorted({*sentences(mine), *sentences(theirs)})
    assert mine in theirs or [one for one in both if one in sentences(mine)] == sentences(mine)
    assert joined(joined(mine, theirs), theirs) == joined(mine, theirs)


@given(TEXTS, TEXTS)
def test_rich_text_too(mine, theirs):
    rich = ["".join(f"<p>{line}</p>" for line in text.split("\n") if line) for text in (mine, theirs)]

    words = re.sub(r"</?p>", "\n", joined(*rich)).strip()

    assert sorted(sentences(words)) == sorted({*sentences(mine), *sentences(theirs)})
