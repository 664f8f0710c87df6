"""« Vouliez-vous dire… » : the nearest known word to one that finds nothing."""

from django.http import QueryDict

from catalogue.live import Catalogue
from catalogue.models import Entry
from catalogue.query import Text
from isic.lib.french import WORD, stem
from isic.lib.parameters import with_parameters


def suggestion(catalogue: Catalogue, text: Text, params: QueryDict) -> dict | None:
    """{word, url}: the question with each unknown word replaced by the nearest; None when all are known, or none is near."""
    index, labels = catalogue.index, catalogue.labels
    typed = params.get("q", "")
    corrected = typed
    for one, word in text.typed.items():
        if (one,) in labels.synonyms or one in labels.by_stem or index.action_with(one):
            continue
        if near := index.suggest(one):
            corrected = corrected.replace(word, _written(catalogue, near))
    return None if corrected == typed else {"word": corrected, "url": with_parameters(params, q=corrected)}


def _written(catalogue: Catalogue, near: str) -> str:
    """A stem as people write it: in a label, else in the text of some sheet."""
    if word := catalogue.labels.written.get(near):
        return word
    entry = Entry.objects.filter(pk=catalogue.index.action_with(near)).first()
    words = WORD.findall(f"{entry.title} {entry.summary} {entry.text}") if entry else ()
    return next((word.lower() for word in words if stem(word) == near), near)
