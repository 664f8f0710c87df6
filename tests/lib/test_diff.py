"""Two texts compared word by word."""

from difflib import SequenceMatcher

import pytest

from isic.lib import diff
from isic.lib.diff import compare, replaced


def told(before: str, after: str) -> str:
    """-removed- +added+ [skipped]"""
    signs = {"removed": "-{}-", "added": "+{}+", "same": "{}", "skipped": "[…]"}
    return " ".join(signs[piece.kind].format(piece.text.strip()) for piece in compare(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("", "Une cuisine", "+Une cuisine+"),
        ("Une cuisine", "", "-Une cuisine-"),
        ("Une cuisine", "Une cuisine", "Une cuisine"),
        ("Une cuisine partagée ici", "Une cuisine ouverte ici", "Une cuisine -partagée- +ouverte+ ici"),
        ("Un jardin", "Un jardin ouvert", "Un jardin +ouvert+"),
        ("un un un", "un un", "un un -un-"),
        ("Rien de tel", "Tout autre chose", "-Rien de tel- +Tout autre chose+"),
        ("Deux\nlignes", "Deux lignes", "Deux lignes"),
    ],
)
def test_words_removed_and_added(before, after, expected):
    assert told(before, after) == expected


def test_pieces_put_together_give_back_both_texts():
    before, after = "Le jeudi, on cuisine.\nOn mange ensemble ici.", "Le mardi, on cuisine.\nOn mange ici, ensemble."

    pieces = compare(before, after)

    for text, left_out in ((before, "added"), (after, "removed")):
        kept = "".join(
            piece.text if piece.text[-1].isspace() else f"{piece.text} " for piece in pieces if piece.kind != left_out
        )
        assert kept.split() == text.split()


def test_long_passage_that_did_not_change_is_skipped_in_its_middle():
    before = " ".join(f"mot{n}" for n in range(500))

    pieces = compare(before, f"{before} enfin")

    assert [piece.kind for piece in pieces] == ["same", "skipped", "same", "added"]
    assert [len(piece.text.split()) for piece in pieces] == [25, 0, 25, 1]


def test_value_in_the_place_of_another():
    assert [piece.kind for piece in replaced("lundi", "mardi")] == ["removed", "added"]
    assert [piece.kind for piece in replaced("", "mardi")] == ["added"]


def _numbered(words: int, every: int, mark: str = "mot") -> str:
    return " ".join(f"{mark}{n % 997}{'.' if n % every == 0 else ''}" for n in range(words))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_numbered(15_000, 15), _numbered(15_000, 15).replace("mot40 ", "neuf ")),
        (_numbered(15_000, 15), _numbered(15_000, 14)),
        (_numbered(15_000, 10**9), _numbered(15_000, 10**9, "autre")),
        ("a " * 50_000, "x " + "a " * 49_000 + "y"),
        ("a. b. " * 17_000, "z. " + "b. a. " * 17_000),
        (" ".join(f"x. u{n}" for n in range(9_000)), " ".join(f"x. v{n}" for n in range(9_000))),
        (" ".join(f"x u{n}" for n in range(1_900)), " ".join(f"x v{n}" for n in range(1_900))),
        ("a" * 100_000, "b" * 100_000),
    ],
    ids=["few words", "all sentences", "all words", "one word", "two words", "half", "square", "no space"],
)
def test_two_texts_of_a_hundred_thousand_characters_are_compared_within_the_limit(before, after, monkeypatch):
    """What costs the square is given little."""
    sizes = []

    class Counted(SequenceMatcher):
        def __init__(self, isjunk, a, b, *options, **more):
            sizes.append(len(a) + len(b))
            super().__init__(isjunk, a, b, *options, **more)

    monkeypatch.setattr(diff, "SequenceMatcher", Counted)
    pieces = compare(before, after)

    assert max(sizes, default=0) <= diff.LIMIT
    assert {"removed", "added"} <= {piece.kind for piece in pieces}
