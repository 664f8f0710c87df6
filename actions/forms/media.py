"""Photos, documents and films of a sheet: the file, its words and its rights."""

import json
import uuid

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils import timezone

from actions import files
from actions.forms.rows import DateInput
from actions.models import Media
from actions.snapshot import plain
from isic.lib.forms import FrontForm
from isic.lib.layout import Section
from isic.lib.links import web
from isic.lib.merge import base_of
from isic.lib.office_files import MB
from isic.lib.people import AsksAboutPeople
from isic.lib.uploads import LARGEST_DOCUMENT, LARGEST_IMAGE, Received

Kind = Media.Kind
#: What each kind asks, in the order of the page.
WORDS = {
    Kind.IMAGE: ("title", "alt", "is_decorative", "credit", "consent", "rights_until"),
    Kind.DOCUMENT: ("title", "credit"),
    Kind.LINK: ("url", "title", "credit"),
}
#: Constraint of the model → the field where its sentence is shown.
TOLD_AT = {"actions_media_has_content": "file", "actions_media_alt": "alt", "actions_media_rights": "consent"}
ACCEPTED = "image/jpeg,image/png,image/webp,.pdf,.odt,.ods,.docx,.xlsx"
#: Somebody recognisable did not agree: it is said, and the photo is not taken.
MISSING = "missing"
GONE = "Ce fichier n’est plus là\u00a0: choisissez-le de nouveau."


class UploadInput(forms.FileInput):
    """A file input that works alone; static/js/media.js adds the drop zone, the preview and the progress."""

    template_name = "isic/widgets/upload.html"
    #: Where the script sends the file.
    send_url = ""
    #: The file that is there already.
    kept: files.Waiting | None = None

    @property
    def media(self):
        return forms.Media(css={"all": ["css/pages/media.css"]}, js=[forms.Script("js/media.js", type="module")])

    def get_context(self, name, value, attrs):
        widget = super().get_context(name, value, attrs)["widget"]
        more = {"input": flatatt(widget["attrs"] | {"name": name}), "send_url": self.send_url, "kept": self.kept}
        return {"widget": widget | more}

    def _render(self, template_name, context, renderer=None):
        """By the templates of the house, which the renderer of forms does not know."""
        return render_to_string(template_name, context)


class MediaForm(AsksAboutPeople, FrontForm, forms.ModelForm):
    """The words of one photo, document or film."""

    class Meta:
        model = Media
        fields = ["url", "title", "alt", "is_decorative", "credit", "consent", "rights_until"]
        labels = {
            "url": "Quelle est l’adresse du film ou de la page\u00a0?",
            "title": "Quel est son titre\u00a0?",
            "alt": "Que montre la photo\u00a0?",
            "is_decorative": "La photo est décorative\u00a0: elle n’apprend rien de plus que le texte",
            "credit": "De qui est-ce\u00a0?",
            "consent": "Quelqu’un est-il reconnaissable\u00a0?",
            "rights_until": "Jusqu’à quand ces autorisations valent-elles\u00a0?",
        }
        help_texts = {
            "title": "Par exemple\u00a0: La table du samedi.",
            "alt": "Une phrase pour qui ne la voit pas. Par exemple\u00a0: huit personnes épluchent des légumes autour "
            "d’une grande table.",
            "credit": "Par exemple\u00a0: MDS du Lac, ou le nom du photographe qui l’accepte.",
            "consent": "De dos, de loin ou flouté, on ne l’est pas\u00a0; à un visage, à un tatouage, à un prénom écrit, on l’est.",
            "rights_until": "Si quelqu’un est reconnaissable. Passé ce jour, la photo se cache d’elle-même. Sans date, elle reste.",
        }
        widgets = {
            "consent": forms.RadioSelect,
            "alt": forms.Textarea(attrs={"rows": 2}),
            "rights_until": DateInput,
        }

    def clean_url(self):
        url = self.cleaned_data["url"]
        if url and not web(url):
            raise ValidationError("L’adresse commence par https:// ou http://.")
        return url

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["consent"].choices = [*Media.Consent.choices, (MISSING, "Oui, et un accord manque")]

    def clean_consent(self):
        consent = self.cleaned_data["consent"]
        if consent == MISSING:
            raise ValidationError(
                "Sans l’accord de chaque personne reconnaissable, la photo ne se publie pas\u00a0: floutez-la, ou prenez-en une autre."
            )
        return consent

    def clean_rights_until(self):
        until = self.cleaned_data["rights_until"]
        if until and until < timezone.localdate() and "rights_until" in self.changed_data:
            raise ValidationError("Cette date est passée\u00a0: la photo ne se verrait pas.")
        return until

    def clean(self):
        """What its kind does not ask is not kept, whatever a browser sends."""
        cleaned = super().clean()
        self.instance.kind = self.kind(cleaned)
        unasked = set(MediaForm.Meta.fields) - set(WORDS[self.instance.kind])
        for name in unasked & self.fields.keys():
            cleaned[name] = self.fields[name].clean(None)
            if name != "url":
                self.errors.pop(name, None)
        if cleaned.get("is_decorative"):
            cleaned["alt"] = ""
        if cleaned.get("consent") == Media.Consent.NOBODY:
            cleaned["rights_until"] = None
        return cleaned

    def kind(self, cleaned: dict) -> str:
        return self.instance.kind

    def validate_constraints(self):
        """Put each error at its field; a refused file gets no error about its caption as well."""
        if "file" in self.errors:
            return
        for constraint in Media._meta.constraints:
            try:
                constraint.validate(Media, self.instance, exclude=set(self.errors))
            except ValidationError as error:
                field = TOLD_AT.get(constraint.name)
                self.add_error(field if field in self.fields else None, error.messages)
                if constraint.name == "actions_media_has_content":
                    return


