"""Dates as a reader says them: the month is precise enough for an action.

A start on 1 January and an end on 31 December come from someone who knew only the year: only the year is shown.
"""

import datetime as dt

from django.utils.formats import date_format

from isic.lib import dates

VOWELS = "ao"


def month(date: dt.date) -> str:
    """« septembre 2017 »."""
    return date_format(date, "F Y")


def start_month(date: dt.date) -> str:
    """« septembre 2017 », « 2017 » when only the year is known."""
    return str(date.year) if (date.month, date.day) == (1, 1) else month(date)


def end_month(date: dt.date) -> str:
    """« juin 2018 », « 2018 » when only the year is known."""
    return str(date.year) if (date.month, date.day) == (12, 31) else month(date)


def of(words: str) -> str:
    """« de septembre 2017 », « d’octobre 2015 », « de 2017 »."""
    return f"d’{words}" if words[0] in VOWELS else f"de {words}"


def long_day(date: dt.date) -> str:
    """« mardi 1er décembre 2026 »."""
    return dates.date(date, "l j F Y")


def period(
    start: dt.date | None, end: dt.date | None, planned_end: dt.date | None, *, over: bool, today: dt.date
) -> str:
    """When an action ran or runs, in words; empty without either date.

    A planned end that is past says nothing of an action that goes on.
    """
    until = end or (planned_end if over or (planned_end and planned_end >= today) else None)
    if start is None:
        return f"jusqu’en {end_month(until)}" if until else ""
    if until is None:
        return f"commencée en {start_month(start)}" if over else _since(start, today)
    first, last = start_month(start), end_month(until)
    if start.year == until.year and first != last:  # « de 2018 à juin 2018 » would be odd
        first, last = month(start), month(until)
    if first == last:
        return f"en {first}"
    if until < today:
        return f"{of(first)} à {last}"
    return f"{_since(start, today)}, jusqu’en {last}"


def _since(start: dt.date, today: dt.date) -> str:
    words = start_month(start)
    return f"depuis {words}" if start <= today else f"à partir {of(words)}"
