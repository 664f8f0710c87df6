"""From an idea to a sheet: create, then fill in step by step."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from actions.models import Action


@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    raise Http404


@require_http_methods(["GET", "HEAD"])
def overview(request, slug):
    get_object_or_404(Action.objects.editable_by(request.user), slug=slug)
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def step(request, slug, step):
    get_object_or_404(Action.objects.editable_by(request.user), slug=slug)
    raise Http404
