"""The pages every public site owes its readers, filled from the settings."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from isic.lib import colours

LEGAL_SETTINGS = (
    "LEGAL_PUBLISHER",
    "LEGAL_DIRECTOR",
    "LEGAL_HOST",
    "DPO_EMAIL",
    "ACCESSIBILITY_EMAIL",
    "SECURITY_EMAIL",
    "ACCESSIBILITY_DECLARED_ON",
    "ACCESSIBILITY_PLAN_URL",
)


@login_not_required
@require_safe
def page(request, name: str):
    return render(request, f"pages/{name}.html", {key: getattr(settings, key) for key in LEGAL_SETTINGS})


@login_not_required
@require_safe
def security_txt(request):
    """RFC 9116; it expires in six months from each reading, since the settings it comes from are alive."""
    contact = f"mailto:{settings.SECURITY_EMAIL}" if settings.SECURITY_EMAIL else settings.SITE_URL + reverse("contact")
    expires = timezone.now().replace(microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: fr",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def theme(request):
    """The département's own accent; pages link it only where there is one."""
    if not settings.ACCENT_COLOR:
        raise Http404
    return HttpResponse(colours.theme(settings.ACCENT_COLOR), content_type="text/css; charset=utf-8")


@login_not_required
@require_safe
def favicon(request):
    """For the browsers that ask at the root, whatever the page says."""
    return redirect(static("img/favicon.svg"))


@require_safe
def editor_words(request):
    """The French of the rich text editor's windows, which read it from `gettext` (the admin has its own)."""
    return JavaScriptCatalog.as_view(packages=["django_prose_editor"])(request)
