"""Synthetic published actions in bulk, for benches: invented from a seed, or read from a file of the shared bench."""

import datetime as dt
import json
import random
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from actions.models import Action, Audience, Domain, Framework, Lever, Partnership, Theme
from catalogue.search.drain import BATCH, take_number, write_entries
from isic.lib.slugs import slugify
from isic.lib.words import at_place
from partners.models import Contact, Partner
from territories.models import Territory

#: The shared bench calls « lever » what is here the type of action.
TYPES = {
    "information-collective": Action.Type.INFORMATION,
    "atelier-regulier": Action.Type.WORKSHOP,
    "groupe-dexpression": Action.Type.TALK_GROUP,
    "sortie-ou-sejour": Action.Type.OUTING,
    "formation-action": Action.Type.TRAINING,
    "mise-en-reseau": Action.Type.NETWORK,
}
STATES = {str(label).capitalize(): key for key, label in Action.LifeState.choices}
LISTS = ("audiences", "frameworks", "themes", "levers", "places", "other_units")
WHAT = "Café|Atelier|Groupe|Jardin|Cuisine|Théâtre|Marche|Sortie|Chorale|Couture|Lecture|Jeu|Écriture|Bricolage|Vélo".split(
    "|"
)
WITH = "des parents|des voisins|en famille|entre femmes|des aînés|du quartier|des aidants|des jeunes|partagé|solidaire".split(
    "|"
)
WHY = "rompre l’isolement|parler du budget|préparer la rentrée|faire garder ses enfants|retrouver confiance|mieux dormir|bouger ensemble|apprendre le français|cuisiner de saison|comprendre ses factures|oser prendre la parole|partir en vacances|monter une association|soutenir un proche".split(
    "|"
)
HOW = "Le groupe se retrouve pour {0}.|Une participante propose {0}, et chacun apporte une idée.|Avec une animatrice, on prend le temps de {0}.|Les séances servent à {0} sans jugement.|Le bilan montre que beaucoup ont pu {0}.|Un partenaire est venu aider à {0}.".split(
    "|"
)


def write(actions: Iterable[tuple[Action, dict]], progress=lambda done: None) -> int:
    """Write actions with their lists and their entries, a batch a transaction. Returns how many.

    Each item is (unsaved action with its slug, {list name: rows, "partners": rows}). Bulk writes send no signal: the
    entries are written here, under the number that the same transaction takes, so no mark is needed.
    """
    done = 0
    for batch in batched(actions, BATCH):
        with transaction.atomic():
            number = take_number()
            rows = Action.objects.bulk_create([action for action, _lists in batch])
            for name in LISTS:
                _link(
                    name,
                    [
                        (row, value)
                        for row, (_a, lists) in zip(rows, batch, strict=True)
                        for value in lists.get(name, ())
                    ],
                )
            Partnership.objects.bulk_create(
                Partnership(action=row, partner=partner)
                for row, (_action, lists) in zip(rows, batch, strict=True)
                for partner in lists.get("partners", ())
            )
            write_entries({row.pk for row in rows}, number)
        done += len(batch)
        progress(done)
    return done


def invented(count: int, seed: int) -> Iterator[tuple[Action, dict]]:
    """Varied actions over the vocabularies and communes of this installation, the same for one seed."""
    rng = random.Random(seed)  # noqa: S311 -- invented text, no secret
    domains, audiences, frameworks = (list(model.objects.all()) for model in (Domain, Audience, Framework))
    themes, levers = list(Theme.objects.all()), list(Lever.objects.all())
    communes = list(Territory.objects.filter(kind=Territory.Kind.COMMUNE).defer("outline"))
    carrier, contact = _carrier("Service exemple")
    weights = [33, 14, 8, 8, 7, 7, 3, 3, 1][: len(domains)] + [1] * (len(domains) - 9)
    first = Action.objects.filter(slug__startswith="genere-").count()
    today = timezone.localdate()
    for n in range(first + 1, first + count + 1):
        commune = rng.choice(communes)
        title = f"{rng.choice(WHAT)} {rng.choice(WITH)}\u00a0: {rng.choice(WHY)}"
        starts_on = today - dt.timedelta(days=rng.randrange(3000))
        action = Action(
            slug=f"genere-{n}",
            title=title,
            summary=f"Un groupe pour {rng.choice(WHY)}, {at_place(commune.name)}.",
            domain=rng.choices(domains, weights)[0],
            action_type=rng.choice(Action.Type.values),
            carrier_partner=carrier,
            contact=contact,
            context=_paragraphs(rng, 3),
            description=_paragraphs(rng, 5),
            effects_residents=_paragraphs(rng, 3),
            starts_on=starts_on,
            life_state=rng.choice(["idea", "preparing", "running", "running", "ended", "ended"]),
            open_to_newcomers=rng.choice(["", "yes", "no"]),
            session_count=rng.randrange(1, 30),
            problem_decider=rng.choice(Action.Decider.values),
            is_example=True,
            **_published(timezone.now() - dt.timedelta(minutes=n)),
        )
        yield (
            action,
            {
                "audiences": _some(rng, audiences, 1, 3),
                "frameworks": _some(rng, frameworks, 0, 1),
                "themes": _some(rng, themes, 0, 1),
                "levers": _some(rng, levers, 0, 1),
                "places": [commune],
            },
        )


