"""What robots read: the addresses of the public sheets, and where not to go."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.models import Action

#: The protocol allows 50,000 addresses a file.
ADDRESSES_PER_FILE = 45_000
ENTRANCES = ("catalogue:home", "catalogue:list", "catalogue:groups", "catalogue:territories")


def public_sheets() -> Paginator:
    sheets = Action.objects.visible_to(AnonymousUser()).order_by("pk").values_list("slug", "updated_at")
    return Paginator(sheets, ADDRESSES_PER_FILE)


@login_not_required
@require_safe
def sitemap(request, page=1):
    """The first file has the entrances too; `robots.txt` names the files that follow."""
    files = public_sheets()
    if page not in files.page_range:
        raise Http404
    context = {
        "entrances": [settings.SITE_URL + reverse(name) for name in ENTRANCES] if page == 1 else [],
        "sheets": [
            (settings.SITE_URL + reverse("catalogue:sheet", args=[slug]), updated_at)
            for slug, updated_at in files.page(page).object_list
        ],
    }
    return render(request, "catalogue/sitemap.xml", context, content_type="application/xml")


@login_not_required
@require_safe
def robots(request):
    """Facets and searches are as many as the combinations of values: robots read the sheets, not these."""
    files = [reverse("catalogue:sitemap")]
    files += [reverse("catalogue:sitemap_page", args=[page]) for page in public_sheets().page_range[1:]]
    rules = ["User-agent: *", "Disallow: /admin/", "Disallow: /compte/", "Disallow: /actions/?", "Disallow: /groupes/?"]
    lines = [*rules, "", *(f"Sitemap: {settings.SITE_URL}{path}" for path in files), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
