"""A meeting as a form: when and where, who takes part, and the reason of a move."""

import datetime as dt
import uuid
from collections.abc import Iterable

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import cached_property

from accounts.models import User
from actions.forms.rows import DateInput, TimeInput
from isic.lib.forms import FrontForm
from isic.lib.layout import Pair, Rows, Section
from isic.lib.merge import digest, read_base
from isic.lib.people import LINE_NOTE, AsksAboutPeople
from isic.lib.rows import Row, rows
from meetings.forms.shared import SharedForm, Values, WrongTogether, in_json, values_of
from meetings.models import Meeting, Member
from meetings.models.meeting import DEADLINE_DAYS
from meetings.people import read_people, unlisted, with_accounts
from meetings.presenters import accounts_of
from territories.models import Territory


class MeetingForm(SharedForm, AsksAboutPeople, FrontForm, forms.ModelForm):
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

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.same_day: Meeting | None = None
        self.fields["territory"].queryset = Territory.objects.filter(
            Q(is_home=True) | Q(kind=Territory.Kind.LOCAL_UNIT)
        ).order_by("-is_home", "sort_key", "pk")
        if "notes" in self.fields:
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
        #: As the page had it: nobody chose it, and it follows the date (`write`).
        self.is_deadline_left = bool(self.instance.pk) and not self.has_mine("deadline_on")
        follows = self.is_deadline_left and self.has_mine("date")
        if date and (follows or not cleaned.get("deadline_on")) and "deadline_on" not in self.errors:
            cleaned["deadline_on"] = date - dt.timedelta(days=DEADLINE_DAYS)
        if date and not self.instance.pk:
            self._ask_for_a_second(date)
        return cleaned

    @classmethod
    def stored_of(cls, meeting: Meeting) -> Values:
        return values_of(meeting, cls.Meta.fields)

    def _ask_for_a_second(self, date: dt.date) -> None:
        """A form that comes back from a page left behind makes a second meeting only where that is meant."""
        others = Meeting.objects.filter(territory=self.cleaned_data.get("territory"), date=date)
        other = others.exclude(state=Meeting.State.CANCELLED).exclude(submission=self.key).first()
        if other is None or self.is_confirmed("date", str(other.pk)):
            return
        #: Shown with its address: the error itself is read inside a link.
        self.same_day = other
        self.ask("date", str(other.pk), "Il en faut une autre le même jour")
        self.add_error("date", f"Ce territoire a déjà une réunion ce jour-là, {other.hours}.")

    @cached_property
    def key(self) -> uuid.UUID:
        """The same words sent twice by the same page make one meeting."""
        words = [in_json(self.cleaned_data.get(name)) for name in self.Meta.fields]
        return uuid.uuid5(self.cleaned_data.get("submission") or uuid.uuid4(), digest([self.user.pk, *words]))

    def new_meeting(self) -> Meeting:
        """Not saved yet."""
        self.instance.submission = self.key
        return self.instance

    def mine(self) -> Values:
        left = {"deadline_on"} if self.is_deadline_left else set()
        return {name: value for name, value in super().mine().items() if name not in left}

    def write(self, meeting: Meeting, values: Values, stored: Values) -> None:
        """Inside `changing()`: these fields only, so that a letter that leaves meanwhile stays written.

        Raises WrongTogether where the constraints do not hold any more.
        """
        is_theirs = digest(stored["deadline_on"]) != read_base(self.data).get("deadline_on")
        if self.is_deadline_left and not is_theirs and ("date" in values or not stored["deadline_on"]):
            values = {**values, "deadline_on": in_json(self.cleaned_data["deadline_on"])}
        for name, value in values.items():
            field = Meeting._meta.get_field(name)
            setattr(meeting, field.attname, field.to_python(value))
        try:
            meeting.validate_constraints()
        except ValidationError as error:
            raise WrongTogether(error.messages, {**stored, **values}) from None
        if values:
            meeting.save(update_fields=list(values))


