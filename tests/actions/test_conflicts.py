"""Two editors: what each alone changed is kept, what both changed is asked."""

import pytest

from actions.conflicts import Merge, digests, merge

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        ("a", "a", "a", Merge({}, ())),
        ("a", "b", "a", Merge({"name": "b"}, ())),
        ("a", "a", "b", Merge({}, ())),
        ("a", "b", "b", Merge({}, ())),
        ("a", "b", "c", Merge({}, ("name",))),
    ],
)
def test_each_case_of_one_name(base, mine, theirs, expected):
    assert merge(digests({"name": base}, ["name"]), {"name": mine}, {"name": theirs}) == expected


def test_names_are_apart():
    base = digests({"title": "a", "goals": [], "summary": "s"}, ["title", "goals", "summary"])

    found = merge(base, {"title": "b", "goals": [], "summary": "x"}, {"title": "a", "goals": [1], "summary": "y"})

    assert found == Merge({"title": "b"}, ("summary",))


def test_without_a_base_whatever_differs_is_asked():
    assert merge({}, {"a": 1, "b": 2}, {"a": 1, "b": 3}) == Merge({}, ("b",))


def test_names_of_another_step_are_left_alone():
    assert merge(digests({"a": 1}, ["a"]), {"a": 2}, {"a": 1, "b": 9}) == Merge({"a": 2}, ())
