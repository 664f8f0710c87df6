"""The moves of a meeting: from which state to which, and what each leads to."""

from collections.abc import Callable
from dataclasses import dataclass

from isic.lib.moves import Move
from meetings.closing import missing
from meetings.minutes import close
from meetings.models import Meeting

State = Meeting.State


@dataclass(frozen=True, kw_only=True)
class MeetingMove(Move[Meeting]):
    subject = "la réunion"
    help_text: str = "En une phrase\u00a0: elle se lit sur la page de la réunion."
    #: Whether the question is asked of this meeting, where it may move; without it, always.
    asks_if: Callable[[Meeting], object] | None = None

    def question(self, record: Meeting) -> str:
        """Where it cannot move any more, what was typed of it is read, and shown again."""
        is_asked = self.asks_if is None or not self.is_possible(record) or self.asks_if(record)
        return self.asks if is_asked else ""

    def needs_reason(self, record: Meeting) -> bool:
        return self.asks_if is None or self.is_possible(record)


HOLD = MeetingMove(
    name="hold",
    verb="La réunion a lieu",
    done="La réunion est tenue.",
    since=(State.PREPARING,),
    target=State.HELD,
    write=lambda meeting, by, reason: meeting.hold(by=by),
    leads_to=lambda meeting: (
        "Chaque fiche est gardée telle qu’elle est présentée aujourd’hui.",
        "Vous pouvez écrire ce que l’instance apporte\u00a0; rien n’est communiqué sans vous.",
    ),
)
CLOSE = MeetingMove(
    name="close",
    verb="Clore la réunion",
    done="La réunion est close.",
    since=(State.HELD,),
    target=State.CLOSED,
    write=lambda meeting, by, reason: close(meeting, by=by, reason=reason),
    leads_to=lambda meeting: (
        "L’ordre du jour, les avis et les participants ne changent plus.",
        "Une correction du compte rendu sera une nouvelle version, avec son motif.",
    ),
    asks="Pourquoi clore quand même\u00a0?",
    asks_if=missing,
    help_text="En une phrase\u00a0: le service la lit sur la page de la réunion.",
)
CANCEL = MeetingMove(
    name="cancel",
    verb="Annuler la réunion",
    done="La réunion est annulée.",
    since=(State.PREPARING,),
    target=State.CANCELLED,
    write=lambda meeting, by, reason: meeting.cancel(by=by, reason=reason),
    leads_to=lambda meeting: (
        "Les actions de l’ordre du jour attendent de nouveau une réunion\u00a0: rien n’est perdu.",
        "Les agendas abonnés la montrent annulée. Aucun courriel ne part sans vous.",
    ),
    asks="Pourquoi\u00a0?",
)
RESUME = MeetingMove(
    name="resume",
    verb="Revenir en préparation",
    done="La réunion est de nouveau en préparation.",
    since=(State.HELD, State.CANCELLED),
    target=State.PREPARING,
    write=lambda meeting, by, reason: meeting.resume(by=by, reason=reason),
    leads_to=lambda meeting: (
        "L’ordre du jour peut de nouveau changer.",
        *(
            ["Les actions qui y étaient attendent une réunion\u00a0: ajoutez-les d’un clic."]
            if meeting.state == State.CANCELLED
            else []
        ),
    ),
    asks="Pourquoi\u00a0?",
)
MOVES = (HOLD, CLOSE, CANCEL, RESUME)
