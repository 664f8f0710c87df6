"""The moves of a sheet: from which state to which, by whom, and who is mailed. Every caller goes through here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from actions.models import Action, Version
from isic.lib.mail import absolute, send_later
from isic.lib.moves import Move
from isic.lib.versions import StaleVersion
from isic.lib.words import listed

State = Action.EditorialState


def service(action: Action) -> QuerySet[User]:
    """Who reads the proposals."""
    return User.objects.filter(is_active=True, role__in=[User.Role.MANAGER, User.Role.ADMINISTRATOR])


def team(action: Action) -> QuerySet[User]:
    """The accounts in the team of the sheet, and whoever created it."""
    members = action.team_members.order_by().values("user")
    return User.objects.filter(Q(pk__in=members) | Q(pk=action.created_by_id), is_active=True)


@dataclass(frozen=True, kw_only=True)
class SheetMove(Move[Action]):
    subject = "la fiche"
    state_field, reason_field = "editorial_state", "editorial_reason"

    help_text: str = "En une phrase\u00a0: l’équipe de la fiche la lira. Ne nommez aucune personne accompagnée."
    participles: tuple[str, str]  # one sheet is « publiée », several are « publiées »
    readers: Callable[[Action], QuerySet[User]]  # of its mail
    mail: str
    managers_only: bool = True

    def recipients(self, action: Action, by: User | None) -> QuerySet[User]:
        """Never the person who acts."""
        return self.readers(action).exclude(pk=by and by.pk).order_by("pk")

    def consequences(self, action: Action, by: User) -> list[str]:
        return [*self.leads_to(action), self._who_is_told(action, by)]

    def _who_is_told(self, action: Action, by: User) -> str:
        people = [str(person) for person in self.recipients(action, by)]
        if not people:
            return "Personne n’est prévenu par courriel."
        if self.readers is service:
            return f"Le {settings.SERVICE_NAME.lower()} est prévenu par courriel."
        return f"Un courriel prévient {listed(people)}."

    def summary(self, number: int) -> str:
        """« 1 fiche publiée. », « 3 fiches publiées. »"""
        return f"1 fiche {self.participles[0]}." if number == 1 else f"{number} fiches {self.participles[1]}."

    @transaction.atomic
    def carry_out(self, action: Action, *, by: User | None, reason: str = "") -> None:
        """Keep who, when and why, and tell by mail; a sheet already there tells nobody again.

        The reason is free words: it is read on the page of the sheet, and never goes into a mail.
        """
        before = action.editorial_state
        super().carry_out(action, by=by, reason=reason)
        if action.editorial_state != before:
            page = "actions:edit" if self is SEND_BACK else "catalogue:sheet"
            context = {"title": action.title, "url": absolute(reverse(page, args=[action.slug]))}
            send_later(self.mail, self.recipients(action, by).values_list("email", flat=True), context)


def _readers(action: Action) -> str:
    who = "Tout le monde pourra" if action.visibility == Action.Visibility.PUBLIC else "Les agents connectés pourront"
    return f"{who} la lire dans le catalogue, dans quelques secondes."


PROPOSE = SheetMove(
    name="propose",
    verb="Proposer au service",
    done="La fiche est proposée.",
    participles=("proposée", "proposées"),
    since=(State.DRAFT,),
    target=State.PROPOSED,
    write=lambda action, by, reason: action.propose(by=by, note=reason),
    leads_to=lambda action: (
        f"La fiche rejoint la liste «\u00a0À relire\u00a0» du {settings.SERVICE_NAME.lower()}, qui la publiera ou dira ce qui manque.",
        "Rien n’est verrouillé\u00a0: vous pouvez continuer à l’écrire.",
    ),
    readers=service,
    mail="action_proposed",
    asks="Un mot pour le service",
    is_reason_needed=False,
    help_text="En une phrase, si vous le souhaitez. Ne nommez aucune personne accompagnée.",
    managers_only=False,
)
SEND_BACK = SheetMove(
    name="send_back",
    verb="Renvoyer à l’équipe",
    done="La fiche est renvoyée à l’équipe.",
    participles=("renvoyée à l’équipe", "renvoyées à l’équipe"),
    since=(State.PROPOSED,),
    target=State.DRAFT,
    write=lambda action, by, reason: action.send_back(by=by, reason=reason),
    leads_to=lambda action: (
        "La fiche redevient un brouillon, avec votre phrase en haut de sa page.",
        "Aucun texte n’est perdu\u00a0; son équipe la proposera de nouveau.",
    ),
    readers=team,
    mail="action_sent_back",
    asks="Que reste-t-il à faire\u00a0?",
)
PUBLISH = SheetMove(
    name="publish",
    verb="Publier",
    done="La fiche est publiée.",
    participles=("publiée", "publiées"),
    since=(State.DRAFT, State.PROPOSED),
    target=State.PUBLISHED,
    write=lambda action, by, reason: action.publish(by=by),
    leads_to=lambda action: (
        _readers(action),
        "Son équipe et son unité pourront la modifier\u00a0: leurs changements seront en ligne aussitôt.",
    ),
    readers=team,
    mail="action_published",
)
ARCHIVE = SheetMove(
    name="archive",
    verb="Archiver",
    done="La fiche est archivée.",
    participles=("archivée", "archivées"),
    since=(State.DRAFT, State.PROPOSED, State.PUBLISHED),
    target=State.ARCHIVED,
    write=lambda action, by, reason: action.archive(by=by, reason=reason),
    leads_to=lambda action: (
        f"La fiche quitte le catalogue{', dans quelques secondes' if action.is_published else ''}.",
        "Son équipe et le service peuvent toujours la lire.",
        "Rien n’est effacé\u00a0: on peut la remettre en brouillon.",
    ),
    readers=team,
    mail="action_archived",
    asks="Pourquoi\u00a0?",
)
REOPEN = SheetMove(
    name="reopen",
    verb="Remettre en brouillon",
    done="La fiche est remise en brouillon.",
    participles=("remise en brouillon", "remises en brouillon"),
    since=(State.PUBLISHED, State.ARCHIVED),
    target=State.DRAFT,
    write=lambda action, by, reason: action.reopen(by=by, reason=reason),
    leads_to=lambda action: (
        f"La fiche redevient un brouillon{'\u00a0: elle quitte le catalogue' if action.is_published else ''}, et se publie de nouveau quand elle est prête.",
    ),
    readers=team,
    mail="action_reopened",
    asks="Pourquoi\u00a0?",
)
MOVES = (PROPOSE, PUBLISH, SEND_BACK, ARCHIVE, REOPEN)


def moves_for(user: User, action: Action) -> list[SheetMove]:
    """What this person, who may edit the sheet, can do with it as it is."""
    return [m for m in MOVES if m.is_possible(action) and (user.is_manager or not m.managers_only)]


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
