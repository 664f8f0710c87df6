"""From an idea to a sheet: create, then fill in step by step."""

import copy
import json

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from actions.completeness import cautions, is_step_complete, lacks
from actions.conflicts import digest
from actions.differences import labels_for, words
from actions.filing import Saved, save_step
from actions.forms.create import CreateForm
from actions.forms.rows import describe_partner
from actions.forms.steps import FORMS, StepForm, describe_place, describe_sheet, describe_theme, places
from actions.models import Action, Theme
from actions.snapshot import snapshot
from actions.steps import FILING_STEPS, FilingStep, step_called
from actions.workflows import moves_for
from isic.lib.names import suggestions
from isic.lib.rows import after_operation
from isic.lib.words import upper_first
from partners.models import Partner

#: Before the name of a value, in the page of two texts: which one to keep.
KEEP = "garder-"
#: After an address: what was posted is in the sheet, so the browser need not keep it (static/js/filing.js).
SAVED = "#enregistre"


@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    form = CreateForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        action = form.create()
        messages.success(request, "Le brouillon est enregistré. La suite s’enregistre au fil de l’écriture.")
        return HttpResponseRedirect(reverse("actions:step", args=[action.slug, FILING_STEPS[0].slug]))
    return render(request, "actions/create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def overview(request, slug):
    """Where the sheet stands: its steps, what is missing, what can be done next."""
    action = editable(request, slug)
    context = {**progress(action), "moves": moves_for(request.user, action), "media_total": len(action.media.all())}
    return render(request, "actions/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request, slug, step):
    here = step_called(step)
    if here is None:
        raise Http404
    action = editable(request, slug)
    if request.method == "POST":
        return _answer(request, action, here)
    return _page(request, action, here, FORMS[here.slug](**_form_kwargs(request, action)))


@require_safe
def suggest(request, what):
    """Names for the fields that ask for a record."""
    sources = {
        "communes": (places, describe_place),
        "partenaires": (Partner.objects.all, describe_partner),
        "thematiques": (lambda: Theme.objects.filter(is_retired=False), describe_theme),
        "fiches": (
            lambda: Action.objects.visible_to(request.user).select_related("carrier_unit", "carrier_partner"),
            describe_sheet,
        ),
    }
    if what not in sources:
        raise Http404
    source, describe = sources[what]
    return suggestions(request, source(), describe)


def editable(request, slug) -> Action:
    """Fetching is authorising: a sheet that this person may not edit does not exist here."""
    return get_object_or_404(Action.objects.editable_by(request.user).for_snapshot(), slug=slug)


def progress(action: Action) -> dict:
    """What every page of filing shows of the sheet."""
    missing = lacks(action)
    steps = [{"step": s, "is_complete": is_step_complete(s, missing)} for s in FILING_STEPS]
    return {
        "action": action,
        "steps": steps,
        "lacks": missing,
        "cautions": cautions(action),
        "tab": "edit",
        "can_edit": True,
    }


def _form_kwargs(request, action: Action) -> dict:
    return {
        "user": request.user,
        "instance": copy.copy(action),  # a form writes into its instance before it is judged
        "content": snapshot(action),
        "flags": action.privacy_flags.values_list("fingerprint", flat=True),
    }


def _answer(request, action: Action, here: FilingStep):
    if "op" in request.POST:
        return _page(
            request, action, here, after_operation(FORMS[here.slug], request.POST, **_form_kwargs(request, action))
        )
    form = FORMS[here.slug](request.POST, **_form_kwargs(request, action))
    form.is_valid()
    theirs = [
        name.removeprefix(KEEP) for name, value in request.POST.items() if name.startswith(KEEP) and value == "autre"
    ]
    saved = save_step(form, action.pk, by=request.user, leave=theirs)
    if request.accepts("text/html"):
        if saved.conflicts:
            return _two_texts(request, action, here, saved)
        if not form.is_valid():  # asked again: saving may have found that two right changes are wrong together
            return _page(request, action, here, _going_on(form, saved), status=422)
        return HttpResponseRedirect(_next(request, action, here))
    return _autosaved(request, action, here, form, saved)


def _next(request, action: Action, here: FilingStep) -> str:
    """Where the button that was pressed leads."""
    if "next" in request.POST:
        return _following(action, here)
    messages.success(request, "C’est enregistré.")
    return reverse("actions:step", args=[action.slug, here.slug]) + SAVED


def _following(action: Action, here: FilingStep) -> str:
    """The next step, or the overview after the last."""
    number = FILING_STEPS.index(here) + 1
    if number == len(FILING_STEPS):
        return reverse("actions:edit", args=[action.slug])
    return reverse("actions:step", args=[action.slug, FILING_STEPS[number].slug])


def _going_on(form: StepForm, saved: Saved) -> StepForm:
    """The same form, whose next saving starts from what this one wrote."""
    form.data = form.data.copy()
    form.data["base"] = json.dumps(saved.base)
    return form


def _page(request, action: Action, here: FilingStep, form: StepForm, status: int = 200):
    number = FILING_STEPS.index(here) + 1
    context = {**progress(action), "form": form, "here": here, "number": number, "is_last": number == len(FILING_STEPS)}
    if context["is_last"]:
        context["media"] = action.media.all()
    return render(request, "actions/step.html", context, status=status)


def _autosaved(request, action: Action, here: FilingStep, form: StepForm, saved: Saved) -> JsonResponse:
    """What the page needs to go on: never the texts, which are the page's own."""
    now = editable(request, action.slug)
    fragment = render_to_string("actions/_progress.html", {**progress(now), "here": here}, request)
    faults = [*form.row_faults(), *((f"id_{name}", " ".join(errors)) for name, errors in form.errors.items())]
    answer = {
        "base": saved.base,
        "at": f"{timezone.localtime():%H:%M}",
        "conflicts": [FORMS[here.slug].label_of(name) for name in saved.conflicts],
        "faults": [{"id": target, "words": text} for target, text in faults],
        "progress": fragment,
        "rhythm": upper_first(now.rhythm),
        "next": _following(action, here),
    }
    return JsonResponse(answer, status=409 if saved.conflicts else 422 if faults else 200)


def as_shown(value: str | list[str]) -> dict:
    """A text, or the lines of a list."""
    return {"lines": value, "text": ""} if isinstance(value, list) else {"lines": [], "text": value}


def _two_texts(request, action: Action, here: FilingStep, saved: Saved):
    """Both values side by side, name by name; all that was typed goes along, and is sent again with the choice."""
    labels = labels_for([saved.mine, saved.theirs], reader=request.user)
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("base", "csrfmiddlewaretoken") and not name.startswith(KEEP)
    ]
    base = saved.base | {name: digest(saved.theirs[name]) for name in saved.conflicts}
    choices = [
        {
            "name": f"{KEEP}{name}",
            "label": FORMS[here.slug].label_of(name),
            "mine": as_shown(words(name, saved.mine[name], labels)),
            "theirs": as_shown(words(name, saved.theirs[name], labels)),
        }
        for name in saved.conflicts
    ]
    context = {
        **progress(action),
        "here": here,
        "choices": choices,
        "posted": [*posted, ("base", json.dumps(base))],
        "last": action.versions.select_related("by").first(),
    }
    return render(request, "actions/two_texts.html", context, status=409)
