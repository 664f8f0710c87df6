"""The worker of django_tasks_db, which never looks back at what one before it left in the middle."""

from django_tasks_db.management.commands import db_worker

from isic.lib import background


class Command(db_worker.Command):
    def handle(self, **options):
        background.take_back_lost()
        super().handle(**options)