class PersonRow(AsksAboutPeople, Row, forms.Form):
    """A member with an account, identified by the address, or without one: the name is then required."""

    belongs = {"name": frozenset({"name"})}

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
        cleaned["email"] = user.email if user else cleaned.get("email", "")
        if not cleaned["name"] and self.has_changed() and "name" not in self.errors:
            self.add_error("name", "Indiquez un nom.")
        return cleaned


class MemberRow(PersonRow):
    layout = Layout("key", Pair("name", "function", "email", "role", "presence"))
    role = forms.ChoiceField(label="Rôle", choices=Member.Role, initial=Member.Role.MEMBER)
    presence = forms.ChoiceField(label="Présence", choices=Member.Presence, required=False)
    field_order = ["name", "function", "email", "role", "presence"]


def refuse_twins(roles: Iterable[str], accounts: Iterable[int | None]) -> None:
    """As the constraints of the database say."""
    single = [role for role in roles if role in (Member.Role.CHAIR, Member.Role.SECRETARY)]
    if len(set(single)) < len(single):
        raise ValidationError("Une seule personne préside, une seule tient le secrétariat.")
    accounts = [account for account in accounts if account]
    if len(set(accounts)) < len(accounts):
        raise ValidationError("Le même compte est là deux fois\u00a0: gardez une seule ligne par personne.")


class MemberRows(
    rows(MemberRow, label="Participants", singular="Participant", add_label="Ajouter un participant", blank=1, most=100)
):
    paste_label = "Ajouter plusieurs personnes"
    paste_help = "Collez des adresses ou des noms, un par ligne ou séparés par des points-virgules\u00a0: ceux qui ont un compte sont reconnus."
    said_by = ("name", "email")

    @classmethod
    def read(cls, text, listed):
        return unlisted(with_accounts(read_people(text)), listed)

    def clean(self):
        super().clean()
        people = self.values() if not any(self.errors) else []
        refuse_twins([row["role"] for row in people], [row["user"] for row in people])


class PeopleForm(SharedForm, FrontForm, forms.Form):
    row_sets = {"members": MemberRows}
    layout = Layout(Section("Qui vient\u00a0?", Rows("members")))

    def row_kwargs(self, name):
        return super().row_kwargs(name) | {"accounts": typed_accounts(self.data)}

    @staticmethod
    def stored_of(meeting: Meeting) -> Values:
        """The members as rows, in the order of the page."""
        members = [
            {
                "key": str(member.key),
                "role": member.role,
                "presence": member.presence,
                "name": member.name,
                "function": member.function,
                "email": member.address,
            }
            for member in meeting.members.in_order().select_related("user")
        ]
        return {"members": members}

    @staticmethod
    def write(meeting: Meeting, people: list[dict], stored: list[dict]) -> None:
        """Inside `changing()`. Each lets go of what is one's alone before somebody else takes it.

        Raises WrongTogether where two people took the same place.
        """
        accounts = accounts_of(row["email"] for row in people)
        owners = [accounts.get(row["email"].lower()) for row in people]
        try:
            refuse_twins([row["role"] for row in people], [owner and owner.pk for owner in owners])
        except ValidationError as error:
            raise WrongTogether(error.messages, {"members": people}) from None
        members = {str(member.key): member for member in meeting.members.all()}
        for key in members.keys() - {row["key"] for row in people}:
            members.pop(key).delete()
        changed = [(row, owner) for row, owner in zip(people, owners, strict=True) if row not in stored]
        for member in [members[row["key"]] for row, _ in changed if row["key"] in members]:
            member.role, member.user = Member.Role.MEMBER, None
            member.save()
        for row, owner in changed:
            member = members.get(row["key"]) or Member(meeting=meeting, key=row["key"])
            member.user = owner
            for name in ("role", "presence", "name", "function", "email"):
                setattr(member, name, row[name])
            member.save()


def typed_accounts(data) -> dict[str, User]:
    """The accounts behind the addresses typed in the rows."""
    return accounts_of(value for key, value in data.items() if key.endswith("-email"))
