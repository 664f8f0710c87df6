"""Before a meeting is closed: what nobody said yet, each with the page where it is said. It blocks nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from isic.lib.words import counted, listed
from meetings.models import AgendaItem, Meeting, Member

Kind, Outcome = AgendaItem.Kind, AgendaItem.Outcome


@dataclass(frozen=True)
class Missing:
    words: str
    url: str


def missing(meeting: Meeting) -> list[Missing]:
    """In the order of the agenda, then of people. A constant number of queries."""
    items = list(meeting.items.for_agenda())
    members = list(meeting.members.in_order().select_related("user"))
    return [*_outcomes(meeting, items), *_unreleased(meeting, items), *_people(meeting, members)]


def _outcomes(meeting: Meeting, items: list[AgendaItem]) -> Iterator[Missing]:
    for item in items:
        url = reverse("meetings:outcome", args=[meeting.pk, item.pk])
        if not item.outcome and item.kind != Kind.TOPIC:
            yield Missing(f"«\u00a0{item.subject}\u00a0» n’a pas d’avis.", url)
        elif item.outcome == Outcome.REWORK and item.comes_back_on is None:
            yield Missing(
                f"«\u00a0{item.subject}\u00a0» est à retravailler, sans date\u00a0: rien ne la fera revenir.", url
            )


def _unreleased(meeting: Meeting, items: list[AgendaItem]) -> Iterator[Missing]:
    number = sum(item.is_unreleased for item in items)
    if number:
        verb = "n’est pas communiqué" if number == 1 else "ne sont pas communiqués"
        words = f"{counted(number, 'avis', 'avis')} {verb}\u00a0: le compte rendu ne partira qu’ensuite."
        yield Missing(words, f"{meeting.get_absolute_url()}#communiquer")


def _people(meeting: Meeting, members: list[Member]) -> Iterator[Missing]:
    unsaid = [member.name for member in members if not member.presence]
    if unsaid:
        words = f"Présences à dire\u00a0: {listed(unsaid, 3)}."
        yield Missing(words, reverse("meetings:presences", args=[meeting.pk]))
    without_address = [member.name for member in members if not member.mailbox]
    people = reverse("meetings:people", args=[meeting.pk])
    if not members:
        yield Missing("La liste des participants est vide\u00a0: personne ne recevra le compte rendu.", people)
    elif without_address:
        yield Missing(f"Sans adresse, ne recevront pas le compte rendu\u00a0: {listed(without_address, 3)}.", people)
