"""The agenda as forms: what is added to it, its order and its minutes, one passage, what a team proposes."""

import uuid

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse_lazy

from actions.forms.steps import describe_sheet
from actions.models import Action
from isic.lib.forms import FrontForm
from isic.lib.layout import Pair, Rows, Section
from isic.lib.merge import digest, read_base, rows_of_base
from isic.lib.months import long_day
from isic.lib.names import NameField
from isic.lib.numbers import IntegerField, formfield
from isic.lib.people import LINE_NOTE, AsksAboutPeople
from isic.lib.rows import rows
from meetings.forms.meetings import PersonRow, typed_accounts
from meetings.forms.shared import SharedForm, Values, values_of
from meetings.models import AgendaItem, Meeting, Presenter
from meetings.presenters import presenters_of
from meetings.workflows import line_of

Kind = AgendaItem.Kind
OF_ACTIONS = [(kind.value, kind.label) for kind in AgendaItem.OF_ACTIONS]


class AddForm(FrontForm, forms.Form):
    """An action by its name."""

    layout = Layout("action", "kind")
    action = NameField(
        Action.objects.none(),
        reverse_lazy("actions:suggestions", args=["fiches"]),
        describe=describe_sheet,
        label="Quelle action\u00a0?",
        help_text="Le nom d’une fiche, brouillons compris.",
    )
    kind = forms.ChoiceField(label="Type de passage", choices=[("", "selon ses passages"), *OF_ACTIONS], required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, prefix="ajout", **kwargs)
        sheets = Action.objects.visible_to(user).exclude(editorial_state=Action.EditorialState.ARCHIVED)
        self.fields["action"].queryset = sheets.select_related("carrier_unit", "carrier_partner")


class TopicForm(AsksAboutPeople, FrontForm, forms.ModelForm):
    """A topic that is no action."""

    layout = Layout(Pair("title", "minutes"), "submission")
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = AgendaItem
        formfield_callback = formfield
        fields = ["title", "minutes"]
        labels = {"title": "Quel sujet\u00a0?"}
        help_texts = {"title": "Par exemple\u00a0: échange de pratiques sur la mobilisation."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="sujet", **kwargs)
        self.instance.kind = Kind.TOPIC
        self.fields["title"].required = True
        self.initial["submission"] = uuid.uuid4()

    def save_to(self, meeting: Meeting, *, by) -> None:
        """Inside `changing()`, at the end of the agenda. The same words sent twice by one page are there once."""
        words = [by.pk, meeting.pk, self.cleaned_data["title"], self.cleaned_data["minutes"]]
        key = uuid.uuid5(self.cleaned_data["submission"] or uuid.uuid4(), digest(words))
        if not AgendaItem.objects.filter(submission=key).exists():
            item = self.instance
            item.submission, item.meeting, item.proposed_by = key, meeting, by
            item.position = meeting.items.count()
            item.save()


class OrderForm(forms.Form):
    """The minutes of each passage, and the order in which the page had them."""

    def __init__(self, data, *, items: list[AgendaItem]):
        super().__init__(data)
        self.items = items
        #: The keys in the order of the page, each with the digest of its minutes then.
        self.before = rows_of_base(read_base(data).get("items")) or {}
        for item in items:
            self.fields[f"minutes-{item.pk}"] = IntegerField(
                label=f"Minutes de «\u00a0{item.subject}\u00a0»", min_value=1, max_value=480, required=False
            )

    @property
    def minutes(self) -> dict[int, int]:
        """Of the passages whose field was filled in."""
        typed = {item.pk: self.cleaned_data[f"minutes-{item.pk}"] for item in self.items}
        return {pk: minutes for pk, minutes in typed.items() if minutes}

    def typed(self, item: AgendaItem) -> str | None:
        """What was typed of this passage, where it is not what the page had."""
        words = self.data.get(f"minutes-{item.pk}")
        is_same = words and words.isdecimal() and len(words) < 4 and digest(line_of(item.pk, int(words)))
        return None if words is None or is_same == self.before.get(str(item.pk)) else words


