"""The meetings of a year at once: a rhythm proposes days, the service keeps those it wants."""

import calendar
import datetime as dt
import uuid
from collections.abc import Iterator
from itertools import islice

from crispy_forms.layout import Layout
from django import forms

from actions.forms.rows import DateInput
from isic.lib.layout import Pair, Section
from isic.lib.months import long_day
from meetings.forms.meetings import MeetingForm
from meetings.models import Meeting
from meetings.models.meeting import DEADLINE_DAYS

#: Days proposed at most: two years of a monthly meeting.
MOST = 24


def days_of_rhythm(first: dt.date, months: int, until: dt.date) -> Iterator[dt.date]:
    """The same day of the week at the same rank in its month (« le premier jeudi »), every so many months; a fifth one is
    the last of its month.
    """
    rank, year, month = (first.day - 1) // 7, first.year, first.month
    while True:
        start, length = calendar.monthrange(year, month)
        days = list(range(1 + (first.weekday() - start) % 7, length + 1, 7))
        day = dt.date(year, month, days[-1] if rank == 4 else days[rank])
        if day > until:
            return
        yield day
        year, month = year + (month + months - 1) // 12, (month + months - 1) % 12 + 1


class YearForm(MeetingForm):
    """Sent twice: the rhythm gives its days, then each is kept or not."""

    months = forms.TypedChoiceField(
        label="À quel rythme\u00a0?",
        choices=[(1, "chaque mois"), (2, "tous les deux mois"), (3, "chaque trimestre")],
        coerce=int,
        initial=1,
    )
    until = forms.DateField(label="Jusqu’au", widget=DateInput)
    days = forms.MultipleChoiceField(
        label="Quels jours\u00a0?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Décochez ceux des vacances, les jours fériés, ceux qui ne conviennent pas.",
    )
    #: The days that the page proposed, in ISO; where the rhythm gives others by now, those are proposed first.
    proposed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MOST * 11)

    class Meta(MeetingForm.Meta):
        fields = ["territory", "date", "starts_at", "ends_at", "place", "video_url"]
        labels = MeetingForm.Meta.labels | {"date": "Première réunion"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        #: Once judged: the days on the page are those of the rhythm, so that what is ticked is a choice.
        self.is_chosen = False
        self.fields["days"].choices = self._choices(self._proposed())

    @property
    def layout(self):
        days = [Section("Les réunions", "days")] if self.fields["days"].choices else []
        return Layout(
            Section("Où, à quelle heure\u00a0?", "territory", Pair("starts_at", "ends_at"), "place", "video_url"),
            Section(
                "Quand\u00a0?",
                Pair("date", "months", "until"),
                help="Le même jour de la semaine, au même rang du mois que la première\u00a0: le premier jeudi, par exemple.",
            ),
            *days,
            "proposed",
            "submission",
        )

    def _proposed(self) -> list[dt.date]:
        words = self.data.get("proposed", "")[: MOST * 11].split(",")
        try:
            return [dt.date.fromisoformat(word) for word in words if word]
        except ValueError:
            return []

    def _choices(self, days: list[dt.date]) -> list[tuple[str, str]]:
        taken = set(self._taken(days))
        return [(day.isoformat(), f"{long_day(day)}{' (déjà prévue)' if day in taken else ''}") for day in days]

    def _taken(self, days: list[dt.date]):
        territory = self.data.get("territory", "")
        meetings = Meeting.objects.filter(
            territory=int(territory) if territory.isdecimal() and len(territory) < 10 else 0, date__in=days
        )
        return meetings.exclude(state=Meeting.State.CANCELLED).order_by().values_list("date", flat=True)

    def _ask_for_a_second(self, date: dt.date) -> None:
        """Each day says whether it is taken."""

    def clean(self):
        cleaned = super().clean()
        if {"date", "months", "until"} <= cleaned.keys():
            days = list(islice(days_of_rhythm(cleaned["date"], cleaned["months"], cleaned["until"]), MOST + 1))
            if not 1 <= len(days) <= MOST:
                self.add_error("until", f"De 1 à {MOST} réunions à la fois\u00a0: changez le rythme ou la fin.")
            elif days != self._proposed():
                self._propose(days)
            elif not cleaned.get("days"):
                self.add_error("days", "Gardez au moins un jour.")
            else:
                self.is_chosen = True
        return cleaned

    def _propose(self, days: list[dt.date]) -> None:
        """On the page that comes back: all of them ticked, but those which are taken."""
        self.errors.pop("days", None)
        taken = set(self._taken(days))
        self.data = self.data.copy()
        self.data["proposed"] = ",".join(day.isoformat() for day in days)
        self.data.setlist("days", [day.isoformat() for day in days if day not in taken])
        self.fields["days"].choices = self._choices(days)

    def new_meetings(self) -> list[Meeting]:
        """Not saved yet; the same page sent twice makes each once."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields if name != "date"}
        days = [dt.date.fromisoformat(day) for day in self.cleaned_data["days"]]
        return [
            Meeting(
                **values,
                date=day,
                deadline_on=day - dt.timedelta(days=DEADLINE_DAYS),
                submission=uuid.uuid5(self.key, day.isoformat()),
            )
            for day in sorted(days)
        ]
