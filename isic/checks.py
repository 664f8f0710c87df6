"""What only the département can say, and owes its readers before the site opens: the deployment check asks for it.

`manage.py check --deploy` warns; `start_department` and the first day of a manager say it too.
"""

from django.conf import settings
from django.core import checks

#: Setting → what is missing while it is empty, for whoever fills it in.
OWED = {
    "SERVICE_EMAIL": "l’adresse e-mail du service qui répond aux lecteurs",
    "LEGAL_PUBLISHER": "l’éditeur du site, pour les mentions légales",
    "LEGAL_DIRECTOR": "le directeur ou la directrice de la publication, pour les mentions légales",
    "LEGAL_HOST": "l’hébergeur du site, pour les mentions légales",
    "ACCESSIBILITY_PLAN_URL": "l’adresse du schéma pluriannuel d’accessibilité",
}


def owed() -> dict[str, str]:
    return {name: words for name, words in OWED.items() if not getattr(settings, name)}


@checks.register(deploy=True)
def check_owed(app_configs, **options) -> list[checks.Warning]:
    return [
        checks.Warning(
            f"Il manque {words}.",
            hint=f"Donnez {name} dans l’environnement, avec le service juridique ou numérique du département.",
            id=f"isic.W{number:03}",
        )
        for number, (name, words) in enumerate(OWED.items(), start=1)
        if name in owed()
    ]
