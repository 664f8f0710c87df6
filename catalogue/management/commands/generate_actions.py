from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from actions.models import Domain
from catalogue.installing.generation import from_file, invented, write
from isic.lib.database import refresh_statistics
from territories.models import Territory


class Command(BaseCommand):
    help = "Write synthetic published actions in bulk, for benches."

    def add_arguments(self, parser):
        parser.add_argument("count", nargs="?", type=int, help="how many to invent")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--from", dest="file", type=Path, help="a .jsonl file, one action a line")

    def handle(self, *, count, seed, file, **options):
        if (count is None) == (file is None):
            raise CommandError("Indiquez un nombre d’actions, ou un fichier avec --from.")
        if file and not file.is_file():
            raise CommandError(f"Le fichier {file} n’existe pas.")
        communes = Territory.objects.filter(kind=Territory.Kind.COMMUNE)
        if not file and not (Domain.objects.exists() and communes.exists()):
            raise CommandError("Il n’y a ni domaine ni commune\u00a0: lancez d’abord start_department.")
        actions = from_file(file) if file else invented(count, seed)
        try:
            done = write(actions, lambda done: done % 10_000 or self.stdout.write(f"{done}…"))
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise CommandError(f"Le fichier {file} n’a pas la forme attendue\u00a0: {error!r}.") from error
        refresh_statistics()
        self.stdout.write(f"Actions écrites\u00a0: {done}.")
