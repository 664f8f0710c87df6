"""A meeting as a form: when and where, who takes part, and the reason of a move."""

import datetime as dt
import uuid

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import User
from actions.forms.rows import DateInput, TimeInput
from isic.lib.forms import FrontForm
from isic.lib.layout import Pair, Rows, Section
from isic.lib.people import LINE_NOTE, AsksAboutPeople
from isic.lib.rows import Row, rows
from meetings.models import Meeting, Member
from meetings.models.meeting import DEADLINE_DAYS
from territories.models import Territory


class MeetingForm(AsksAboutPeople, FrontForm, forms.ModelForm):
    layout = Layout(
        Section("Quand et où\u00a0?", "territory", Pair("date", "starts_at", "ends_at"), "place", "video_url"),
        Section("Préparer", "deadline_on", "notes"),
        "submission",
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Meeting
        fields = ["territory", "date", "starts_at", "ends_at", "place", "video_url", "deadline_on", "notes"]
        labels = {
            "territory": "Pour quel territoire\u00a0?",
            "place": "Lieu",
            "deadline_on": "Jusqu’à quand peut-on proposer une action\u00a0?",
            "notes": "Notes du service",
        }
        help_texts = {
            "place": "Par exemple\u00a0: salle Ambroise-Croizat, 2e étage.",
            "deadline_on": f"Ce jour compris. Laissez vide\u00a0: {DEADLINE_DAYS} jours avant la réunion.",
        }
        widgets = {"date": DateInput, "starts_at": TimeInput, "ends_at": TimeInput, "deadline_on": DateInput}

    def __init__(self, *args, user=None, **kwargs):
        """`user`: who creates the meeting."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["territory"].queryset = Territory.objects.filter(
            Q(is_home=True) | Q(kind=Territory.Kind.LOCAL_UNIT)
        ).order_by("-is_home", "sort_key", "pk")
        self.fields["notes"].privacy_note = LINE_NOTE
        if not self.instance.pk:
            self.initial |= {"submission": uuid.uuid4(), "territory": Territory.objects.home().first()}

    def clean_date(self):
        """A year of one digit or of five is a slip of the pen, and no calendar survives it."""
        date = self.cleaned_data["date"]
        if not 2000 <= date.year < 2100:
            raise ValidationError("Vérifiez l’année\u00a0: une réunion se tient entre 2000 et 2099.")
        return date

    def clean(self):
        """The deadline follows the date, unless it was chosen."""
        cleaned = super().clean()
        date = cleaned.get("date")
        follows = self.instance.pk and "date" in self.changed_data and "deadline_on" not in self.changed_data
        if date and (follows or not cleaned.get("deadline_on")) and "deadline_on" not in self.errors:
            cleaned["deadline_on"] = date - dt.timedelta(days=DEADLINE_DAYS)
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if not self.instance.pk and "date" in self.cleaned_data and "territory" in self.cleaned_data:
            self._ask_about_the_same_day()

    def _ask_about_the_same_day(self) -> None:
        """Sent again, by a second click or after the back button, it is the same meeting, and nothing is asked."""
        self.instance.submission = uuid.uuid5(
            self.cleaned_data.get("submission") or uuid.uuid4(),
            f"{self.user.pk}/{self.instance.territory_id}/{self.instance.date}",
        )
        same_day = Meeting.objects.filter(territory=self.instance.territory_id, date=self.instance.date)
        others = list(same_day.exclude(state=Meeting.State.CANCELLED))
        if others and all(other.submission != self.instance.submission for other in others):
            which = f"{self.instance.territory_id}/{self.instance.date}"
            self.ask("date", which, "Il en faut une autre le même jour")
            if not self.is_confirmed("date", which):
                self.add_error("date", f"Ce territoire a déjà une réunion ce jour-là, {others[0].hours}.")

    def save_meeting(self) -> None:
        """Inside `changing()`: these fields only, so that a letter that leaves meanwhile stays written."""
        self.instance.save(update_fields=self.Meta.fields)


class PersonRow(Row, forms.Form):
    """Somebody with an account, known by the address, or without one: the name is then needed."""

    name = forms.CharField(label="Nom", max_length=150, required=False)
    function = forms.CharField(label="Fonction", max_length=150, required=False)
    email = forms.EmailField(label="Adresse e-mail", max_length=254, required=False)

    def __init__(self, *args, accounts=(), **kwargs):
        """`accounts`: e-mail → account, of those that the rows may name."""
        super().__init__(*args, **kwargs)
        self.accounts = dict(accounts)

    def clean(self):
        cleaned = super().clean()
        user = self.accounts.get(cleaned.get("email", "").lower())
        cleaned["user"] = user and user.pk
        cleaned["name"] = cleaned.get("name") or (user and user.full_name) or ""
        cleaned["function"] = cleaned.get("function") or (user and user.function) or ""
        if not cleaned["name"] and self.has_changed() and "name" not in self.errors:
            self.add_error("name", "Indiquez un nom\u00a0: aucun compte n’en donne un pour cette adresse.")
        return cleaned


class MemberRow(PersonRow):
    layout = Layout("key", Pair("name", "function"), Pair("role", "presence"), "email")
    role = forms.ChoiceField(label="Rôle", choices=Member.Role, initial=Member.Role.MEMBER)
    presence = forms.ChoiceField(label="Présence", choices=Member.Presence, required=False)
    field_order = ["name", "function", "role", "presence", "email"]


class MemberRows(
    rows(MemberRow, label="Participants", singular="Participant", add_label="Ajouter un participant", blank=1, most=100)
):
    def clean(self):
        """As the constraints of the database say."""
        super().clean()
        people = self.values() if not any(self.errors) else []
        single = [row["role"] for row in people if row["role"] in (Member.Role.CHAIR, Member.Role.SECRETARY)]
        if len(set(single)) < len(single):
            raise ValidationError("Une seule personne préside, une seule tient le secrétariat.")
        users = [row["user"] for row in people if row["user"]]
        if len(set(users)) < len(users):
            raise ValidationError("Le même compte est là deux fois\u00a0: gardez une seule ligne par personne.")


class PeopleForm(FrontForm, forms.Form):
    row_sets = {"members": MemberRows}
    layout = Layout(Section("Qui vient\u00a0?", Rows("members")))

    def row_kwargs(self, name):
        return {"accounts": typed_accounts(self.data)}

    @staticmethod
    def rows_of(meeting: Meeting) -> list[dict]:
        """The members as rows, in the order of the page."""
        return [
            {
                "key": member.key,
                "role": member.role,
                "presence": member.presence,
                "name": member.name,
                "function": member.function,
                "email": member.address,
            }
            for member in meeting.members.in_order().select_related("user")
        ]

    def save(self, meeting: Meeting) -> None:
        """Inside `changing()`. Each lets go of what is one's alone before somebody else takes it."""
        stored = {member.key: member for member in meeting.members.all()}
        people = self.cleaned_data["members"]
        for key in stored.keys() - {row["key"] for row in people}:
            stored.pop(key).delete()
        for member in stored.values():
            member.role, member.user = Member.Role.MEMBER, None
            member.save()
        for row in people:
            member = stored.get(row["key"]) or Member(meeting=meeting, key=row["key"])
            member.role, member.presence, member.user_id = row["role"], row["presence"], row["user"]
            member.name, member.function, member.email = row["name"], row["function"], row["email"]
            member.save()


def typed_accounts(data) -> dict[str, User]:
    """The accounts behind the addresses typed in the rows, in one query."""
    typed = {value.strip().lower() for key, value in data.items() if key.endswith("-email")}
    return {user.email: user for user in User.objects.filter(email__in=typed, is_active=True)}
