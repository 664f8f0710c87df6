"""Lost updates are impossible: whoever saves a record says which version of it he started from.

`Versioned` has no table of its own: it is the same column and the same rule for each record that two people may edit.
"""

from collections.abc import Mapping

from django.db import models, transaction
from django.db.models import F


class StaleVersion(Exception):
    """Somebody saved the record after this edit began."""


class Versioned(models.Model):
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def take_version(self, seen: int) -> None:
        """Claim the next version for an edit that began at version `seen`; call inside the transaction that saves.

        Raises StaleVersion when somebody saved in between. The bare update sends no signal on purpose: the `save()`
        that follows in the same transaction does.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("take_version() goes with the save, in one transaction.")
        if not type(self)._default_manager.filter(pk=self.pk, version=seen).update(version=F("version") + 1):
            raise StaleVersion(self.pk)
        self.version = seen + 1


def version_seen(data: Mapping[str, str]) -> int:
    """The version that the page started from, in its field `seen`; 0, which no record has, when it is no number."""
    seen = data.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
