"""What the history reads of values that were replaced (isic.lib.replacing): their names, and what stands for them today."""

from collections.abc import Collection

from django.db.models import Model

from actions.models import Replacement


def label_of(model: type[Model]) -> str:
    return model._meta.label_lower


def successor_at(model: type[Model], slug: str) -> Model | None:
    """The record that stands today at an address of before; None at an address that was never one."""
    key = Replacement.objects.filter(model=label_of(model), slug=slug).values_list("key", flat=True).first()
    return model.objects.filter(pk=successors(model, [key]).get(key)).first() if key else None


def former_names(model: type[Model], keys: Collection[int]) -> dict[int, str]:
    """Key → what the record was called, of those that were replaced; one query, none without keys."""
    if not keys:
        return {}
    rows = Replacement.objects.filter(model=label_of(model), key__in=keys).exclude(name="")
    return {row.key: f"{row.name} (remplacé par {row.successor_name})" for row in rows}


def successors(model: type[Model], keys: Collection[int]) -> dict[int, int]:
    """Key → the key that stands for it today, of those that were replaced; a chain is followed to its end."""
    links = dict(Replacement.objects.filter(model=label_of(model)).values_list("key", "successor_key"))
    found = {}
    for key in links.keys() & set(keys):
        today = key
        while today in links:
            today = links[today]
        found[key] = today
    return found
