"""Is it still true? Which sheets are due for a check, how the referent answers without signing in, what readers see.

`due(action, today)` gives the questions of one sheet, each with the address where it is answered.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions.models import Action, TeamMember, Version
from actions.snapshot import plain
from actions.workflows import ARCHIVE, carry_out_each, team
from isic.lib.background import background
from isic.lib.mail import absolute, compose, send_later
from isic.lib.months import month

LIFETIME = dt.timedelta(days=60)
STALE = dt.timedelta(days=settings.STALE_DAYS)
#: How long the answer of a link may be cancelled by the same link.
CANCELLABLE = dt.timedelta(days=1)
UPDATE = "update"


@dataclass(frozen=True)
class Question:
    """What is asked again of a published sheet, on the date that one of its fields holds."""

    name: str
    route: str
    field: str
    words: str  # in a list of what is to be done
    answers: Mapping[str, str]  # what a choice sends → what it says

    def due_on(self, action: Action) -> dt.date | None:
        return getattr(action, self.field) if action.is_published else None

    def is_due(self, action: Action, today: dt.date) -> bool:
        date = self.due_on(action)
        return date is not None and date <= today

    def path(self, action: Action) -> str:
        """Good for this date only: once it is answered, the sheet has another."""
        token = signing.dumps([action.pk, f"{getattr(action, self.field)}"], salt=self._salt)
        return reverse(self.route, args=[token])

    def read(self, token: str) -> tuple[int, str] | None:
        """The key of the sheet and the date it was asked on; None of a link that is forged, cut or too old."""
        try:
            return tuple(signing.loads(token, salt=self._salt, max_age=LIFETIME))
        except signing.BadSignature:
            return None

    def is_open(self, action: Action, asked_on: str) -> bool:
        """Nobody has answered since the link was created."""
        return f"{self.due_on(action)}" == asked_on

    @property
    def _salt(self) -> str:
        return f"actions.freshness.{self.name}"


REVIEW = Question(
    name="review",
    route="actions:verify",
    field="review_due_on",
    words="Cette fiche est-elle toujours d’actualité\u00a0?",
    answers={"yes": "Toujours d’actualité", UPDATE: "À mettre à jour"},
)
NEWCOMERS = Question(
    name="newcomers",
    route="actions:verify_newcomers",
    field="newcomers_due_on",
    words="Le groupe accueille-t-il toujours de nouvelles personnes\u00a0?",
    answers={
        Action.Openness.YES: "Toujours ouvert",
        Action.Openness.WAITING_LIST: "Liste d’attente",
        Action.Openness.NO: "Plus ouvert",
    },
)
QUESTIONS = (REVIEW, NEWCOMERS)


def due(action: Action, today: dt.date) -> list[tuple[str, str]]:
    """(words, address) of each question to be answered now; reads nothing."""
    return [(question.words, question.path(action)) for question in QUESTIONS if question.is_due(action, today)]


# --- What readers see ---------------------------------------------------------------------------------------------
def is_stale(action: Action, today: dt.date) -> bool:
    """Twin of `ActionQuerySet.stale`."""
    return REVIEW.is_due(action, today - STALE)


def are_newcomers_stale(action: Action, today: dt.date) -> bool:
    """Twin of `ActionQuerySet.newcomers_stale`."""
    return NEWCOMERS.is_due(action, today - STALE)


def warning(action: Action, today: dt.date) -> str:
    """« Fiche non vérifiée depuis mars 2025… » on the page of a stale sheet of ours: nobody is sent elsewhere."""
    if action.is_elsewhere or not is_stale(action, today):
        return ""
    since = month(action.verified_on or action.review_due_on)
    return f"Fiche non vérifiée depuis {since}\u00a0: appelez avant d’orienter quelqu’un."


# --- Answers ------------------------------------------------------------------------------------------------------
def verify(action: Action, *, by: User | None) -> None:
    """The whole sheet is still true."""
    with action.edited(by=by, kind=Version.Kind.VERIFIED):
        action.verified_on = timezone.localdate()
        action.review_due_on = action.verified_on + dt.timedelta(days=settings.REVIEW_DAYS)
        action.editorial_reason = ""


def confirm_newcomers(action: Action, openness: str, *, by: User | None) -> None:
    with action.edited(by=by, kind=Version.Kind.VERIFIED):
        action.open_to_newcomers = openness
        action.newcomers_due_on = None  # asked now: close_version starts it again if they are still welcome


def call_for_update(action: Action, *, by: User | None) -> None:
    """Somebody says it is no longer true: its team reads it on the sheet, until it is verified."""
    if not action.editorial_reason:
        reason = f"À mettre à jour, répond l’équipe le {timezone.localdate():%d/%m/%Y}."
        with action.edited(by=by, kind=Version.Kind.VERIFIED, reason=reason):
            action.editorial_reason = reason


#: What an answer may change of a sheet.
ANSWERED = ("verified_on", "review_due_on", "editorial_reason", "open_to_newcomers", "newcomers_due_on")


@transaction.atomic
def answer(question: Question, pk: int, asked_on: str, value: str, *, by: User | None) -> None:
    """Write what a link answers, once: a sheet that has been answered for, or is no longer published, stays as it is."""
    action = Action.objects.select_for_update().filter(pk=pk).first()
    if action is None or not question.is_open(action, asked_on):
        return
    version, before = action.version, _answered(action)
    if question is NEWCOMERS:
        confirm_newcomers(action, value, by=by)
    elif value == UPDATE:
        call_for_update(action, by=by)
    else:
        verify(action, by=by)
    if action.version != version:
        line = action.versions.get(number=action.version)
        line.answer = {"question": question.name, "asked_on": asked_on, "before": before, "after": _answered(action)}
        line.save(update_fields=["answer"])


def _answered(action: Action) -> dict[str, str | None]:
    return {name: plain(getattr(action, name)) for name in ANSWERED}


def cancellable(question: Question, action: Action, asked_on: str) -> Version | None:
    """The answer that this link gave less than a day ago: a machine may have given it."""
    recent = action.versions.filter(kind=Version.Kind.VERIFIED, at__gt=timezone.now() - CANCELLABLE)
    lines = recent.defer("content").filter(answer__isnull=False)
    given = next((line for line in lines if line.answer["asked_on"] == asked_on), None)
    return given if given and given.answer["question"] == question.name else None


@transaction.atomic
def cancel(question: Question, pk: int, asked_on: str, *, by: User | None) -> None:
    """Put back what the answer changed, but what somebody changed since. Idempotent."""
    action = Action.objects.select_for_update().filter(pk=pk).first()
    given = action and cancellable(question, action, asked_on)
    if not given or question.is_open(action, asked_on):
        return
    before, after, now = given.answer["before"], given.answer["after"], _answered(action)
    names = [name for name in ANSWERED if now[name] == after[name] != before[name]]
    values = {name: Action._meta.get_field(name).to_python(before[name]) for name in names}
    with action.edited(by=by, reason="La réponse donnée par le lien d’un courriel est annulée."):
        for name, value in values.items():
            setattr(action, name, value)
    if "newcomers_due_on" in values:  # a new answer starts the date again; this one is the former
        action.newcomers_due_on = values["newcomers_due_on"]
        action.save(update_fields=["newcomers_due_on"])


# --- Reminders ----------------------------------------------------------------------------------------------------
def recipients(action: Action) -> list[str]:
    """Its referents who have an account; else the mailbox of its service, never that of a named person."""
    members = action.team_members.filter(role=TeamMember.Role.REFERENT).order_by().values("user")
    referents = User.objects.filter(pk__in=members, is_active=True).order_by("pk")
    contact = action.contact
    service = [contact.email] if contact and contact.email and not contact.person_name else []
    return list(referents.values_list("email", flat=True)) or service


def remind_all(today: dt.date) -> None:
    """One mail for each date that came, and none again before another date."""
    fresh = Q()
    for question in QUESTIONS:
        came = Q(**{f"{question.field}__lte": today})
        fresh |= came & (Q(reminded_on=None) | Q(reminded_on__lt=F(question.field)))
    for action in Action.objects.published().filter(fresh).select_related("contact").order_by("pk"):
        with transaction.atomic():
            for address in recipients(action):
                _note(action, today)
                remind.later(action.pk, address)


def _note(action: Action, today: dt.date) -> None:
    """No version: nothing of the sheet has changed."""
    action.reminded_on = today
    action.save(update_fields=["reminded_on"])


@background("Rappel de vérification")
def remind(pk: int, address: str) -> None:
    """Build the links only when the mail is sent, so that the task table never holds them."""
    action = Action.objects.filter(pk=pk).first()
    asked = action and [(words, absolute(path)) for words, path in due(action, timezone.localdate())]
    if asked:
        is_left = Action.objects.left_by_referent().filter(pk=pk).exists()
        context = {"title": action.title, "asked": asked, "days": LIFETIME.days, "is_left": is_left}
        compose("review", address, context).send()


# --- Drafts that nobody touches -----------------------------------------------------------------------------------
def put_away(today: dt.date) -> None:
    """Tell the team of a draft untouched for long, then archive it; never without that notice, and nothing is lost."""
    notice, life = dt.timedelta(days=settings.DRAFT_NOTICE_DAYS), dt.timedelta(days=settings.ABANDONED_DRAFT_DAYS)
    midnight = timezone.make_aware(dt.datetime.combine(today, dt.time()))
    drafts = Action.objects.filter(editorial_state=Action.EditorialState.DRAFT)
    expired = []
    for draft in drafts.filter(updated_at__lt=midnight - life + notice).order_by("pk"):
        touched = timezone.localdate(draft.updated_at)
        if draft.reminded_on is None or draft.reminded_on <= touched:
            _warn(draft, today, today + notice)
        elif draft.reminded_on + notice <= today and touched + life <= today:
            expired.append(draft)
    reason = "Brouillon resté sans changement depuis un an."
    carry_out_each(expired, lambda draft: ARCHIVE.carry_out(draft, by=None, reason=reason))


@transaction.atomic
def _warn(draft: Action, today: dt.date, archived_on: dt.date) -> None:
    _note(draft, today)
    context = {
        "title": draft.title,
        "day": f"{archived_on:%d/%m/%Y}",
        "url": absolute(reverse("actions:edit", args=[draft.slug])),
    }
    send_later("draft_put_away", team(draft).order_by("pk").values_list("email", flat=True), context)
