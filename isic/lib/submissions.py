"""A form sent twice makes one thing: by double click, by the back button, by fifty at once.

    with transaction.atomic():
        once = Submission.of(request, form_values)          # of the hidden field « submission », and of what makes the thing
        if once.made:                                       # the primary key of what it made before
            return redirect(…)
        contact = form.save()
        once.keep(contact)

The first holds the key until its commit; the others wait for it. It is remembered for thirty days, in the cache of the
database, and is forgotten with its transaction.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db import models, transaction

from isic.lib.merge import digest

FIELD = "submission"
_DAYS = 30 * 24 * 60 * 60
#: Of a key that was taken, before anybody knows what it made.
_TAKEN = "0"


@dataclass(frozen=True)
class Submission:
    """One sending of one form by one person. Without a key of the page, nothing is remembered."""

    key: str
    made: str = ""

    @classmethod
    def of(cls, request, words: Mapping, *, field: str = FIELD) -> "Submission":
        """Inside a transaction, which holds the key. `words`: what makes the thing that thing, in values of JSON."""
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("Submission.of() goes with what it makes, in one transaction.")
        try:
            page = uuid.UUID(request.POST.get(field, ""))
        except ValueError:
            return cls("")
        key = f"submission:{uuid.uuid5(page, digest([request.user.pk, request.path, dict(words)]))}"
        if cache.add(key, _TAKEN, _DAYS):
            return cls(key)
        made = cache.get(key, "")
        return cls(key, "" if made == _TAKEN else made)

    def keep(self, record: models.Model) -> None:
        if self.key:
            cache.set(self.key, str(record.pk), _DAYS)

    def drop(self) -> None:
        """Nothing was made: the same page may be sent again."""
        if self.key:
            cache.delete(self.key)
