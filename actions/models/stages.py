"""How a sheet moves from draft to catalogue and back, and keeps each of its versions."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions.snapshot import snapshot
from isic.lib.versions import Versioned


class Staged(Versioned):
    """What `Action` does with its editorial state; the states and the fields are there."""

    class Meta:
        abstract = True

    def missing_to_publish(self) -> dict[str, str]:
        """Field → what it is, for what publishing needs and the sheet lacks. Reads audiences and places (2 queries)."""
        present = {
            "summary": bool(self.summary),
            "audiences": bool(self.audiences.all()),
            "places": bool(self.places.all()),
            # A sheet from elsewhere sends its readers to its source, and to the département's service.
            "contact": self.contact_id is not None or self.is_elsewhere,
        }
        return {name: words for name, words in self.NEEDED_TO_PUBLISH.items() if not present[name]}

    @contextmanager
    def edited(self, *, by, kind: str = "edited", reason: str = "") -> Iterator[None]:
        """Change the sheet inside: one transaction, one version, one line of its history.

        Raises StaleVersion when somebody saved since this object was read. Costs the queries of two snapshots.
        """
        with transaction.atomic():
            self.open_version()
            yield
            self.close_version(by=by, kind=kind, reason=reason)

    def open_version(self) -> None:
        """Before a change, in its transaction: claim the next version, and keep the one it starts from."""
        if not self.versions.filter(number=self.version).exists():
            self._keep_version(at=self.updated_at, by_id=self.created_by_id, kind="loaded")
        self.take_version(self.version)

    def close_version(self, *, by, kind: str = "edited", reason: str = "") -> None:
        """After the change and its parts, in the same transaction: keep what the sheet has become."""
        self.updated_at = timezone.now()
        self._ask_newcomers_again()
        self.save()
        self._keep_version(at=self.updated_at, by=by, kind=kind, reason=reason)

    def _ask_newcomers_again(self) -> None:
        """The date follows the answer whichever door it came by: a new answer starts it, no welcome clears it."""
        welcomes = self.open_to_newcomers in (self.Openness.YES, self.Openness.WAITING_LIST)
        if not (self.is_published and welcomes and self.life_state in self.WELCOMING_STATES):
            self.newcomers_due_on = None
            return
        before = self.versions.values_list("content__open_to_newcomers", flat=True).first()
        if self.newcomers_due_on is None or before != self.open_to_newcomers:
            self.newcomers_due_on = timezone.localdate() + dt.timedelta(days=settings.NEWCOMERS_REVIEW_DAYS)

    def _keep_version(self, **line) -> None:
        stored = type(self).objects.for_snapshot().get(pk=self.pk)
        self.versions.create(number=self.version, content=snapshot(stored), **line)

    def propose(self, *, by, note: str = "") -> None:
        """Ask the service to read the sheet. Locks nothing, and nothing has to be complete."""
        self._move(self.EditorialState.PROPOSED, since=[self.EditorialState.DRAFT], by=by, kind="proposed", reason=note)

    def send_back(self, *, by, reason: str) -> None:
        """Back to its team, with what the service asks for."""
        if not reason:
            raise ValidationError("Dites en une phrase ce qu’il reste à faire.")
        self._move(
            self.EditorialState.DRAFT, since=[self.EditorialState.PROPOSED], by=by, kind="sent_back", reason=reason
        )

    def publish(self, *, by) -> None:
        """Put the sheet in the catalogue. Raises ValidationError naming what is missing, or that it is archived.

        Publishing verifies nothing: only an answer to « est-elle toujours d’actualité ? » does (actions.freshness).
        """
        if missing := self.missing_to_publish():
            raise ValidationError(f"Il manque {', '.join(missing.values())} pour publier «\u00a0{self.title}\u00a0».")
        today = timezone.localdate()
        self.published_at = self.published_at or timezone.now()
        self.published_by = self.published_by or by
        is_due_again = self.review_due_on is None or self.review_due_on <= today  # a sheet comes back read again
        if is_due_again and not self.is_elsewhere:  # nobody here can say what became of an action of elsewhere
            self.review_due_on = today + dt.timedelta(days=settings.REVIEW_DAYS)
        self._move(
            self.EditorialState.PUBLISHED,
            since=[self.EditorialState.DRAFT, self.EditorialState.PROPOSED, self.EditorialState.PUBLISHED],
            by=by,
            kind="published",
        )

    def archive(self, *, by, reason: str) -> None:
        """Take the sheet out of the catalogue; it stays readable by its team and the managers."""
        if not reason:
            raise ValidationError("Dites en une phrase pourquoi la fiche est archivée.")
        self._move(self.EditorialState.ARCHIVED, by=by, kind="archived", reason=reason)

    def reopen(self, *, by, reason: str) -> None:
        """Back to a draft."""
        if not reason:
            raise ValidationError("Dites en une phrase pourquoi la fiche redevient un brouillon.")
        self._move(self.EditorialState.DRAFT, by=by, kind="reopened", reason=reason)

    def _move(self, state, *, by, kind: str, since=None, reason: str = "") -> None:
        """Change the editorial state under the version the object was loaded with, from one of the states `since`."""
        if since is not None and self.editorial_state not in since:
            hint = "\u00a0: rouvrez-la d’abord." if self.editorial_state == self.EditorialState.ARCHIVED else "."
            raise ValidationError(f"«\u00a0{self.title}\u00a0» est {self.get_editorial_state_display()}{hint}")
        with self.edited(by=by, kind=kind, reason=reason):
            self.editorial_state = state
            self.editorial_reason = reason
