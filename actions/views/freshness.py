"""The page that a reminder leads to: no sign-in, a question, its choices, and a day to cancel the answer."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.forms.freshness import AnswerForm, CancelForm
from actions.freshness import UPDATE, Question, answer, cancel, cancellable
from actions.models import Action


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request, token, question: Question):
    """Scanners of mail open links, and some send the first form: nothing is chosen beforehand, so nothing is changed."""
    pk, asked_on = question.read(token) or (None, "")
    action = Action.objects.for_sheet().filter(pk=pk).first()
    if action is None:
        return render(request, "actions/verify_expired.html", status=410)
    is_open = question.is_open(action, asked_on)
    given = None if is_open else cancellable(question, action, asked_on)
    form = _form(request, question, is_open=is_open, is_given=bool(given))
    if form and form.is_valid():
        return _write(request, question, action, asked_on, form)
    if request.method == "POST" and not (form and form.is_bound):
        return HttpResponseRedirect(request.path)  # answered meanwhile: the page says so
    context = {"action": action, "question": question, "is_open": is_open, "given": given, "form": form}
    return render(request, "actions/verify.html", context, status=422 if form and form.is_bound else 200)


def _form(request, question: Question, *, is_open: bool, is_given: bool) -> AnswerForm | CancelForm | None:
    """None where there is nothing to say. An answer that comes twice, or too late, fills no form."""
    data = request.POST if request.method == "POST" else None
    if is_open:
        return AnswerForm(data, question=question)
    return CancelForm(data if data and "cancelling" in data else None) if is_given else None


def _write(request, question: Question, action: Action, asked_on: str, form: AnswerForm | CancelForm):
    by = request.user if request.user.is_authenticated else None
    page = request.path
    if isinstance(form, CancelForm):
        cancel(question, action.pk, asked_on, by=by)
    else:
        answer(question, action.pk, asked_on, form.cleaned_data["answer"], by=by)
        if form.cleaned_data["answer"] == UPDATE:
            page = reverse("actions:edit", args=[action.slug])
    return HttpResponseRedirect(page)
