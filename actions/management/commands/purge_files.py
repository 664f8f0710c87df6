from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from actions.files import left_over, purge
from isic.lib.words import counted


class Command(BaseCommand):
    help = "Removes the files that no sheet has since a day. Lists them, and removes nothing, without --for-real."

    def add_arguments(self, parser):
        parser.add_argument("--for-real", action="store_true", help="Remove them.")

    def handle(self, *, for_real, **options):
        now = timezone.now()
        names = left_over(now)
        weight = sum(Path(settings.MEDIA_ROOT, name).stat().st_size for name in names)
        if for_real:
            purge(now)
        for name in names:
            self.stdout.write(name)
        done = "retirés" if for_real else "à retirer (--for-real les retire)"
        self.stdout.write(f"{counted(len(names), 'fichier')}, {weight // 1024}\u00a0Ko, {done}.")
