from django.core.management.base import BaseCommand, CommandError

from catalogue.installing.examples import remove_examples
from catalogue.installing.sheets import LoadError


class Command(BaseCommand):
    help = "Retire ce que load_examples a ajouté, et rien d’autre. Sans risque à refaire."

    def handle(self, *args, **options):
        try:
            gone, kept = remove_examples()
        except LoadError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Exemples retirés\u00a0: {gone}.")
        for sentence in kept:
            self.stdout.write(sentence)
