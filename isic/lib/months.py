"""Dates as a reader says them: the month is precise enough for an action."""

import datetime as dt

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
VOWELS = "ao"


def month(date: dt.date) -> str:
    """« septembre 2017 »."""
    return f"{MONTHS[date.month - 1]} {date.year}"


def of_month(date: dt.date) -> str:
    """« de septembre 2017 », « d’octobre 2015 »."""
    words = month(date)
    return f"d’{words}" if words[0] in VOWELS else f"de {words}"


def period(
    start: dt.date | None, end: dt.date | None, planned_end: dt.date | None, *, over: bool, today: dt.date
) -> str:
    """When an action ran or runs, in words; empty when neither date is known.

    A planned end that is past says nothing of an action that goes on.
    """
    until = end or (planned_end if over or (planned_end and planned_end >= today) else None)
    if start is None:
        return f"jusqu’en {month(until)}" if until else ""
    if until is None:
        return f"commencée en {month(start)}" if over else _since(start, today)
    if month(start) == month(until):
        return f"en {month(start)}"
    if until < today:
        return f"{of_month(start)} à {month(until)}"
    return f"{_since(start, today)}, jusqu’en {month(until)}"


def _since(start: dt.date, today: dt.date) -> str:
    return f"depuis {month(start)}" if start <= today else f"à partir {of_month(start)}"
