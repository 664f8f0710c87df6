"""What is done once a day for the sheets."""

from datetime import date

from django.utils import timezone

from actions import digest, files, freshness, history
from actions.models import Media
from isic.lib.background import daily


@daily("Retrait des fichiers sans fiche")
def purge_files(today: date) -> None:
    files.purge(timezone.now())


@daily("Photos restées sans les tailles des pages")
def reduce_photos(today: date) -> None:
    """Those that came by the admin, or whose task was lost."""
    for action_pk in Media.objects.unreduced().order_by().values_list("action", flat=True).distinct():
        files.reduce_photos.later(action_pk)


@daily("Historiques allégés des retouches anciennes")
def thin_histories(today: date) -> None:
    history.thin(today)


@daily("Rappels de vérification")
def remind_referents(today: date) -> None:
    freshness.remind_all(today)


@daily("Brouillons oubliés")
def put_drafts_away(today: date) -> None:
    freshness.put_away(today)


@daily("Changements de la veille, pour le service")
def tell_yesterday(today: date) -> None:
    digest.send(today)
