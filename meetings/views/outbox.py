"""The outbox: letters prepared, read and edited by a manager, and sent when the manager says so."""

import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from isic.lib.two_texts import KEEP
from isic.lib.words import counted
from meetings import letters
from meetings.forms.letters import LetterForm
from meetings.models import AgendaItem, Letter, Meeting
from meetings.sections import outbox
from meetings.views.meetings import editable, head
from meetings.views.shared import SharedPage

UNREAD = "C’est enregistré, mais rien n’est parti\u00a0: quelqu’un d’autre a changé ce courrier entre-temps. Relisez-le, puis envoyez."


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, pk):
    """The letters; a POST prepares one, or opens the one that already waits."""
    meeting = editable(request, pk)
    if request.method != "POST":
        return _page(request, meeting)
    wanted = request.POST.get("item", "")
    item = get_object_or_404(meeting.items, pk=int(wanted)) if wanted.isdecimal() and len(wanted) < 10 else None
    kind = request.POST.get("kind", "")
    if kind == Letter.Kind.EXTRACT and item is None:
        return _extracts(request, meeting)
    if kind not in Letter.Kind.values:
        return _page(request, meeting, ["Ce courrier n’existe pas."], status=422)
    try:
        letter = letters.prepare(meeting, kind, by=request.user, item=item)
    except ValidationError as error:
        return _page(request, meeting, error.messages, status=409)
    return HttpResponseRedirect(reverse("meetings:letter", args=[meeting.pk, letter.pk]))


def _extracts(request, meeting: Meeting):
    prepared = letters.prepare_extracts(meeting, by=request.user)
    if not prepared:
        return _page(request, meeting, ["Aucun avis communiqué n’attend son extrait."], status=409)
    messages.success(request, f"{counted(prepared, 'extrait')} à relire et à envoyer.")
    return HttpResponseRedirect(f"{meeting.get_absolute_url()}#courriers")


def _page(request, meeting: Meeting, errors=None, status: int = 200):
    items: list[AgendaItem] = list(meeting.items.select_related("action"))
    context = {**head(request, meeting, "meeting"), **outbox(meeting, items), "errors": errors}
    context |= {"title": "Courriers", "section": "meetings/_outbox.html"}
    return render(request, "meetings/section.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request, pk, letter):
    meeting = editable(request, pk)
    letter = get_object_or_404(meeting.letters.select_related("item__action", "released_by"), pk=letter)
    page = _letter_page(request, meeting, letter)
    return page.answer(lambda form, **way: _save_letter(request, letter, form, **way), request.path)


def _letter_page(request, meeting: Meeting, letter: Letter) -> SharedPage:
    return SharedPage(
        request,
        form=LetterForm,
        kwargs={"instance": copy.copy(letter)},
        stored=letters.letter_of(letter),
        template="meetings/letter.html",
        context={
            **head(request, meeting, "meeting"),
            "letter": letter,
            "deliveries": letter.deliveries.all(),
            "closed": letters.closed_among(letter.deliveries.all()),
            "left": letters.left_out(letter),
            "silent": meeting.members.filter(user=None, email="") if letter.item_id is None else [],
            "head": "meetings/_tabs.html",
            "title": letter.subject,
        },
    )


def _save_letter(request, letter: Letter, form: LetterForm, **way) -> str:
    """Sent too, where that is what the button says; a choice between two texts sends nothing."""
    is_sent = "send" in request.POST and not any(name.startswith(KEEP) for name in request.POST)
    is_read = letters.write(letter.pk, form.mine(), by=request.user, is_sent=is_sent, **way)
    if is_sent and not is_read:
        return UNREAD
    deliveries = letter.deliveries.all()
    number = len(deliveries) - len(letters.closed_among(deliveries))
    return f"Le courrier part à {counted(number, 'personne')}." if is_sent else ""


@require_POST
def discard(request, pk, letter):
    """A letter that did not leave; another click finds nothing left to do."""
    meeting = editable(request, pk)
    with transaction.atomic():
        # It may be leaving at this moment.
        waiting = meeting.letters.select_for_update().filter(pk=letter).first()
        if waiting and waiting.released_at:
            return _page(request, meeting, ["Ce courrier est déjà parti\u00a0: il ne s’abandonne plus."], status=409)
        if waiting:
            waiting.delete()
    messages.success(request, "Le courrier est abandonné\u00a0: il n’est pas parti.")
    return HttpResponseRedirect(f"{meeting.get_absolute_url()}#courriers")
