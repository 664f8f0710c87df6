from itertools import batched

from django.core.management.base import BaseCommand, CommandError

from actions.models import Action
from catalogue.models import Entry
from catalogue.search.drain import BATCH, rebuild
from catalogue.search.entries import build, public_ids, sheets
from isic.lib.database import refresh_statistics


class Command(BaseCommand):
    help = "Write every entry of the catalogue from nothing; after a restore, too. --check compares and writes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check, **options):
        if not check:
            written = rebuild()
            refresh_statistics()  # a restored database has none
            self.stdout.write(f"Entrées écrites\u00a0: {written}.")
            return
        ids = list(Action.objects.published().order_by("pk").values_list("pk", flat=True))
        different = self._different(ids)
        for words in different[:20]:
            self.stderr.write(words)
        if different:
            raise CommandError(f"{len(different)} différences\u00a0: lancez rebuild_search.", returncode=1)
        self.stdout.write(f"Entrées conformes\u00a0: {len(ids)}.")

    def _different(self, ids: list[int]) -> list[str]:
        """What the entries say otherwise than the sheets."""
        extra = set(Entry.objects.values_list("pk", flat=True)).difference(ids)
        sentences = [f"{pk} n’est plus publiée." for pk in sorted(extra)]
        fields = [field.name for field in Entry._meta.concrete_fields if field.name != "number"]
        for batch in map(set, batched(ids, BATCH)):
            stored, seen_by_all = Entry.objects.in_bulk(batch), public_ids(batch)
            for action in sheets(batch):
                entry = stored.get(action.pk)
                expected = build(action, number=0, is_public=action.pk in seen_by_all)
                if entry is None:
                    sentences.append(f"{action.pk} n’a pas d’entrée.")
                elif wrong := [name for name in fields if getattr(entry, name) != getattr(expected, name)]:
                    sentences.append(f"{action.pk} diffère\u00a0: {', '.join(wrong)}.")
        return sentences
