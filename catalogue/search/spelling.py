"""« Vouliez-vous dire… » : the nearest known word to one that finds nothing."""

from django.http import QueryDict

from catalogue.models import Entry
from catalogue.search.index import Results
from catalogue.search.query import Text
from isic.lib.french import WORD, stem
from isic.lib.parameters import with_parameters


def suggestion(results: Results, text: Text, params: QueryDict) -> dict | None:
    """{word, url}: the question with each unknown word replaced by the nearest; None when all are known, or none is near."""
    labels = results.state.labels
    typed = params.get("q", "")
    corrected = typed
    for one, word in text.typed.items():
        if (one,) in labels.synonyms or one in labels.by_stem or results.finds(one):
            continue
        if near := results.nearest(one):
            corrected = corrected.replace(word, _written(results, near))
    return None if corrected == typed else {"word": corrected, "url": with_parameters(params, q=corrected)}


def _written(results: Results, near: str) -> str:
    """A stem as people write it: in a label, else in the text of some sheet."""
    if word := results.state.labels.written.get(near):
        return word
    entry = Entry.objects.filter(pk=results.action_with(near)).first()
    words = WORD.findall(f"{entry.title} {entry.summary} {entry.text}") if entry else ()
    return next((word.lower() for word in words if stem(word) == near), near)
