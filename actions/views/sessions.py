"""The dates of a group: their list, and each one added, moved, cancelled or put back by itself."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.differences import ValueLabels, say
from actions.filing import keep_flags
from actions.forms.sessions import CancelForm, NewSessionForm, SessionForm
from actions.models import Action, Session
from actions.sheet_pages import to_edit
from isic.lib.two_texts import ask

reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])
#: No more past dates than a reader looks at.
PAST_SHOWN = 30


@require_safe
def index(request, slug):
    (action, head), today = to_edit(request, slug, "edit"), timezone.localdate()
    past = action.sessions.past(today)
    sessions = {"coming": action.sessions.coming(today), "past": past[:PAST_SHOWN], "past_total": past.count()}
    return render(request, "actions/sessions.html", {**head, **sessions})


@reading_and_writing
def add(request, slug):
    action, head = to_edit(request, slug, "edit")
    if request.method != "POST":
        return _page(request, head, NewSessionForm(instance=Session(action=action)))
    with transaction.atomic():
        action = _held(action)
        form = _form(NewSessionForm, request, Session(action=action))
        if session := action.sessions.filter(key=form.instance.key).first():
            return _back(action, session)
        return _answer(request, head, form, "La séance du {} est ajoutée.")


@reading_and_writing
def edit(request, slug, session):
    return _change(request, slug, session, SessionForm, "La séance du {} est enregistrée.")


@reading_and_writing
def cancel(request, slug, session):
    return _change(request, slug, session, CancelForm, "La séance du {} est annulée.")


@require_POST
@transaction.atomic
def reinstate(request, slug, session):
    """Asked twice, the second has nothing left to do."""
    action = _held(to_edit(request, slug)[0])
    session = get_object_or_404(action.sessions, key=session)
    if session.is_cancelled:
        session.cancellation_reason = ""
        session.save(update_fields=["cancellation_reason"])
        messages.success(request, f"La séance du {session.day} a lieu de nouveau.")
    return _back(action, session)


def _change(request, slug, key, form_class: type[SessionForm], done: str):
    action, head = to_edit(request, slug, "edit")
    if request.method != "POST":
        return _page(request, head, form_class(instance=get_object_or_404(action.sessions, key=key)))
    with transaction.atomic():
        action = _held(action)
        form = _form(form_class, request, get_object_or_404(action.sessions, key=key))
        return _answer(request, head, form, done)


def _held(action: Action) -> Action:
    """Nobody else changes a date of this sheet before the end of the transaction."""
    return get_object_or_404(Action.objects.select_for_update(), pk=action.pk)


def _form(form_class: type[SessionForm], request, session: Session) -> SessionForm:
    """What was meant before is not asked twice."""
    flags = session.action.privacy_flags.values_list("fingerprint", flat=True)
    return form_class(request.POST, instance=session, confirmed=flags, part="sessions")


def _answer(request, head: dict, form: SessionForm, done: str):
    if not form.is_valid():
        return _page(request, head, form, status=422)
    session = form.save()
    confirmed = [text for texts in form.meant.values() for text in texts]
    keep_flags(session.action, {"sessions": confirmed}, ["sessions"], request.user)
    if form.saved.conflicts:  # of which nothing is saved
        return _two_answers(request, head, form)
    messages.success(request, done.format(session.day))
    return _back(session.action, session)


def _two_answers(request, head: dict, form: SessionForm):
    fields = {name: Session._meta.get_field(name) for name in form.stored}
    return ask(
        request,
        form.saved,
        label=lambda name: form.fields[name].label,
        words=lambda name, value: say(fields[name], value, ValueLabels({})),
        head="actions/_head.html",
        title=form.title,
        **head,
    )


def _page(request, head: dict, form: SessionForm, status: int = 200):
    return render(request, "actions/session_form.html", {**head, "form": form}, status=status)


def _back(action: Action, session: Session) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('actions:sessions', args=[action.slug])}#seance-{session.key}")
