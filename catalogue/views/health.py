"""How the installation is, for the machines that watch it."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.models import Revision, Stale
from isic.lib.startup import NotReady, require_database, require_room


@login_not_required
@require_safe
@never_cache
def health(request):
    """200 while pages can be served and written; marks that wait or failed are listed without changing the status."""
    try:
        require_database()
        require_room()
        marks = Stale.objects.all()
        catalogue = {
            "n": Revision.objects.values_list("n", flat=True).first() or 0,
            "marks_waiting": marks.filter(error="").count(),
            "marks_failed": marks.exclude(error="").count(),
        }
    except NotReady as reason:
        return JsonResponse({"status": "error", "database": str(reason)}, status=503)
    except Error:
        return JsonResponse({"status": "error", "database": "La base de données ne répond pas."}, status=503)
    return JsonResponse({"status": "ok", "database": "ok", "catalogue": catalogue})
