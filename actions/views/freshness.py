"""The page that a reminder leads to: no sign-in, a question, its buttons; only a button writes."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.freshness import UPDATE, Question, answer
from actions.models import Action


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request, token, question: Question):
    """Scanners of mail open links: opening this one changes nothing."""
    pk, asked_on = question.read(token) or (None, "")
    action = Action.objects.for_sheet().filter(pk=pk).first()
    if action is None:
        return render(request, "actions/verify_expired.html", status=410)
    given = request.POST.get("answer")
    if given in question.answers:
        answer(question, pk, asked_on, given, by=request.user if request.user.is_authenticated else None)
        page = reverse("actions:edit", args=[action.slug]) if given == UPDATE else request.path
        return HttpResponseRedirect(page)
    context = {
        "action": action,
        "question": question,
        "is_open": question.is_open(action, asked_on),
        "error": request.method == "POST",
    }
    return render(request, "actions/verify.html", context, status=422 if context["error"] else 200)
