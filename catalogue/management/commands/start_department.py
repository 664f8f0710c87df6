from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from catalogue.installing.departments import start_department
from catalogue.installing.sheets import LoadError
from isic.checks import owed
from isic.lib.database import refresh_statistics


class Command(BaseCommand):
    help = "Prépare l’installation d’un département\u00a0: listes, territoires, fiches «\u00a0Ailleurs en France\u00a0». Sans risque à refaire."

    def add_arguments(self, parser):
        parser.add_argument("code", help="Code officiel du département, par exemple 01.")
        parser.add_argument(
            "--communes", type=Path, help="Fichier GeoJSON des communes (voir territories/data/README.md)."
        )

    def handle(self, *args, code, communes, **options):
        try:
            created = start_department(code, communes)
        except LoadError as error:
            raise CommandError(str(error)) from error
        refresh_statistics()
        added = ", ".join(f"{number} {name}" for name, number in created.items() if number)
        self.stdout.write(f"Ajouté\u00a0: {added}." if added else "Tout y était déjà\u00a0: rien n’a changé.")
        for name, words in owed().items():
            self.stdout.write(f"Avant d’ouvrir le site, donnez {words} ({name}).")
