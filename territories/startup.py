"""A server at the hour of another département would send every calendar and mail some hours wrong."""

from django.conf import settings

from isic.lib.startup import CHECKS, NotReady
from isic.lib.zones import zone_of
from territories.models import Territory


@CHECKS.add
def require_hour() -> None:
    home = Territory.objects.home().only("name", "code").first()
    if home and zone_of(home.code) != zone_of(settings.DEPARTMENT_CODE):
        raise NotReady(
            f"La base est celle du département «\u00a0{home}\u00a0», qui n’est pas à l’heure des réglages\u00a0:"
            f" donnez DEPARTMENT_CODE={home.code}."
        )
