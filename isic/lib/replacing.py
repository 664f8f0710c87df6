"""One record put in the place of another, everywhere, in one act: two communes that merge, a partner entered twice.

    replace(old, new, by=manager)      # atomic; raises ValidationError in sentences, and then nothing has changed

A room says in its module `replacing` what must be more than a changed key: sheets keep a version, a commune keeps the name
of the one it took in. Whatever still uses the old record is then given the new one, and the old one is deleted.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ManyToManyRel, ManyToOneRel, Model

from isic.lib import protected
from isic.lib.registry import Registry
from isic.lib.versions import Versioned

#: (old, new, by) → what a room does before the keys that are left change; ValidationError stops everything.
MOVES: Registry[Callable[[Model, Model, Model], None]] = Registry("replacing")


@transaction.atomic
def replace(old: Model, new: Model, *, by: Model) -> None:
    """Give everything that uses `old` to `new`, and delete `old`. Raises ValidationError where it cannot be done."""
    if type(old) is not type(new) or old.pk == new.pk:
        raise ValidationError("Choisissez une autre valeur de la même liste.")
    locked = type(old)._base_manager.select_for_update().filter(pk__in=[old.pk, new.pk]).order_by("pk")
    if len(locked.values_list("pk", flat=True)) < 2:
        raise ValidationError("L’une des deux valeurs vient d’être remplacée ou supprimée.")
    for move in MOVES:
        move(old, new, by)
    for relation in old._meta.related_objects:
        if isinstance(relation, ManyToManyRel):
            _move_list(getattr(old, relation.get_accessor_name()), getattr(new, relation.get_accessor_name()))
        else:
            _move_key(relation, old, new)
    for field in old._meta.many_to_many:
        _move_list(getattr(old, field.name), getattr(new, field.name))
    protected.delete(old)


def _move_list(old, new) -> None:
    """By the managers of both lists, whose signals tell what changed."""
    records = list(old.all())
    new.add(*records)
    old.remove(*records)


def _move_key(relation: ManyToOneRel, old: Model, new: Model) -> None:
    """One row after the other, saved; one that would repeat what is there already goes."""
    field = relation.field
    for row in relation.related_model._base_manager.filter(**{field.name: old}):
        if row == new:  # the new one hung under the old one: it takes its place
            setattr(new, field.name, getattr(old, field.name))
            new.save()
            continue
        setattr(row, field.name, new)
        try:
            with transaction.atomic():
                if isinstance(row, Versioned):
                    row.take_version(row.version)
                row.save()
        except IntegrityError:
            protected.delete(row)
