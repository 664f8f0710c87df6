"""A public sheet for machines, in the words of schema.org: a service, who gives it, to whom and where."""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from isic.lib.links import web
from isic.lib.words import listed

#: What would end the script element, or start a comment in it.
ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


def structured(action, sheet) -> SafeString:
    """JSON-LD: a data block, that browsers never run."""
    service = {
        "@type": "Service",
        "@id": sheet.address,
        "name": action.title,
        "description": sheet.description,
        "serviceType": action.domain.name,
        "category": action.get_action_type_display(),
        "provider": {"@type": "Organization", "name": str(action.carrier)},
        "areaServed": [{"@type": "Place", "name": str(place)} for place in action.places.all()],
        "audience": [{"@type": "Audience", "audienceType": str(audience)} for audience in action.audiences.all()],
    }
    page = {
        "@type": "WebPage",
        "url": sheet.address,
        "name": action.title,
        "inLanguage": "fr",
        "datePublished": action.published_at.isoformat(),
        "dateModified": action.updated_at.isoformat(),
        "lastReviewed": action.verified_on.isoformat() if action.verified_on else "",
        "keywords": action.keywords or listed(action.themes.all()),
        "publisher": {"@type": "GovernmentOrganization", "name": settings.DEPARTMENT_NAME, "url": settings.SITE_URL},
        "mainEntity": {"@id": sheet.address},
        "isBasedOn": _source(action),
        "breadcrumb": _breadcrumb(action),
    }
    graph = [{name: value for name, value in thing.items() if value} for thing in (page, service)]
    data = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(data.translate(ESCAPES))


def _source(action) -> dict:
    work = {
        "@type": "CreativeWork",
        "name": action.source,
        "datePublished": str(action.source_year or ""),
        "pagination": action.source_pages,
        "url": web(action.source_url),
    }
    return {name: value for name, value in work.items() if value} if action.source else {}


def _breadcrumb(action) -> dict:
    catalogue = settings.SITE_URL + reverse("catalogue:list")
    steps = (
        ("Catalogue", catalogue),
        (action.domain.name, f"{catalogue}?domaine={action.domain.slug}"),
        (action.title, settings.SITE_URL + action.get_absolute_url()),
    )
    items = [
        {"@type": "ListItem", "position": rank, "name": name, "item": item}
        for rank, (name, item) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}
