"""What a timer runs once a day."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from isic.lib import background


class Command(BaseCommand):
    help = "Runs the jobs of the day, once each; where no worker runs, also the tasks that wait for another try."

    def handle(self, **options):
        background.take_back_lost()
        failed = background.run_daily(timezone.localdate())
        if settings.BACKGROUND == "immediate":
            background.run_due()
        if failed:
            raise CommandError(f"En échec\u00a0: {', '.join(failed)}.")
