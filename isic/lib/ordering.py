"""Alphabetical order that is the same on every database: a stored key, never a collation."""

from django.db import models

from isic.lib.french import plain


def sort_key(text: str) -> str:
    """Lower case without accents nor punctuation: « L'Abergement » and « Été » sort where a reader looks for them."""
    return " ".join("".join(c if c.isalnum() else " " for c in plain(text)).split())[:200]


class SortKeyField(models.CharField):
    """The sort key of another field, filled on every write (also in bulk)."""

    def __init__(self, *args, source: str = "name", **kwargs):
        self.source = source
        super().__init__(*args, **{"max_length": 200, "editable": False, "db_index": True, **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance, add):
        value = sort_key(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value
