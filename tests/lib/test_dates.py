"""Dates of templates as French says them."""

import datetime as dt

import pytest
from django.template import Context, Template


@pytest.mark.parametrize(
    ("day", "words", "expected"),
    [
        (dt.date(2026, 10, 1), "l j F Y", "jeudi 1er octobre 2026"),
        (dt.date(2026, 10, 1), "j F", "1er octobre"),
        (dt.date(2026, 4, 1), "j b", "1er avr"),
        (dt.date(2026, 10, 11), "j F Y", "11 octobre 2026"),
        (dt.date(2026, 10, 21), "l j F", "mercredi 21 octobre"),
        (dt.date(2026, 1, 1), "Y-m-d", "2026-01-01"),
        (dt.datetime(2026, 10, 1, 1, 1, tzinfo=dt.UTC), "j F Y", "1er octobre 2026"),
        (None, "j F Y", ""),
    ],
)
def test_first_of_a_month(day, words, expected):
    assert Template("{{ day|date:words }}").render(Context({"day": day, "words": words})) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.time(9, 30), "9\u00a0h\u00a030"),
        (dt.time(14), "14\u00a0h"),
        (dt.time(0, 5), "0\u00a0h\u00a005"),
        (dt.datetime(2026, 10, 1, 4, 24, tzinfo=dt.UTC), "6\u00a0h\u00a024"),
    ],
)
def test_hour_is_said_in_french(value, expected):
    assert Template("{{ value|hour }}").render(Context({"value": value})) == expected


@pytest.mark.parametrize("value", [dt.datetime(2026, 10, 1, 4, 24, tzinfo=dt.UTC), dt.time(6, 24)])
def test_hour_that_django_writes_by_itself_is_said_in_french(value):
    words = Template("{{ value }}").render(Context({"value": value}))

    assert words.endswith("6\u00a0h\u00a024")
    assert ":" not in words
