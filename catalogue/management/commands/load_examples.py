import os

from django.core.management.base import BaseCommand, CommandError

from catalogue.installing.examples import load_accounts, load_desks, load_examples
from catalogue.installing.sheets import LoadError
from isic.lib.database import refresh_statistics


class Command(BaseCommand):
    help = "Ajoute les exemples de la démonstration (unités et fiches de l’Ain, signalées comme exemples). Sans risque à refaire."

    def add_arguments(self, parser):
        parser.add_argument(
            "--with-accounts",
            action="store_true",
            help="Crée aussi les comptes de démonstration\u00a0; DEMO_PASSWORD donne leur mot de passe.",
        )

    def handle(self, *args, with_accounts, **options):
        try:
            added = load_examples()
        except LoadError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Fiches ajoutées\u00a0: {added}.")
        if with_accounts:
            self.stdout.write("Comptes de démonstration\u00a0:")
            for email, password in load_accounts(os.environ.get("DEMO_PASSWORD", "")).items():
                self.stdout.write(f"  {email}  {password or '(mot de passe inchangé)'}")
            self.stdout.write(f"Fiches ajoutées à leurs bureaux\u00a0: {load_desks()}.")
        refresh_statistics()