class AddForm(MediaForm):
    """A file is received once: whatever is wrong beside it, it waits on the server for the next try."""

    #: Of the row to come, given by the page: the same form sent twice adds nothing twice.
    row = forms.UUIDField(widget=forms.HiddenInput, required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label="Quel fichier\u00a0?",
        required=False,
        widget=UploadInput(attrs={"accept": ACCEPTED}),
        help_text=f"Une photo (JPEG, PNG ou WebP, {LARGEST_IMAGE // MB}\u00a0Mo au plus) ou un document (PDF, ODT, ODS, "
        f"DOCX ou XLSX, {LARGEST_DOCUMENT // MB}\u00a0Mo au plus). Le lieu, la date et l’appareil d’une photo sont "
        "effacés, et les noms d’auteurs d’un document.",
    )
    layout = Layout(
        Section("Le fichier, ou l’adresse d’un film", "file", "url"),
        Section("Ses mots", "title", "credit"),
        Section(
            "Si c’est une photo",
            "alt",
            "is_decorative",
            "consent",
            "rights_until",
            help="On ne montre personne sans son accord écrit, et chacun peut savoir ce que montre la photo.",
            id="photo",
        ),
    )

    class Meta(MediaForm.Meta):
        fields = ["file", *MediaForm.Meta.fields]

    def __init__(self, *args, action, user, send_url: str, **kwargs):
        self.action, self.user = action, user
        super().__init__(*args, instance=Media(action=action), initial={"row": uuid.uuid4()}, **kwargs)
        self.waiting = files.waiting(self.data.get("token", ""), by=user) if self.is_bound else None
        self.fields["file"].widget.send_url = send_url
        self.show_waiting()

    @property
    def key(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.data.get("row", ""))
        except ValueError:
            return self.instance.key

    def is_sent_again(self) -> bool:
        return self.action.media.filter(key=self.key).exists()

    def show_waiting(self) -> None:
        self.fields["file"].widget.kept = self.waiting

    def clean_file(self) -> Received | None:
        sent = self.cleaned_data["file"]
        if sent:
            self.waiting = None
            return files.take_in(sent, action=self.action, by=self.user)
        files.check_number(self.action)
        if self.waiting is None and self.data.get("token"):
            raise ValidationError(GONE)
        return self.waiting.read() if self.waiting else None

    def clean_url(self):
        url = super().clean_url()
        if url and self.cleaned_data.get("file"):
            raise ValidationError(
                "Un fichier ou une adresse, pas les deux\u00a0: videz ce champ, ou ajoutez en deux fois."
            )
        return url

    def kind(self, cleaned: dict) -> str:
        received = cleaned.get("file")
        if not received:
            return Kind.LINK
        return Kind.IMAGE if received.width else Kind.DOCUMENT

    def keep_file(self) -> None:
        """Whatever is wrong elsewhere, the file that came is good: the next try does not send it again."""
        received = getattr(self, "cleaned_data", {}).get("file")
        if received and not self.waiting:
            self.waiting = files.keep(received, called=self.files["file"].name, by=self.user)
        self.data = self.data.copy()
        self.data["token"] = self.waiting.token if self.waiting else ""
        self.show_waiting()


class EditForm(MediaForm):
    """The words of what is there: the file itself does not change, another one is added."""

    #: What the page started from (isic.lib.merge).
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, instance, **kwargs):
        self.stored = words_of(instance)
        super().__init__(*args, instance=instance, initial={"base": json.dumps(base_of(self.stored))}, **kwargs)
        for name in set(self.Meta.fields) - self.stored.keys():
            del self.fields[name]
        self.layout = Layout(*WORDS[instance.kind])

    def mine(self) -> dict[str, object]:
        """The validated input."""
        return {name: plain(self.cleaned_data[name]) for name in self.stored}

    def label_of(self, name: str) -> str:
        return self.fields[name].label


def words_of(media: Media) -> dict[str, object]:
    """The words of a photo, document or film, in values of JSON."""
    return {name: plain(getattr(media, name)) for name in WORDS[media.kind]}


def in_words(value) -> str:
    if value in Media.Consent.values:
        return Media.Consent(value).label
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value) if value else "rien"
