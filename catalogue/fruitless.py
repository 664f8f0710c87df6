"""Searches that found nothing: what people look for and nobody has filed yet. Words and a day, for the managers, thirty days.

Nothing tells who typed them, nor from where; nobody's name is among them: only words that French, the catalogue or its lexicon
has are kept, acronyms in capitals besides, and nothing in which the detector of personal data sees somebody.
"""

import datetime as dt
import logging

from django.db import InternalError, OperationalError, transaction
from django.db.models import F, Sum

from catalogue.models import FruitlessSearch
from catalogue.search.labels import Labels
from catalogue.search.spelling import french
from isic.lib import personal
from isic.lib.database import lock_timeout
from isic.lib.french import WORD, fold, is_stop_word, stem

log = logging.getLogger(__name__)
KEPT = dt.timedelta(days=30)
#: Different words of one day: a robot fills that day, and no other.
A_DAY = 200
#: A longer question tells a story, and so perhaps somebody's.
MOST_WORDS = 6
ACRONYM = range(2, 7)
#: How long a reader waits for another writer, rather than have the search kept.
LOCK_SECONDS = 0.2


def note(typed: str, labels: Labels, today: dt.date) -> None:
    """Remember these words, if they may be; a database that is busy or read-only forgets them."""
    words = kept_words(typed, labels)
    if not words:
        return
    try:
        with lock_timeout(LOCK_SECONDS), transaction.atomic():
            same = FruitlessSearch.objects.filter(day=today, words=words)
            if not same.update(count=F("count") + 1) and FruitlessSearch.objects.filter(day=today).count() < A_DAY:
                FruitlessSearch.objects.bulk_create([FruitlessSearch(day=today, words=words)], ignore_conflicts=True)
    except (OperationalError, InternalError):
        log.warning("A search without result could not be kept.", exc_info=True)


def kept_words(typed: str, labels: Labels) -> str:
    """The words of a question as managers may read them; empty when they could tell of somebody."""
    words = WORD.findall(typed)
    if len(words) > MOST_WORDS or not all(_is_common(word, labels) for word in words):
        return ""
    line = " ".join(words)
    if any(personal.find(text) for text in (typed, line, line.title())):
        return ""
    return line.lower()[: FruitlessSearch._meta.get_field("words").max_length]


def _is_common(word: str, labels: Labels) -> bool:
    """Whether it is a word like any other; one that no dictionary has may be a name."""
    letters, one = fold(word), stem(word)
    is_known = is_stop_word(word) or letters in french() or one in labels.lexicon or one in labels.by_stem
    return letters.isalpha() and (is_known or (word.isupper() and len(letters) in ACRONYM))


def most_sought(limit: int) -> list[dict]:
    """The words sought most, with how often: {words, total}."""
    totals = FruitlessSearch.objects.order_by().values("words").annotate(total=Sum("count"))
    return list(totals.order_by("-total", "words")[:limit])


def forget(today: dt.date) -> None:
    FruitlessSearch.objects.filter(day__lte=today - KEPT).delete()
