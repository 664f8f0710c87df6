"""Two people save one thing: what one alone changed is kept, what both changed is asked, rows are told apart by key."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isic.lib.merge import Conflict, Saved, base_of, interleaved, merge, read_base

KEYS = "abcdef"


def rows(**texts) -> list[dict]:
    return [{"key": key, "text": text} for key, text in texts.items()]


def saving(before, mine, theirs, **options) -> Saved:
    return merge(base_of({"name": before}), {"name": mine}, {"name": theirs}, **options)


# --- Values -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "mine", "theirs", "values", "is_asked"),
    [
        ("a", "a", "a", {}, False),
        ("a", "b", "a", {"name": "b"}, False),
        ("a", "a", "b", {}, False),
        ("a", "b", "b", {}, False),
        ("a", "b", "c", {}, True),
        ([], [1], [], {"name": [1]}, False),
        ([], [1], [2], {}, True),
        ([1], [], [1, 2], {}, True),
    ],
)
def test_each_case_of_one_value(before, mine, theirs, values, is_asked):
    saved = saving(before, mine, theirs)

    assert (saved.values, saved.conflicts) == (values, (Conflict("name", mine, theirs),) if is_asked else ())


def test_names_are_apart():
    base = base_of({"title": "a", "goals": [], "summary": "s", "other": 1}, ["title", "goals", "summary"])

    saved = merge(
        base,
        {"title": "b", "goals": [], "summary": "x"},
        {"title": "a", "goals": rows(a="1"), "summary": "y", "other": 2},
    )

    assert (saved.values, saved.names) == ({"title": "b"}, ["summary"])


def test_without_a_base_whatever_differs_is_asked():
    saved = merge({}, {"a": 1, "b": 2, "rows": rows(a="1", b="2")}, {"a": 1, "b": 3, "rows": rows(b="3", c="4")})

    assert saved.values == {}
    assert [conflict.place for conflict in saved.conflicts] == [("b", ""), ("rows", "a"), ("rows", "b"), ("rows", "c")]
    assert "rows" not in saved.base


@pytest.mark.parametrize("base", ["", "null", "[]", "{", "3", '{"name": 3}', '{"name": [["a"]]}', "[" * 100_000])
def test_base_that_was_forged_covers_nobody(base):
    for mine, theirs in (("b", "c"), (rows(a="2"), rows(a="3"))):
        saved = merge(read_base({"base": base}), {"name": mine}, {"name": theirs})

        assert (saved.values, saved.names) == ({}, ["name"])


def test_base_goes_through_a_page():
    base = base_of({"title": "a", "rows": rows(a="1"), "none": []})

    assert read_base({"base": json.dumps(base)}) == base


# --- Rows ---------------------------------------------------------------------------------------------------------
def test_two_people_on_two_rows_never_meet():
    saved = saving(rows(a="1", b="2"), rows(a="1 mine", b="2", c="3"), rows(a="1", b="2 theirs", d="4"))

    assert saved.conflicts == ()
    assert saved.values == {"name": rows(a="1 mine", b="2 theirs", d="4", c="3")}


def test_row_that_both_changed_is_asked_alone():
    saved = saving(rows(a="1", b="2"), rows(a="mine", b="2 mine"), rows(a="theirs", b="2"))

    assert [conflict.place for conflict in saved.conflicts] == [("name", "a")]
    assert saved.values == {"name": rows(a="theirs", b="2 mine")}


@pytest.mark.parametrize(
    ("mine", "theirs", "values", "is_asked"),
    [
        (rows(a="1"), rows(b="2"), {"name": []}, False),
        (rows(b="2"), rows(a="1", b="2"), {"name": rows(b="2")}, False),
        (rows(a="1", b="2"), rows(b="2"), {}, False),
        (rows(b="2"), rows(a="changed", b="2"), {}, True),
        (rows(a="changed", b="2"), rows(b="2"), {}, True),
    ],
)
def test_row_that_one_removed(mine, theirs, values, is_asked):
    """Unchanged by the other it goes; changed by the other, it is asked."""
    saved = saving(rows(a="1", b="2"), mine, theirs)

    assert (saved.values, bool(saved.conflicts)) == (values, is_asked)


@pytest.mark.parametrize(
    ("mine", "theirs", "order"),
    [
        ("cab", "abc", "cab"),
        ("abc", "cab", "cab"),
        ("abcx", "cab", "cabx"),
        ("xabc", "abcy", "xabcy"),
        ("abcx", "abcy", "abcyx"),
        ("cba", "bacy", "cbay"),
        ("cab", "acb", "cab"),
        ("bc", "abxc", "bxc"),
    ],
)
def test_order_is_that_of_who_moved_rows(mine, theirs, order):
    """Of two who did, the last to save."""
    saved = saving(*(rows(**dict.fromkeys(keys, "")) for keys in ("abc", mine, theirs)))

    assert saved.conflicts == ()
    assert "".join(row["key"] for row in saved.values.get("name", rows(**dict.fromkeys(theirs)))) == order


@pytest.mark.parametrize("is_left", [True, False])
@pytest.mark.parametrize(
    ("mine", "theirs"),
    [(rows(a="mine"), rows(a="theirs")), (rows(a="mine"), []), ([], rows(a="theirs")), ("mine", "theirs")],
)
def test_choice_is_taken_and_asked_once(mine, theirs, is_left):
    before = rows(a="1") if isinstance(mine, list) else "1"
    asked = saving(before, mine, theirs)
    places = [conflict.place for conflict in asked.conflicts]

    saved = merge(asked.chosen_base, {"name": mine}, {"name": theirs}, leave=places if is_left else [])

    assert saved.conflicts == ()
    assert {"name": theirs, **saved.values} == {"name": theirs if is_left else mine}


def test_choice_that_somebody_overtook_is_asked_again():
    asked = saving(rows(a="1", b="2"), rows(a="mine", b="2"), rows(a="theirs", b="2"))

    saved = merge(asked.chosen_base, {"name": rows(a="mine", b="2")}, {"name": rows(a="third", b="3")})

    assert (saved.values, [conflict.theirs["text"] for conflict in saved.conflicts]) == ({}, ["third"])


# --- Whatever two people do ---------------------------------------------------------------------------------------
TEXTS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from("xyz"))
TABLES = TEXTS.flatmap(lambda texts: st.permutations(rows(**texts)))


def by_key(table: list[dict]) -> dict:
    return {row["key"]: row for row in table}


@given(TABLES, TABLES, TABLES)
def test_no_change_is_lost_and_none_is_covered(before, mine, theirs):
    saved = saving(before, mine, theirs)
    result = by_key(saved.values.get("name", theirs))
    start, my_rows, their_rows = map(by_key, (before, mine, theirs))
    asked = {conflict.key: (conflict.mine, conflict.theirs) for conflict in saved.conflicts}

    for key in KEYS:
        first, mine_now, theirs_now = (table.get(key) for table in (start, my_rows, their_rows))
        if key in asked:
            assert asked[key] == (mine_now, theirs_now)
            assert len({json.dumps(one) for one in (first, mine_now, theirs_now)}) == 3
            assert result.get(key) == theirs_now
        else:
            assert result.get(key) == (theirs_now if mine_now == first else mine_now)


@given(TABLES, TABLES)
def test_who_is_alone_gets_what_he_typed(before, mine):
    assert {"name": before, **saving(before, mine, before).values} == {"name": mine}
    assert saving(before, before, mine) == Saved({}, (), base_of({"name": before}))


@given(TABLES, TABLES, TABLES, TABLES)
def test_page_goes_on_from_what_was_saved(before, mine, theirs, later):
    """Sent again, nothing is written and the same is asked; changed again, only the new change is."""
    saved = saving(before, mine, theirs)
    stored = {"name": theirs, **saved.values}

    again = merge(saved.base, {"name": mine}, stored)
    assert (again.values, again.conflicts, again.base) == ({}, saved.conflicts, saved.base)

    after = merge(saved.base, {"name": later}, stored)
    result = by_key({**stored, **after.values}["name"])
    places = {conflict.key for conflict in (*saved.conflicts, *after.conflicts)}
    for key in set(KEYS) - places:
        if by_key(later).get(key) == by_key(mine).get(key):
            assert result.get(key) == by_key(stored["name"]).get(key)
        else:
            assert result.get(key) == by_key(later).get(key)


@given(st.lists(st.sampled_from(KEYS), unique=True), st.lists(st.sampled_from(KEYS), unique=True))
def test_two_orders_make_one_that_keeps_the_first(lead, follow):
    order = interleaved(lead, follow)

    assert [key for key in order if key in lead] == lead
    assert sorted(order) == sorted({*lead, *follow})
