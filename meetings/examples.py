"""The meetings of the demonstration: one past with its minutes, one being prepared; and their removal."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actions.models import Action
from catalogue.installing.examples import MORE
from meetings.minutes import close
from meetings.models import AgendaItem, Meeting
from meetings.outcomes import put, release
from meetings.workflows import add, begin
from territories.models import Territory

#: Nobody: names and addresses are invented.
MEMBERS = (
    ("chair", "Camille Exemple", "responsable du développement social", "present"),
    ("secretary", "Dominique Modèle", "secrétariat du service", "present"),
    ("member", "Claude Essai", "conseiller en économie sociale et familiale", "present"),
    ("member", "Sacha Spécimen", "assistante sociale", "excused"),
)
#: The instance's answers on the actions of the past meeting, in order.
SAID = (
    {
        "outcome": "supported",
        "is_to_spread": True,
        "brings": "L’instance salue la place laissée aux habitants dès la première réunion.\n"
        "Deux unités aimeraient refaire l’action\u00a0: une visite est proposée au printemps.",
    },
    {
        "outcome": "advised",
        "brings": "Prévoir un relais pour les mois d’été, et associer le centre social à l’évaluation.",
    },
    {
        "outcome": "rework",
        "brings": "L’idée plaît\u00a0; il reste à dire avec qui elle se construit et comment on saura qu’elle a servi.",
    },
)
QUESTIONS = (
    "Comment continuer quand l’animatrice change de poste\u00a0?",
    "Qui pourrait prêter une salle le mercredi\u00a0?",
    "Quels partenaires associer dès le départ\u00a0?",
)
TASK = ("Organiser la visite de l’action par les deux unités intéressées", "Claude Essai")
#: Around today, so that the demonstration stays true.
PAST, COMING = dt.timedelta(weeks=-8), dt.timedelta(weeks=3)


@transaction.atomic
def load() -> None:
    """Both at once, or neither; a département where they are already keeps them."""
    sheets = list(Action.objects.published().filter(is_example=True).order_by("slug")[: 2 * len(SAID)])
    if Meeting.objects.filter(is_example=True).exists() or len(sheets) < 2 * len(SAID):
        return
    _past(sheets[: len(SAID)])
    _coming(sheets[len(SAID) :])


def _past(sheets: list[Action]) -> None:
    meeting = _meeting(PAST, place="Salle des exemples")
    for role, name, function, presence in MEMBERS:
        meeting.members.create(role=role, name=name, function=function, presence=presence)
    for sheet in sheets:
        add(meeting, sheet, by=None)
    meeting.refresh_from_db()
    meeting.hold(by=None)
    items = list(meeting.items.select_related("action", "meeting"))
    for item, words in zip(items, SAID, strict=True):
        put(item, words, by=None)
    what, who = TASK
    meeting.tasks.create(item=items[0], what=what, who=who, due_on=meeting.date + dt.timedelta(weeks=12))
    release(items, by=None)
    close(meeting, by=None)


def _coming(sheets: list[Action]) -> None:
    meeting = _meeting(COMING, place="Salle des exemples", notes="Exemple de notes\u00a0: réserver le vidéoprojecteur.")
    for sheet, question in zip(sheets, QUESTIONS, strict=True):
        item = add(meeting, sheet, by=None)
        item.question = question
        item.save(update_fields=["question"])


def _meeting(away: dt.timedelta, **words) -> Meeting:
    """On the Thursday of that week."""
    day = timezone.localdate() + away
    day += dt.timedelta(days=3 - day.weekday())
    home = Territory.objects.home().get()
    return begin(Meeting(territory=home, date=day, deadline_on=day - dt.timedelta(days=7), is_example=True, **words))


@transaction.atomic
def remove() -> int:
    """Take both away; somebody's own action that was placed there waits again for a meeting. How many meetings went."""
    examples = Meeting.objects.filter(is_example=True)
    continuations = Q(continues__meeting__in=examples, action__is_example=True, meeting=None)
    AgendaItem.objects.filter(continuations).delete()
    for item in AgendaItem.objects.filter(meeting__in=examples, action__isnull=False, action__is_example=False):
        item.unplace()
    number = examples.count()
    examples.delete()
    return number


MORE.add((load, remove))
