"""Dates in words."""

import datetime as dt

import pytest

from isic.lib.months import long_day, period

TODAY = dt.date(2026, 5, 15)


def on(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("start", "end", "planned_end", "over", "words"),
    [
        (None, None, None, False, ""),
        (None, "2018-06-01", None, True, "jusqu’en juin 2018"),
        ("2017-09-01", None, None, False, "depuis septembre 2017"),
        ("2017-09-01", None, None, True, "commencée en septembre 2017"),
        ("2015-10-01", "2017-06-30", None, True, "d’octobre 2015 à juin 2017"),
        ("2016-04-01", "2017-08-30", None, True, "d’avril 2016 à août 2017"),
        ("2018-06-01", "2018-06-30", None, True, "en juin 2018"),
        ("2026-01-10", None, "2026-12-01", False, "depuis janvier 2026, jusqu’en décembre 2026"),
        ("2026-01-10", None, "2026-03-01", False, "depuis janvier 2026"),
        ("2026-01-10", None, "2026-03-01", True, "de janvier 2026 à mars 2026"),
        ("2016-01-01", None, None, False, "depuis 2016"),
        ("2017-01-01", "2018-12-31", None, True, "de 2017 à 2018"),
        ("2018-01-01", "2018-12-31", None, True, "en 2018"),
        ("2018-01-01", "2018-06-30", None, True, "de janvier 2018 à juin 2018"),
        ("2018-01-01", "2018-01-31", None, True, "en janvier 2018"),
        ("2017-09-01", "2018-12-31", None, True, "de septembre 2017 à 2018"),
        ("2017-12-31", "2018-01-01", None, True, "de décembre 2017 à janvier 2018"),
        (None, "2018-12-31", None, True, "jusqu’en 2018"),
        ("2027-01-01", None, None, False, "à partir de 2027"),
        ("2026-09-01", None, None, False, "à partir de septembre 2026"),
        ("2026-10-01", None, "2027-06-01", False, "à partir d’octobre 2026, jusqu’en juin 2027"),
    ],
)
def test_period_says_when_an_action_ran(start, end, planned_end, over, words):
    assert period(on(start), on(end), on(planned_end), over=over, today=TODAY) == words


@pytest.mark.parametrize(
    ("day", "words"), [("2026-12-01", "mardi 1er décembre 2026"), ("2027-08-15", "dimanche 15 août 2027")]
)
def test_a_day_is_written_in_full(day, words):
    assert long_day(on(day)) == words
