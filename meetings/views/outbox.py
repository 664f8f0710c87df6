"""The outbox: letters prepared, read and edited by a manager, and sent when the manager says so."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from isic.lib.rows import after_operation
from isic.lib.words import counted
from meetings import letters
from meetings.forms.letters import LetterForm
from meetings.models import AgendaItem, Letter, Meeting
from meetings.sections import outbox
from meetings.views.meetings import editable, head

CHANGED = (
    "Quelqu’un a changé ce courrier entre-temps. Rien n’est enregistré ni envoyé\u00a0: comparez, puis recommencez."
)


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
    made = letters.prepare_extracts(meeting, by=request.user)
    if not made:
        return _page(request, meeting, ["Aucun avis communiqué n’attend son extrait."], status=409)
    messages.success(request, f"{counted(made, 'extrait')} à relire et à envoyer.")
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
    kwargs = {"instance": letter, "initial": {"people": LetterForm.rows_of(letter)}}
    if request.method != "POST":
        return _letter(request, meeting, letter, LetterForm(**kwargs))
    if "op" in request.POST:
        return _letter(request, meeting, letter, after_operation(LetterForm, request.POST, **kwargs))
    form = LetterForm(request.POST, **kwargs)
    if not form.is_valid():
        return _letter(request, meeting, letter, form, status=422)
    try:
        _kept(request, letter, form)
    except letters.StaleLetter:
        stored = Letter.objects.get(pk=letter.pk)
        return _letter(request, meeting, stored, form, errors=[CHANGED], theirs=stored, status=409)
    except ValidationError as error:
        return _letter(request, meeting, Letter.objects.get(pk=letter.pk), form, errors=error.messages, status=409)
    return HttpResponseRedirect(reverse("meetings:letter", args=[meeting.pk, letter.pk]))


def _kept(request, letter: Letter, form: LetterForm) -> None:
    """Saved, and sent if that is what the button says: what leaves is what was read."""
    with letters.editing(letter.pk, seen=request.POST.get("seen", "")) as held:
        form.put(held)
        if "send" in request.POST:
            letters.release(held, by=request.user)
    number = letter.deliveries.count()
    told = f"Le courrier part à {counted(number, 'personne')}." if "send" in request.POST else "C’est enregistré."
    messages.success(request, told)


def _letter(request, meeting: Meeting, letter: Letter, form: LetterForm, status: int = 200, **more):
    context = {
        **head(request, meeting, "meeting"),
        "letter": letter,
        "form": form,
        "deliveries": letter.deliveries.all(),
        "seen": letters.digest_of(letter),
        "silent": meeting.members.filter(user=None, email="") if letter.item_id is None else [],
        **more,
    }
    return render(request, "meetings/letter.html", context, status=status)


@require_POST
def discard(request, pk, letter):
    """A letter that did not leave; another click finds nothing left to do."""
    meeting = editable(request, pk)
    with transaction.atomic():
        # It may be leaving at this moment.
        found = meeting.letters.select_for_update().filter(pk=letter).first()
        if found and found.released_at:
            return _page(request, meeting, ["Ce courrier est déjà parti\u00a0: il ne s’abandonne plus."], status=409)
        if found:
            found.delete()
    messages.success(request, "Le courrier est abandonné\u00a0: il n’est pas parti.")
    return HttpResponseRedirect(f"{meeting.get_absolute_url()}#courriers")
