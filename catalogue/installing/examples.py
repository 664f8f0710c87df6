"""The demonstration: labelled example units and sheets, the Ain's own three, demo accounts; and their removal."""

import datetime as dt
import secrets
import zlib
from collections.abc import Callable
from itertools import chain

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from actions.models import Action
from catalogue.installing.sheets import LoadError, SheetLoader, data_folder, read_sheets, read_toml
from isic.lib import protected
from isic.lib.registry import Registry
from partners.models import Contact, Partner
from territories.models import Membership, Territory

DEPARTMENT = "01"
#: What the rooms above load after the sheets, and take away before them, from their module `examples`: (load, remove).
MORE: Registry[tuple[Callable[[], None], Callable[[], int]]] = Registry("examples")
#: e-mail → name, function, role, local unit.
ACCOUNTS = {
    "agent@example.org": ("Agent de démonstration", "assistante sociale", "contributor", "mds-exemple-haut-bugey"),
    "agent2@example.org": ("Agent de démonstration 2", "éducateur spécialisé", "contributor", "mds-exemple-dombes"),
    "responsable@example.org": ("Responsable de démonstration", "service développement social", "manager", ""),
    "admin@example.org": ("Administration de démonstration", "administration du site", "administrator", ""),
}


@transaction.atomic
def load_examples() -> int:
    """Create the missing units and sheets; return how many sheets were created."""
    if not Territory.objects.home().filter(code=DEPARTMENT).exists():
        raise LoadError(
            f"Les exemples se placent dans les communes de l’Ain\u00a0: lancez d’abord start_department {DEPARTMENT}."
        )
    load_units()
    sheets, partners = read_sheets(_folder())
    loader = SheetLoader(partners, partners_are_examples=True)
    existing = set(Action.objects.values_list("slug", flat=True))
    desks, _partners = read_sheets(_desks())
    existing |= {sheet["in_place_of"] for sheet in desks if "in_place_of" in sheet and sheet["slug"] in existing}
    added = 0
    for sheet, at in _dated(sheets):
        if sheet["slug"] not in existing:
            loader.load(sheet, at=at)
            added += 1
    for load, _remove in MORE:
        load()
    return added


def load_units() -> None:
    existing = set(Territory.objects.local_units().values_list("slug", flat=True))
    for row in _units():
        if row["slug"] not in existing:
            unit = Territory.objects.create(
                kind=Territory.Kind.LOCAL_UNIT,
                slug=row["slug"],
                name=row["name"],
                parent=Territory.objects.home().get(),
                is_example=True,
            )
            unit.serves.set(Territory.objects.filter(kind=Territory.Kind.COMMUNE, parent__code__in=row["epcis"]))
            Contact.objects.create(unit=unit, **row["contact"])


@transaction.atomic
def load_accounts(password: str) -> dict[str, str]:
    """The demo accounts, e-mail → password, empty where an existing account keeps its own.

    A given password is set on all of them; without one, the new ones share a drawn one.
    """
    shown = {}
    drawn = secrets.token_urlsafe(12)
    for email, (full_name, function, role, unit) in ACCOUNTS.items():
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User(email=email, full_name=full_name, function=function, role=role)
            shown[email] = password or drawn
        else:
            shown[email] = password
        if shown[email]:
            user.set_password(shown[email])
            user.is_example = True
            user.save()
        if unit:
            Membership.objects.get_or_create(user=user, territory=Territory.objects.get(slug=unit))
    return shown


@transaction.atomic
def load_desks() -> int:
    """What each demo account finds on its desk: sheets at every stage, lived through as people do, with their dates."""
    sheets, partners = read_sheets(_desks())
    loader = SheetLoader(partners, partners_are_examples=True)
    people = {user.email: user for user in User.objects.filter(email__in=ACCOUNTS)}
    existing = set(Action.objects.values_list("slug", flat=True))
    added = 0
    for sheet in sheets:
        if sheet["slug"] not in existing:
            _make_current(loader, sheet, people)
            added += 1
    return added


