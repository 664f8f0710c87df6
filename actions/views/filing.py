"""From an idea to a sheet: create, then fill in step by step."""

import copy
import json

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_http_methods, require_safe

from actions.completeness import cautions, is_step_complete, lacks
from actions.differences import labels_for, words
from actions.filing import save_step
from actions.forms.create import CreateForm
from actions.forms.rows import describe_partner
from actions.forms.steps import FORMS, StepForm, describe_sheet, describe_theme
from actions.models import Action, ActionQuerySet, Theme
from actions.sheet_pages import to_edit
from actions.snapshot import snapshot
from actions.steps import FILING_STEPS, FilingStep, step_called
from actions.workflows import moves_for
from isic.lib.dates import hour
from isic.lib.merge import Saved
from isic.lib.names import suggestions
from isic.lib.rows import after_operation
from isic.lib.two_texts import Choice, ask
from isic.lib.words import upper_first
from partners.models import Partner
from territories.fields import suggested
from territories.finding import Gazetteer
from territories.models import Territory


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
    action, head = to_edit(request, slug, "edit", ActionQuerySet.for_snapshot)
    context = {
        **head,
        **progress(action),
        "moves": moves_for(request.user, action),
        "media_total": len(action.media.all()),
    }
    return render(request, "actions/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request, slug, step):
    here = step_called(step)
    if here is None:
        raise Http404
    action, head = to_edit(request, slug, "edit", ActionQuerySet.for_snapshot)
    if request.method == "POST":
        return _answer(request, head, here)
    return _page(request, head, here, FORMS[here.slug](**_form_kwargs(request, action)))


@require_safe
def suggest(request, what):
    """Names for the fields that ask for a record."""
    if what == "communes":
        return suggested(request, Gazetteer.load(Territory.objects.places()))
    sources = {
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


def progress(action: Action) -> dict:
    """What every page of filing says of the sheet, besides its head."""
    missing = lacks(action)
    steps = [{"step": s, "is_complete": is_step_complete(s, missing)} for s in FILING_STEPS]
    return {"action": action, "steps": steps, "lacks": missing, "cautions": cautions(action)}


def _form_kwargs(request, action: Action) -> dict:
    return {
        "user": request.user,
        "instance": copy.copy(action),  # a form writes into its instance before it is judged
        "content": snapshot(action),
        "flags": action.privacy_flags.values_list("fingerprint", flat=True),
    }


def _answer(request, head: dict, here: FilingStep):
    action = head["action"]
    if "op" in request.POST:
        return _page(
            request, head, here, after_operation(FORMS[here.slug], request.POST, **_form_kwargs(request, action))
        )
    kwargs = _form_kwargs(request, action)
    choice = Choice.read(request.POST)
    form = FORMS[here.slug](choice.join(request.POST, kwargs["content"]), **kwargs)
    form.is_valid()
    saved = save_step(form, action.pk, by=request.user, leave=choice.theirs)
    if not request.accepts("text/html"):
        return _autosaved(request, action, here, form, saved)
    if saved.conflicts:
        return _two_texts(request, head, here, form, saved)
    if not form.is_valid():  # validated again: saving may reveal that two valid changes conflict
        return _page(request, head, here, _going_on(form, saved), status=422)
    return HttpResponseRedirect(_next(request, action, here))


def _next(request, action: Action, here: FilingStep) -> str:
    """Where the button that was pressed leads."""
    if "next" in request.POST:
        return _following(action, here)
    messages.success(request, "C’est enregistré.")
    return reverse("actions:step", args=[action.slug, here.slug])


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


def _page(request, head: dict, here: FilingStep, form: StepForm, status: int = 200):
    number = FILING_STEPS.index(here) + 1
    action, is_last = head["action"], number == len(FILING_STEPS)
    context = {**head, **progress(action), "form": form, "here": here, "number": number, "is_last": is_last}
    if is_last:
        context["media"] = action.media.all()
    return render(request, "actions/step.html", context, status=status)


def _autosaved(request, action: Action, here: FilingStep, form: StepForm, saved: Saved) -> JsonResponse:
    """What the page needs to go on: never the texts, which are the page's own."""
    now, _head = to_edit(request, action.slug, load=ActionQuerySet.for_snapshot)
    fragment = render_to_string("actions/_progress.html", {**progress(now), "here": here}, request)
    faults = list(form.faults())
    answer = {
        "base": saved.base,
        "at": hour(timezone.localtime()),
        "conflicts": [form.label_of(name) for name in saved.names],
        "faults": faults,
        "next": _following(action, here),
        "shown": {"progress": fragment, "rhythm": escape(upper_first(now.rhythm))},
    }
    return JsonResponse(answer, status=409 if saved.conflicts else 422 if faults else 200)


def _two_texts(request, head: dict, here: FilingStep, form: StepForm, saved: Saved):
    sides = [{conflict.name: side} for conflict in saved.conflicts for side in conflict.sides]
    labels = labels_for(sides, reader=request.user)
    action = head["action"]
    last = action.versions.select_related("by").first()
    return ask(
        request,
        saved,
        label=form.label_of,
        words=lambda name, value: words(name, value, labels),
        texts=form.long_texts,
        can_resume=True,
        title=action.title,
        head="actions/_head.html",
        by=last and last.by,
        at=last and last.at,
        **{**head, **progress(action)},
    )
