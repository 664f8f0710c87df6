"""Which sheets: who may see or edit them, what is due of them, and what is loaded with them."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from actions.loading import iterable_with
from actions.snapshot import ROWS
from partners.models import Contact
from territories.models import Territory


class ActionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(editorial_state=self.model.EditorialState.PUBLISHED)

    def proposed(self):
        """Waiting for the service to read them."""
        return self.filter(editorial_state=self.model.EditorialState.PROPOSED)

    def due_for_review(self, on: dt.date | None = None):
        """Published sheets whose review date has come; those without a date never are."""
        return self.published().filter(review_due_on__lte=on or timezone.localdate())

    def newcomers_due(self, on: dt.date | None = None):
        """Published sheets that say they are open, and whose answer is to be asked again."""
        return self.published().filter(newcomers_due_on__lte=on or timezone.localdate())

    def stale(self, on: dt.date | None = None):
        """Overdue by more than STALE_DAYS, which readers see; same rule in `actions.freshness.is_stale`."""
        return self.due_for_review((on or timezone.localdate()) - dt.timedelta(days=settings.STALE_DAYS))

    def newcomers_stale(self, on: dt.date | None = None):
        """« Ouvert aux nouveaux », to be confirmed; twin in `actions.freshness.are_newcomers_stale`."""
        return self.newcomers_due((on or timezone.localdate()) - dt.timedelta(days=settings.STALE_DAYS))

    def without_contact(self):
        """Published sheets of ours that show nobody to write to: no contact, or a person who withdrew."""
        return self.ours().published().exclude(contact__in=Contact.objects.publishable())

    def left_by_referent(self):
        """The accounts of all its referents are closed: nobody is reminded, or presents it, before another is named."""
        rows = self.model.team_members.rel.related_model.objects
        referents = rows.filter(role=rows.model.Role.REFERENT, user__isnull=False).order_by()
        left, held = (referents.filter(user__is_active=is_open).values("action") for is_open in (False, True))
        sheets = self.exclude(editorial_state=self.model.EditorialState.ARCHIVED)
        return sheets.filter(pk__in=left.filter(user__asked_at=None)).exclude(pk__in=held)

    def elsewhere(self):
        """« Ailleurs en France »: carried outside the département; never counted as ours."""
        return self.filter(carrier_partner__is_elsewhere=True)

    def ours(self):
        return self.exclude(carrier_partner__is_elsewhere=True)

    def carried_by_units_of(self, user):
        """Carried by one of this person's local units, or with this person in the team."""
        return self.filter(self.is_carried_by_units_of(user))

    def is_carried_by_units_of(self, user) -> Q:
        """The same as a condition. The sheets are never joined with themselves: until they are analysed, PostgreSQL
        believes that there is one, and would compare each with all the others."""
        units = Territory.objects.served_by_user(user).values("pk")
        own_team = self.model.team_members.rel.related_model.objects.filter(user_id=user.pk).values("action")
        return Q(carrier_unit__in=units) | Q(pk__in=own_team)

    def visible_to(self, user):
        """Published sheets, the `agents` ones to signed-in people only; drafts to their team, unit and the managers."""
        if not user.is_authenticated:
            return self.published().filter(visibility=self.model.Visibility.PUBLIC)
        if user.is_manager:
            return self
        return self.filter(Q(editorial_state=self.model.EditorialState.PUBLISHED) | self.is_carried_by_units_of(user))

    def editable_by(self, user):
        if not user.is_authenticated:
            return self.none()
        return self if user.is_manager else self.carried_by_units_of(user)

    def welcoming(self):
        """One can orient somebody to it now: open, and neither ended nor given up (an idea is not yet open)."""
        return self.filter(open_to_newcomers=self.model.Openness.YES, life_state__in=self.model.WELCOMING_STATES)

    def loading(self, *relations: str):
        """With these relations of each sheet (`team_members__unit`: of its rows), in one query for all of them."""
        sheets = self.all()
        sheets._iterable_class = iterable_with(*getattr(self._iterable_class, "relations", ()), *relations)
        return sheets

    def for_sheet(self):
        """Everything the sheet shows, in two queries."""
        carrier = self.select_related("domain", "carrier_unit", "carrier_partner", "contact").for_snapshot()
        return carrier.loading("sessions", "team_members__unit", "team_members__partner", "partnerships__partner")

    def for_snapshot(self):
        """Everything `snapshot` reads, in two queries."""
        return self.loading(*(field.name for field in self.model._meta.many_to_many), *ROWS)
