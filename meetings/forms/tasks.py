"""Who does what by when."""

from crispy_forms.layout import Layout
from django import forms
from django.db import transaction

from accounts.models import User
from actions.forms.rows import DateInput
from isic.lib.forms import FrontForm
from isic.lib.layout import Pair
from isic.lib.people import LINE_NOTE, AsksAboutPeople
from meetings.models import Meeting, Task


class TaskForm(AsksAboutPeople, FrontForm, forms.ModelForm):
    belongs = {"who": frozenset({"name"})}
    layout = Layout("what", Pair("who", "email"), Pair("due_on", "item"))
    email = forms.EmailField(
        label="Adresse e-mail",
        max_length=254,
        required=False,
        help_text="Celle d’un compte\u00a0: cette personne recevra le rappel.",
    )

    class Meta:
        model = Task
        fields = ["what", "who", "due_on", "item"]
        widgets = {"due_on": DateInput}
        labels = {"what": "Quoi\u00a0?", "who": "Qui\u00a0?", "due_on": "Pour quand\u00a0?", "item": "À propos de"}

    def __init__(self, *args, meeting: Meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.meeting = meeting
        self.fields["item"].queryset = meeting.items.select_related("action")
        self.fields["item"].empty_label = "toute la réunion"
        self.fields["what"].privacy_note = LINE_NOTE
        self.fields["who"].required = False

    def clean(self):
        """An account gives its name."""
        cleaned = super().clean()
        email = cleaned.get("email", "")
        user = User.objects.filter(email=email.lower(), is_active=True).first() if email else None
        if email and user is None:
            self.add_error("email", "Aucun compte n’a cette adresse\u00a0: laissez-la vide et gardez le nom.")
        self.instance.user = user
        cleaned["who"] = cleaned.get("who") or (user.full_name or user.email if user else "")
        if not cleaned["who"] and "email" not in self.errors:
            self.add_error("who", "Dites qui s’en charge.")
        return cleaned

    @transaction.atomic
    def keep(self) -> Task | None:
        """The same words sent twice are one follow-up; none once the meeting is no longer being held."""
        task = self.instance
        if Meeting.objects.select_for_update().get(pk=task.meeting_id).state != Meeting.State.HELD:
            return None
        return Task.objects.get_or_create(
            meeting=task.meeting, item=task.item, what=task.what, who=task.who, user=task.user, due_on=task.due_on
        )[0]
