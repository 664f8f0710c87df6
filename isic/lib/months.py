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


def period(start: dt.date | None, end: dt.date | None, planned_end: dt.date | None, today: dt.date) -> str:
    """When something ran or runs, in words; empty when neither date is known."""
    until = end or planned_end
    if start is None:
        return f"jusqu’en {month(until)}" if until else ""
    if until and month(start) == month(until):
        return f"en {month(start)}"
    if until and until < today:
        return f"{of_month(start)} à {month(until)}"
    opening = f"depuis {month(start)}" if start <= today else f"à partir {of_month(start)}"
    return f"{opening}, jusqu’en {month(until)}" if until else opening