class PresenterRow(PersonRow):
    layout = Layout("key", Pair("name", "function"), Pair("role", "email"))
    role = forms.ChoiceField(label="Rôle", choices=Presenter.Role, initial=Presenter.Role.PRESENTER)
    field_order = ["name", "function", "role", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[
            "email"
        ].help_text = (
            "Elle relie la personne à la réunion. Sans compte, l’administration reçoit la demande de lui en ouvrir un."
        )


PresenterRows = rows(
    PresenterRow, label="Qui présente, qui co-anime", singular="Personne", add_label="Ajouter une personne", most=12
)


class PassageForm(SharedForm, AsksAboutPeople, FrontForm, forms.ModelForm):
    """What the service and a team both say of a passage."""

    row_sets = {"presenters": PresenterRows}

    class Meta:
        model = AgendaItem
        formfield_callback = formfield
        fields = ["kind", "minutes", "question"]
        labels = {
            "kind": "Quel type de passage\u00a0?",
            "minutes": "Combien de minutes\u00a0?",
            "question": "Quelle question posez-vous à l’instance\u00a0?",
        }
        help_texts = {"question": "Par exemple\u00a0: comment faire vivre le groupe sans nous\u00a0?"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["question"].privacy_note = LINE_NOTE
        if "kind" in self.fields:
            self.fields["kind"].choices = OF_ACTIONS

    def row_kwargs(self, name):
        return super().row_kwargs(name) | {"accounts": typed_accounts(self.data)}

    @classmethod
    def stored_of(cls, item: AgendaItem) -> Values:
        """What is stored of the passage, in the names of this form."""
        without = "title" if item.action_id else "kind"
        names = [name for name in cls.Meta.fields if name != without]
        return {**values_of(item, names), "presenters": presenters_of(item)}


class ItemForm(PassageForm):
    """One passage, for the service."""

    class Meta(PassageForm.Meta):
        fields = ["kind", "title", "minutes", "question", "notes"]
        help_texts = PassageForm.Meta.help_texts | {"notes": "Lues par le service seulement, à l’écran et sur papier."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["notes"].privacy_note = LINE_NOTE
        if self.instance.kind == Kind.APPROVAL:
            self.fields[
                "title"
            ].help_text = "Laissez vide\u00a0: celui de la réunion précédente, quelle qu’elle soit ce jour-là."
        del self.fields["title" if self.instance.action_id else "kind"]

    @property
    def layout(self):
        first = "kind" if self.instance.action_id else "title"
        return Layout(
            Section("Le passage", Pair(first, "minutes"), "question"),
            Section("Avec qui\u00a0?", Rows("presenters")),
            Section("Pour le service", "notes"),
        )


#: Said where a team proposes, since a draft is presented too (AgendaItem.shown_question).
READERS = "Le titre de la fiche et votre question se lisent à l’ordre du jour, même si la fiche est encore un brouillon\u00a0: par les agents, et par les invités de la réunion."


class QuestionForm(PassageForm):
    """What a team may still change of its passage once it is on an agenda: its question, and who comes."""

    layout = Layout(Section("Le passage", "question", help=READERS), Section("Avec qui\u00a0?", Rows("presenters")))

    class Meta(PassageForm.Meta):
        fields = ["question"]


class ProposalForm(PassageForm):
    """What a team asks. No account gives its name here: that would tell any agent who has one."""

    layout = Layout(
        Section("Pour quelle réunion\u00a0?", "meeting"),
        Section("Le passage", Pair("kind", "minutes"), "question", help=READERS),
        Section("Avec qui\u00a0?", Rows("presenters")),
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label="Réunion souhaitée",
        required=False,
        blank=True,  # radio buttons would drop the choice of none
        empty_label="Peu importe\u00a0: elle attendra la prochaine",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["meeting"]
        self.initial.setdefault("meeting", self.instance.wanted_meeting_id)
        field.queryset = Meeting.objects.coming().select_related("territory")
        field.label_from_instance = describe_meeting

    def row_kwargs(self, name):
        return SharedForm.row_kwargs(self, name)


def describe_meeting(meeting: Meeting) -> str:
    """« jeudi 3 décembre 2026, Ain (propositions jusqu’au…) »."""
    if meeting.takes_proposals:
        words = f"jusqu’au {long_day(meeting.deadline_on)}"
    else:
        words = "date limite passée\u00a0: le service décidera"
    return f"{long_day(meeting.date)}, {meeting.territory} ({words})"
