"""Photos, documents and films of a sheet: their list, and each one added, worded, ordered, removed."""

import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from actions import files
from actions.filing import keep_flags
from actions.forms.media import AddForm, EditForm, in_words, words_of
from actions.models import Action, Media
from actions.sheet_pages import to_edit
from isic.lib import protected
from isic.lib.errors import FULL
from isic.lib.merge import Saved, merge, read_base
from isic.lib.two_texts import Choice, ask

reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])


@reading_and_writing
def index(request, slug):
    action, head = to_edit(request, slug, "edit")
    if request.method == "POST":
        return _move(request, action)
    context = {**head, "media": action.media.all(), "most": files.MOST_A_SHEET}
    return render(request, "actions/media.html", context)


@reading_and_writing
def add(request, slug):
    action, head = to_edit(request, slug, "edit")
    form = _add_form(request, action)
    if form.is_sent_again():
        return _back(action)
    status = 422 if form.is_bound else 200
    try:
        if form.is_bound and form.is_valid() and _store(form, action, by=request.user):
            messages.success(request, f"«\u00a0{form.instance.title}\u00a0» est dans la fiche.")
            return _back(action)
        if form.is_bound:
            form.keep_file()
    except OSError as error:
        if error.errno not in FULL:
            raise
        form.add_error("file", files.FULL_DISK)
        status = 507
    return render(request, "actions/media_add.html", {**head, "form": form}, status=status)


@require_POST
def receive(request, slug):
    """The file alone, sent by the script while its words are being written: what the form will name it by."""
    action, _head = to_edit(request, slug)
    try:
        if "file" not in request.FILES:
            raise ValidationError("Choisissez un fichier.")
        sent = request.FILES["file"]
        received = files.take_in(sent, action=action, by=request.user)
        kept = files.keep(received, called=sent.name, by=request.user)
    except ValidationError as refusal:
        full = getattr(refusal, "code", "") == "full"
        return JsonResponse({"error": " ".join(refusal.messages)}, status=507 if full else 422)
    except OSError as error:
        if error.errno not in FULL:
            raise
        return JsonResponse({"error": files.FULL_DISK}, status=507)
    return JsonResponse({"token": kept.token, "name": kept.called, "photo": bool(received.width)}, status=201)


@reading_and_writing
def edit(request, slug, key):
    action, head = to_edit(request, slug, "edit")
    media = get_object_or_404(action.media, key=key)
    form, saved = _reword(request, action, key) if request.method == "POST" else (_edit_form(action, media), Saved())
    if saved.conflicts:
        words = {"label": form.label_of, "words": lambda name, value: in_words(value)}
        return ask(request, saved, **words, title=media.title, head="actions/_head.html", **head)
    if form.is_bound and form.is_valid():
        messages.success(request, "C’est enregistré.")
        return _back(action, media)
    status = 422 if form.is_bound else 200
    return render(request, "actions/media_edit.html", {**head, "item": media, "form": form}, status=status)


@reading_and_writing
def remove(request, slug, key):
    action, head = to_edit(request, slug, "edit")
    if request.method == "POST":
        _take_away(request, action, key)
        return _back(action)
    media = get_object_or_404(action.media, key=key)
    return render(request, "actions/media_remove.html", {**head, "item": media})


def _held(action: Action) -> Action:
    """As it is now, and nobody changes it before the end of the transaction."""
    return Action.objects.select_for_update().get(pk=action.pk)


def _back(action: Action, media: Media | None = None) -> HttpResponseRedirect:
    anchor = f"#media-{media.key}" if media else ""
    return HttpResponseRedirect(reverse("actions:media", args=[action.slug]) + anchor)


def _add_form(request, action: Action) -> AddForm:
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    send_url = reverse("actions:media_receive", args=[action.slug])
    return AddForm(*data, action=action, user=request.user, send_url=send_url, **_confirmed(action))


def _confirmed(action: Action) -> dict:
    """What was meant before: nobody is asked twice."""
    return {"confirmed": action.privacy_flags.values_list("fingerprint", flat=True), "part": "media"}


def _edit_form(action: Action, media: Media, data=None) -> EditForm:
    return EditForm(data, instance=media, **_confirmed(action))


def _store(form: AddForm, action: Action, *, by) -> bool:
    """Add the row at the end; False where the last place was taken meanwhile."""
    with transaction.atomic():
        action = _held(action)
        if form.is_sent_again():
            return True
        try:
            files.check_number(action)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return False
        media = form.instance
        media.key, media.added_by, media.position = form.key, by, action.media.count()
        with action.edited(by=by):
            media.save()
            _flag(action, form, by)
        files.reduce_photos.later(action.pk)
        if form.waiting:
            transaction.on_commit(form.waiting.forget, robust=True)
    return True


@transaction.atomic
def _reword(request, action: Action, key) -> tuple[EditForm, Saved]:
    """The words as they were judged, and what came of them: all is written, or nothing."""
    action = _held(action)
    media = get_object_or_404(action.media, key=key)
    choice = Choice.read(request.POST)
    form = _edit_form(action, copy.copy(media), request.POST)
    if not form.is_valid():
        return form, Saved()
    base = read_base(request.POST)
    saved = merge(base, form.mine(), words_of(media), leave=choice.theirs)
    if saved.conflicts:
        return form, saved.unwritten(base)
    try:
        if saved.values:
            _write_words(media, saved.values)
            with action.edited(by=request.user):
                media.save()
                _flag(action, form, request.user)
    except ValidationError as error:  # each of the two changes was right alone
        form.add_error(None, error.messages)
    return form, saved


def _write_words(media: Media, values: dict) -> None:
    for name, value in values.items():
        setattr(media, name, media._meta.get_field(name).to_python(value))
    media.validate_constraints()


@transaction.atomic
def _take_away(request, action: Action, key) -> None:
    """Asked twice, the second has nothing left to do."""
    action = _held(action)
    media = action.media.filter(key=key).first()
    if media is None:
        return
    try:
        with action.edited(by=request.user):
            files.forget_after_commit(media)
            protected.delete(media)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"«\u00a0{media.title}\u00a0» est retiré de la fiche.")


def _flag(action: Action, form, by) -> None:
    confirmed = [text for texts in form.meant.values() for text in texts]
    keep_flags(action, {"media": confirmed}, ["media"] if confirmed else [], by)


@transaction.atomic
def _move(request, action: Action) -> HttpResponseRedirect:
    """To the place that the button names: sent twice, the second has nothing left to do."""
    key, _, place = request.POST.get("move", "").partition(":")
    action = _held(action)
    rows = list(action.media.all())
    moved = next((row for row in rows if str(row.key) == key), None)
    if moved is None or not (place.isdecimal() and len(place) < 4):
        return _back(action)
    after = [row for row in rows if row is not moved]
    after.insert(int(place), moved)
    if after != rows:
        with action.edited(by=request.user):
            for position, row in enumerate(after):
                row.position = position
                row.save(update_fields=["position"])
        rank = after.index(moved) + 1
        messages.success(request, f"«\u00a0{moved.title}\u00a0» est maintenant en position {rank} sur {len(after)}.")
    return _back(action, moved)