def _make_current(loader: SheetLoader, sheet: dict, people: dict[str, User]) -> None:
    """Created by the account of its first line, then what the others say; no mail leaves."""
    story = sheet.pop("story")
    _make_room(sheet.pop("in_place_of", ""))
    source = Action.objects.filter(slug=sheet.pop("inspired_by", "")).first()
    author = people[story[0]["by"]]
    action = loader.draft(sheet, is_example=True, created_by=author, inspired_by=source)
    for member in action.team_members.filter(role="referent"):
        member.user = author
        member.save()
    for line in story:
        _happen(action, line, by=people[line["by"]])


def _make_room(slug: str) -> None:
    """The example that a sheet of a desk takes the place of goes, unless somebody made it his own."""
    replaced = Action.objects.filter(slug=slug, is_example=True, created_by=None).first()
    if replaced and not protected.refusal(replaced) and not replaced.versions.filter(by__isnull=False).exists():
        replaced.delete()


def _happen(action: Action, line: dict, *, by: User) -> None:
    at = timezone.now() - dt.timedelta(days=line["days_ago"])
    match line["event"]:
        case "created":
            action.close_version(by=by, kind="created")
            action.created_at = at
        case "edited":
            with action.edited(by=by):
                for name, value in line["texts"].items():
                    setattr(action, name, value)
        case "proposed":
            action.propose(by=by, note=line.get("reason", ""))
        case "sent_back":
            action.send_back(by=by, reason=line["reason"])
        case "published":
            action.publish(by=by)
            action.published_at = at
            action.review_due_on = at.date() + dt.timedelta(days=settings.REVIEW_DAYS)
    action.updated_at = at
    action.save()
    version = action.versions.first()
    version.at = at
    version.save()


@transaction.atomic
def remove_examples() -> tuple[int, list[str]]:
    """Delete what load_examples created: number of deleted rows, and one sentence for each row still in use."""
    sheets, _partners = read_sheets(_folder())
    desks, _partners = read_sheets(_desks())
    contacts = [row["contact"] for row in (*_units(), *sheets) if "contact" in row]
    steps = (
        _example_sheets({sheet["slug"] for sheet in sheets}, {sheet["slug"] for sheet in desks}),
        User.objects.filter(email__in=ACCOUNTS),
        _matching(contacts),
        Territory.objects.local_units().filter(is_example=True),
        Partner.objects.filter(is_example=True),
    )
    gone, kept = sum(remove() for _load, remove in reversed(tuple(MORE))), []
    for row in chain.from_iterable(steps):
        if sentences := protected.refusal(row):
            kept += sentences
        else:
            row.delete()
            gone += 1
    return gone, kept


def _folder():
    return data_folder("actions") / "examples"


def _desks():
    return _folder() / "desks"


def _units() -> list[dict]:
    return read_toml(data_folder("territories") / "example_units.toml")["units"]


def _dated(sheets):
    """Each sheet with its own moment of the past year: the real ones last made, the others mixed in a fixed order."""
    mixed = sorted(sheets, key=lambda sheet: (sheet.get("is_example", False), zlib.crc32(sheet["slug"].encode())))
    now = timezone.now()
    for rank, sheet in enumerate(mixed):
        yield sheet, now - dt.timedelta(minutes=1 + round(360 * 24 * 60 * (rank / len(mixed)) ** 2))


def _example_sheets(slugs, desks):
    """The labelled ones, the shipped ones still carried by an example unit, those of the desks; none created by a person."""
    shipped = models.Q(slug__in=slugs, carrier_unit__is_example=True)
    of_desks = models.Q(slug__in=desks, is_example=True, created_by__email__in=ACCOUNTS)
    return Action.objects.filter((models.Q(is_example=True) | shipped) & models.Q(created_by=None) | of_desks)


def _matching(rows):
    """The contacts that have exactly these words."""
    wanted = models.Q(pk__in=[])
    for row in rows:
        wanted |= models.Q(**row)
    return Contact.objects.filter(wanted)
