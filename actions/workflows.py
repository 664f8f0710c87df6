"""The moves of a sheet: from which state to which, by whom, and who is told by mail. Every door goes through here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from actions.models import Action, Version
from isic.lib.mail import absolute, send_later
from isic.lib.versions import StaleVersion

State = Action.EditorialState


def service(action: Action) -> QuerySet[User]:
    """Who reads the proposals."""
    return User.objects.filter(is_active=True, role__in=[User.Role.MANAGER, User.Role.ADMINISTRATOR])


def team(action: Action) -> QuerySet[User]:
    """The accounts in the team of the sheet, and whoever created it."""
    members = action.team_members.order_by().values("user")
    return User.objects.filter(Q(pk__in=members) | Q(pk=action.created_by_id), is_active=True)


@dataclass(frozen=True)
class Move:
    """One change of state. The words of its page are in templates/actions/move.html, by `name`."""

    name: str  # of the address, and of the method of Action
    verb: str  # on the button
    done: tuple[str, str]  # one sheet is « publiée », several are « publiées »
    since: tuple[State, ...]
    target: State
    write: Callable[[Action, User | None, str], None]
    told: Callable[[Action], QuerySet[User]]
    mail: str
    asks: str = ""  # the question whose answer is its reason
    is_reason_needed: bool = False
    managers_only: bool = True

    def recipients(self, action: Action, by: User | None) -> QuerySet[User]:
        """Never the person who acts."""
        return self.told(action).exclude(pk=by and by.pk).order_by("pk")


PROPOSE = Move(
    name="propose",
    verb="Proposer au service",
    done=("proposée", "proposées"),
    since=(State.DRAFT,),
    target=State.PROPOSED,
    write=lambda action, by, reason: action.propose(by=by, note=reason),
    told=service,
    mail="action_proposed",
    asks="Un mot pour le service",
    managers_only=False,
)
SEND_BACK = Move(
    name="send_back",
    verb="Renvoyer à l’équipe",
    done=("renvoyée à l’équipe", "renvoyées à l’équipe"),
    since=(State.PROPOSED,),
    target=State.DRAFT,
    write=lambda action, by, reason: action.send_back(by=by, reason=reason),
    told=team,
    mail="action_sent_back",
    asks="Que reste-t-il à faire\u00a0?",
    is_reason_needed=True,
)
PUBLISH = Move(
    name="publish",
    verb="Publier",
    done=("publiée", "publiées"),
    since=(State.DRAFT, State.PROPOSED),
    target=State.PUBLISHED,
    write=lambda action, by, reason: action.publish(by=by),
    told=team,
    mail="action_published",
)
ARCHIVE = Move(
    name="archive",
    verb="Archiver",
    done=("archivée", "archivées"),
    since=(State.DRAFT, State.PROPOSED, State.PUBLISHED),
    target=State.ARCHIVED,
    write=lambda action, by, reason: action.archive(by=by, reason=reason),
    told=team,
    mail="action_archived",
    asks="Pourquoi\u00a0?",
    is_reason_needed=True,
)
REOPEN = Move(
    name="reopen",
    verb="Remettre en brouillon",
    done=("remise en brouillon", "remises en brouillon"),
    since=(State.PUBLISHED, State.ARCHIVED),
    target=State.DRAFT,
    write=lambda action, by, reason: action.reopen(by=by, reason=reason),
    told=team,
    mail="action_reopened",
    asks="Pourquoi\u00a0?",
    is_reason_needed=True,
)
MOVES = (PROPOSE, PUBLISH, SEND_BACK, ARCHIVE, REOPEN)


def moves_for(user: User, action: Action) -> list[Move]:
    """What this person, who may edit the sheet, can do with it as it is."""
    return [m for m in MOVES if action.editorial_state in m.since and (user.is_manager or not m.managers_only)]


@transaction.atomic
def carry_out(move: Move, action: Action, *, by: User | None, reason: str = "") -> None:
    """Move the sheet, keep who, when and why, and tell by mail; a sheet already there tells nobody again.

    Raises StaleVersion, or ValidationError with the sentence that says why it cannot. The reason is free words: it is
    read on the page of the sheet, and never goes into a mail.
    """
    before = action.editorial_state
    move.write(action, by, reason)
    if action.editorial_state != before:
        page = "actions:edit" if move is SEND_BACK else "catalogue:sheet"
        context = {"title": action.title, "url": absolute(reverse(page, args=[action.slug]))}
        send_later(move.mail, move.recipients(action, by).values_list("email", flat=True), context)


@transaction.atomic
def carry_out_each(sheets: Iterable[Action], carry: Callable[[Action], None]) -> tuple[int, list[str]]:
    """Move several; one that cannot stops no other: each has its savepoint, and its sentence. How many moved."""
    moved, refusals = 0, []
    for sheet in sheets:
        try:
            with transaction.atomic():
                carry(sheet)
        except StaleVersion:
            refusals.append(
                f"«\u00a0{sheet}\u00a0» vient d’être modifiée par quelqu’un d’autre\u00a0: relisez-la, puis recommencez."
            )
        except ValidationError as error:
            refusals += error.messages
        else:
            moved += 1
    return moved, refusals


def told_of(move: Move, number: int) -> str:
    """« 1 fiche publiée. », « 3 fiches publiées. »"""
    return f"1 fiche {move.done[0]}." if number == 1 else f"{number} fiches {move.done[1]}."


def waiting_longest() -> QuerySet[Action]:
    """The proposed sheets, the first proposed first, with `proposed_at`, and the key of the account in `proposed_by`."""
    proposal = Version.objects.filter(action=OuterRef("pk"), kind=Version.Kind.PROPOSED).order_by("-number")
    return (
        Action.objects.proposed()
        .annotate(
            # A sheet may have been put in that state by a load, which keeps no version.
            proposed_at=Coalesce(Subquery(proposal.values("at")[:1]), F("updated_at")),
            proposed_by=Subquery(proposal.values("by")[:1]),
        )
        .order_by("proposed_at", "pk")
    )
