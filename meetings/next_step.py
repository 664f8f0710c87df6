"""The one thing that a meeting waits for now: what its page puts before its manager."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from isic.lib.words import counted
from meetings.changes import agenda_changes, is_corrected, without_extract
from meetings.models import AgendaItem, Letter, Meeting, Minutes

State = Meeting.State
Kind = Letter.Kind


@dataclass(frozen=True)
class NextStep:
    words: str
    label: str
    url: str
    #: Set where the step prepares a letter: it is a POST.
    kind: str = ""


def next_step(
    meeting: Meeting, items: list[AgendaItem], letters: list[Letter], version: Minutes | None = None
) -> NextStep | None:
    """None once all is told, and for a cancelled meeting that nobody was called to. `version`: the last minutes."""
    match meeting.state:
        case State.PREPARING:
            return _before(meeting, items, letters)
        case State.HELD:
            return _after(meeting, items)
        case State.CLOSED:
            return _closed(meeting, items, letters, version)
        case State.CANCELLED if meeting.convoked_on:
            words = "La convocation était partie\u00a0: prévenez ceux qui l’ont reçue."
            return _letter(meeting, letters, Kind.CANCELLATION, words, "Préparer l’annonce")
    return None


def _before(meeting: Meeting, items: list[AgendaItem], letters: list[Letter]) -> NextStep | None:
    if all(item.kind == AgendaItem.Kind.APPROVAL for item in items):
        url = reverse("meetings:prepare", args=[meeting.pk])
        return NextStep("L’ordre du jour attend sa première action.", "Composer l’ordre du jour", url)
    if meeting.date <= timezone.localdate():
        url = reverse("meetings:hold", args=[meeting.pk])
        return NextStep(
            "C’est le jour\u00a0: les fiches seront gardées telles qu’on les présente.", "La réunion a lieu", url
        )
    if changes := agenda_changes(meeting, items, letters):
        words = f"Depuis la convocation\u00a0: {' '.join(changes)}"
        return _to_prepare(meeting, letters, Kind.UPDATE, words, "Prévenir ceux qui viennent")
    words = "Quand l’ordre du jour est prêt, la convocation peut partir."
    return _letter(meeting, letters, Kind.CONVOCATION, words, "Préparer la convocation")


def _closed(
    meeting: Meeting, items: list[AgendaItem], letters: list[Letter], version: Minutes | None
) -> NextStep | None:
    """The minutes, then the minutes that were corrected since, then the teams that have not read their answer."""
    if version and is_corrected(version.number, letters):
        words = f"Le compte rendu a été corrigé depuis son envoi\u00a0: {version.reason}"
        return _to_prepare(meeting, letters, Kind.MINUTES, words, "Préparer l’envoi de la correction")
    label = "Préparer l’envoi du compte rendu"
    step = _letter(meeting, letters, Kind.MINUTES, "Il reste à envoyer le compte rendu.", label)
    if step or not (untold := without_extract(items, letters)):
        return step
    words = f"{counted(len(untold), 'équipe')} à qui dire ce que l’instance dit de son action."
    return NextStep(words, "Préparer les extraits", reverse("meetings:outbox", args=[meeting.pk]), Kind.EXTRACT)


def _after(meeting: Meeting, items: list[AgendaItem]) -> NextStep:
    """An approval or a topic may leave nothing to say; an action never does."""
    if any(item.action_id and not item.is_said for item in items):
        url = reverse("meetings:outcomes", args=[meeting.pk])
        return NextStep("Écrivez, passage par passage, ce que dit l’instance.", "Écrire les avis", url)
    if any(item.is_unreleased for item in items):
        return NextStep("Tout est écrit\u00a0: les équipes peuvent le lire.", "Communiquer les avis", "#communiquer")
    url = reverse("meetings:close", args=[meeting.pk])
    return NextStep("Les avis sont communiqués\u00a0: clore la réunion fait le compte rendu.", "Clore la réunion", url)


def _letter(meeting: Meeting, letters: list[Letter], kind: str, words: str, label: str) -> NextStep | None:
    """To prepare, then to read and send; None once one left."""
    if any(letter.kind == kind and letter.released_at for letter in letters):
        return None
    return _to_prepare(meeting, letters, kind, words, label)


def _to_prepare(meeting: Meeting, letters: list[Letter], kind: str, words: str, label: str) -> NextStep:
    """A letter of this kind, once more, unless one waits to be read."""
    waiting = next((letter for letter in letters if letter.kind == kind and not letter.released_at), None)
    if waiting is None:
        return NextStep(words, label, reverse("meetings:outbox", args=[meeting.pk]), kind)
    url = reverse("meetings:letter", args=[meeting.pk, waiting.pk])
    return NextStep("Le courrier est prêt\u00a0: rien ne part avant que vous l’ayez lu.", "Relire et envoyer", url)
