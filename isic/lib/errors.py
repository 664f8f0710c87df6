"""The pages of refusals and failures: what happened, and what to do next.

`refusal` pages wear the frame of the site. `failure` pages must not ask anything of the database, the session or the
context processors, since any of them may be what failed.
"""

import errno
import logging
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from isic.lib.database import is_full

log = logging.getLogger("isic.errors")
RETRY_AFTER_SECONDS = 30
#: A disk without room, or the quota of one.
FULL = (errno.ENOSPC, errno.EDQUOT)

PAGES = {
    400: (
        "Cette demande n’est pas lisible",
        "L’adresse ou le formulaire contient des caractères que le site ne peut pas lire.",
        "Vérifiez l’adresse, ou repartez de l’accueil.",
    ),
    403: (
        "Cette page ne vous est pas ouverte",
        "Votre compte ne permet pas d’y accéder.",
        "Si vous devriez y avoir accès, écrivez au service qui tient ce site.",
    ),
    404: (
        "Cette page n’existe pas ou n’existe plus",
        "L’adresse est peut-être incomplète, ou la fiche a été retirée du catalogue.",
        "Cherchez l’action par son nom, ou repartez de l’accueil.",
    ),
    405: (
        "Cette adresse ne s’ouvre pas seule",
        "C’est celle d’un bouton ou d’un formulaire\u00a0: ouverte directement, elle ne fait rien. Rien n’a été changé.",
        "Revenez à la page où se trouve le bouton, ou repartez de l’accueil.",
    ),
    413: (
        "C’est trop lourd",
        "Ce que vous avez envoyé dépasse la taille acceptée. Rien n’a été enregistré.",
        "Revenez en arrière, puis choisissez un fichier plus petit ou un texte plus court.",
    ),
    414: (
        "Cette recherche est trop longue",
        "L’adresse contient plus de critères ou de texte que le site n’en accepte.",
        "Recommencez avec moins de mots ou moins de filtres.",
    ),
    429: (
        "Trop d’essais en peu de temps",
        "Pour protéger les comptes, le site fait une pause après plusieurs essais.",
        "Attendez un quart d’heure, puis réessayez.",
    ),
    431: (
        "Cette demande est trop longue",
        "Votre navigateur a envoyé avec l’adresse plus d’informations que le site n’en accepte.",
        "Effacez les cookies de ce site dans votre navigateur, puis repartez de l’accueil.",
    ),
    500: (
        "Le site a rencontré une erreur",
        "Elle vient du site, pas de vous, et elle a été notée.",
        "Réessayez dans un instant. Si l’erreur revient, écrivez au service.",
    ),
    503: (
        "Le site est momentanément indisponible",
        "La base de données ne répond pas. Rien de ce qui était enregistré n’est perdu.",
        "Réessayez dans une minute : la page se remettra à fonctionner d’elle-même.",
    ),
    507: (
        "Le site n’a plus de place",
        "Ce que vous avez envoyé n’a pas pu être enregistré.",
        "Gardez votre texte ou votre fichier, et prévenez le service.",
    ),
}
CSRF_PAGE = (
    "Ce formulaire n’est plus valable",
    "La page était ouverte depuis trop longtemps, ou votre navigateur refuse les cookies du site. Rien n’a été enregistré.",
    "Revenez en arrière, rechargez la page, puis envoyez de nouveau.",
)


def error_page(request, status: int, page: tuple[str, str, str] | None = None) -> HttpResponse:
    """A refusal, in the frame of the site."""
    heading, reason, advice = page or PAGES[status]
    context = {"status": status, "heading": heading, "reason": reason, "advice": advice}
    return render(request, "errors/refusal.html", context, status=status)


def bad_request(request, exception=None):
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request, exception=None):
    return error_page(request, 403)


def page_not_found(request, exception=None):
    return error_page(request, 404)


def too_many_requests(request, exception=None):
    return error_page(request, 429)


def csrf_failure(request, reason=""):
    return error_page(request, 403, CSRF_PAGE)


def server_error(request):
    """Django calls this while it handles the exception: a database that does not answer is a failure that passes."""
    cause = sys.exception()
    status = 503 if isinstance(cause, (OperationalError, InterfaceError)) else 500
    if is_full(cause) or (isinstance(cause, OSError) and cause.errno in FULL):
        status = 507
    body, content_type = failure(status)
    response = HttpResponse(body, status=status, content_type=content_type)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def failure(status: int) -> tuple[str, str]:
    """(page, content type) for when neither the site nor its frame can be relied on; statuses without a page of their own are 400s."""
    heading, reason, advice = PAGES.get(status, PAGES[400])
    context = {
        "heading": heading,
        "reason": reason,
        "advice": advice,
        "SITE_NAME": settings.SITE_NAME,
        "SERVICE_EMAIL": settings.SERVICE_EMAIL,
    }
    try:
        return render_to_string("errors/failure.html", context), "text/html; charset=utf-8"
    except Exception:
        # The static files or the template itself may be what failed.
        log.exception("The page of failures failed")
        return f"{heading}. {reason} {advice}", "text/plain; charset=utf-8"
