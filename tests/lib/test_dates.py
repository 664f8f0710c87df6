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
        (dt.datetime(2026, 10, 1, 1, 1, tzinfo=dt.UTC), "j F Y à H:i", "1er octobre 2026 à 03:01"),
        (None, "j F Y", ""),
    ],
)
def test_first_of_a_month(day, words, expected):
    assert Template("{{ day|date:words }}").render(Context({"day": day, "words": words})) == expected
