"""Addresses made from names."""

import re

from django.db import models

from isic.lib.database import wait_for_turn
from isic.lib.french import plain


def slugify(text: str) -> str:
    """« L’été au cœur » is `l-ete-au-coeur`: Django's own drops « œ » and the apostrophe. Empty when no letter is left."""
    return re.sub("[^a-z0-9]+", "-", plain(text)).strip("-")


class AutoSlugField(models.SlugField):
    """A unique slug, derived from `source` when the row is created, and never changed afterwards.

    Rows of one bulk insert must bring their own: they cannot see each other's.
    """

    def __init__(self, *args, source: str = "name", reserved: tuple[str, ...] = (), **kwargs):
        """`reserved`: addresses that a page of ours has, or will have; no row of the database needs to know."""
        self.source, self.reserved = source, reserved
        super().__init__(*args, **{"max_length": 180, "unique": True, "blank": True, **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance, add):
        value = getattr(model_instance, self.attname)
        if not value:
            value = self._free(model_instance)
            setattr(model_instance, self.attname, value)
        return value

    def _free(self, instance) -> str:
        base = slugify(str(getattr(instance, self.source)))[: self.max_length - 8].strip("-")
        base = base or instance._meta.model_name
        wait_for_turn(self.model._meta.db_table)  # of two at once, the second sees the address of the first
        others = type(instance)._default_manager.filter(slug__startswith=base).exclude(pk=instance.pk)
        taken = {*self.reserved, *others.values_list("slug", flat=True)}
        return next(s for s in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if s not in taken)