def from_file(path: Path) -> Iterator[tuple[Action, dict]]:
    """The actions of a file of the shared bench (one JSON object a line), whose names become vocabulary values."""
    with transaction.atomic():
        home, _ = Territory.objects.get_or_create(
            slug="departement-du-banc", defaults={"kind": "department", "name": "Département du banc d’essai"}
        )
    carrier, contact = _carrier("Département du banc d’essai")
    cached_values: dict[tuple, object] = {}

    def named(model, name: str, **fields):
        key = model, name, fields.get("kind")
        if key not in cached_values:
            with transaction.atomic():
                cached_values[key], _ = model.objects.get_or_create(
                    slug=slugify(name), defaults={"name": name, **fields}
                )
        return cached_values[key]

    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            units = [named(Territory, name, kind="local_unit", parent=home) for name in row["mds"]]
            state = STATES[row["status"]]
            action = Action(
                slug=f"bench-{row['id']}",
                title=row["title"][:150],
                summary=row["summary"][:280],
                domain=named(Domain, row["domains"][0]),
                action_type=TYPES[slugify(row["levers"][0])],
                carrier_unit=units[0] if units else None,
                carrier_partner=None if units else carrier,
                contact=contact,
                context=f"<p>{row['context']}</p>",
                description=f"<p>{row['objectives']}</p>",
                evaluation=f"<p>{row['results']}</p>",
                starts_on=dt.date(row["year"], 1, 1),
                life_state=state,
                life_state_reason="Donnée du banc d’essai." if state in ("paused", "dropped") else "",
                is_example=True,
                **_published(timezone.now() + dt.timedelta(milliseconds=row["id"])),
            )
            yield (
                action,
                {
                    "audiences": [named(Audience, name) for name in row["publics"]],
                    "frameworks": [named(Framework, name) for name in row["frameworks"]],
                    "places": [named(Territory, name, kind="commune", parent=home) for name in row["communes"]]
                    or [home],
                    "other_units": units[1:],
                    "partners": [named(Partner, name) for name in row["partners"]],
                },
            )


def _link(name: str, pairs: list[tuple]) -> None:
    field = Action._meta.get_field(name)
    through = field.remote_field.through
    to = field.m2m_reverse_field_name()
    through.objects.bulk_create([through(action=row, **{to: value}) for row, value in pairs], batch_size=BATCH)


def _carrier(name: str) -> tuple[Partner, Contact]:
    with transaction.atomic():
        partner, _ = Partner.objects.get_or_create(slug=slugify(name), defaults={"name": name, "is_example": True})
        contact, _ = Contact.objects.get_or_create(
            label=name, defaults={"email": "service@example.org", "partner": partner}
        )
    return partner, contact


def _published(at: dt.datetime) -> dict:
    return {
        "editorial_state": Action.EditorialState.PUBLISHED,
        "published_at": at,
        "updated_at": at,
    }


def _some(rng: random.Random, values: list, least: int, most: int) -> list:
    return rng.sample(values, min(rng.randint(least, most), len(values)))


def _paragraphs(rng: random.Random, sentences: int) -> str:
    return "".join(f"<p>{rng.choice(HOW).format(rng.choice(WHY))}</p>" for _ in range(sentences))
