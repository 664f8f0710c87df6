"""The rhythm of a group as a French sentence: « un mercredi sur deux, de 14 h à 16 h »."""

import datetime as dt

from django.utils.dates import WEEKDAYS

from isic.lib.dates import hour

ORDINALS = {1: "premier", 2: "deuxième", 3: "troisième", 4: "quatrième", -1: "dernier"}
EVERY = {2: "un {day} sur deux", 3: "un {day} sur trois", 4: "un {day} sur quatre"}


def describe_rhythm(action) -> str:
    """The sentence of the structured fields; empty when they do not say enough.

    Any object with `rhythm_frequency`, `rhythm_every`, `rhythm_weekday`, `rhythm_ordinals` and the two hours will do.
    """
    day = WEEKDAYS[action.rhythm_weekday] if action.rhythm_weekday is not None else ""
    if action.rhythm_frequency == "weekly":
        words = _weekly(day, action.rhythm_every)
    elif action.rhythm_frequency == "monthly":
        words = _monthly(day, [n for n in action.rhythm_ordinals if n in ORDINALS])
    else:
        return ""
    return ", ".join(part for part in (words, describe_hours(action.rhythm_starts_at, action.rhythm_ends_at)) if part)


def _weekly(day: str, every: int) -> str:
    if every == 1:
        return f"tous les {day}s" if day else "toutes les semaines"
    if day and every in EVERY:
        return EVERY[every].format(day=day)
    return f"toutes les {every} semaines" + (f", le {day}" if day else "")


def _monthly(day: str, ordinals: list[int]) -> str:
    if not ordinals:
        return f"un {day} par mois" if day else "une fois par mois"
    names = [ORDINALS[n] for n in sorted(ordinals, key=lambda n: (n < 0, n))]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
    if len(names) == 1:
        return f"le {listed} {day or 'jour'} du mois"
    return f"les {listed} {day or 'jour'}s du mois"


def describe_hours(start: dt.time | None, end: dt.time | None) -> str:
    if start and end:
        return f"de {hour(start)} à {hour(end)}"
    return f"à {hour(start)}" if start else ""
