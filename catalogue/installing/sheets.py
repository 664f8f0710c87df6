"""Sheets kept as TOML files (actions/data/) become published actions; what exists already is left as it is."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from actions import fieldmap
from actions.models import (
    Action,
    Audience,
    Domain,
    Framework,
    Goal,
    Lever,
    Media,
    Partnership,
    Session,
    Theme,
)
from partners.models import Contact, Partner
from territories import departments
from territories.models import Territory

#: What a file says in the very words of the model; `rhythm` groups what begins so.
PLAIN_FIELDS = fieldmap.plain_names() | {"slug", "is_example", "service_readings"}
#: Rows that a file says in the words of the model → what each has besides.
PLAIN_ROWS = {
    "criteria": {},
    "team_members": {},
    "staff_times": {},
    "budget_lines": {},
    "quotes": {"has_consent": True},
    "media": {"kind": Media.Kind.LINK},
}
#: What it says by slugs, codes or nested lists.
RELATED = frozenset(
    "domain audiences frameworks themes levers carrier_unit carrier_partner other_units contact places rhythm goals "
    "partners sessions".split()
)
FRANCE = "FR"


class LoadError(Exception):
    """What is wrong with the data, as one French sentence."""


def data_folder(app: str) -> Path:
    return Path(apps.get_app_config(app).path) / "data"


def read_toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LoadError(f"Le fichier {path.name} ne se lit pas\u00a0: {error}") from error


def read_sheets(folder: Path) -> tuple[list[dict], dict[str, dict]]:
    """The sheets of a folder and the partners they name, by slug.

    A file is one sheet (with the partners it defines), or several under `[[sheets]]` that share `[defaults]`.
    """
    sheets, partners = [], {}
    for path in sorted(folder.glob("*.toml")):
        data = read_toml(path)
        defaults = data.get("defaults", {})
        file_sheets = [{**defaults, **sheet} for sheet in data.get("sheets", [])] if "title" not in data else [data]
        sheets += file_sheets
        for definition in [
            *data.get("partners", []),
            *(row for sheet in file_sheets for row in sheet.get("partners", [])),
        ]:
            if "name" in definition:
                partners.setdefault(definition["slug"], definition)
    return sheets, partners


def department(code: str) -> Territory:
    """The département of that official code (or France), created on first use."""
    existing = Territory.objects.filter(kind=Territory.Kind.DEPARTMENT, code=code).first()
    if existing:
        return existing
    if code not in departments.names():
        raise LoadError(f"Aucun département ne porte le code «\u00a0{code}\u00a0».")
    return Territory.objects.create(kind=Territory.Kind.DEPARTMENT, code=code, name=departments.names()[code])


class SheetLoader:
    """Makes published actions of sheets, with the vocabularies and places of the database; call it in a transaction."""

    def __init__(self, partners: dict[str, dict], *, partners_are_examples: bool = False):
        self.definitions = partners
        self.partners_are_examples = partners_are_examples
        self.vocabularies = {
            "domain": {row.slug: row for row in Domain.objects.all()},
            "audiences": {row.slug: row for row in Audience.objects.all()},
            "frameworks": {row.slug: row for row in Framework.objects.all()},
            "levers": {row.slug: row for row in Lever.objects.all()},
            "themes": {row.number: row for row in Theme.objects.all()},
        }
        self.communes = {row.code: row for row in Territory.objects.filter(kind=Territory.Kind.COMMUNE)}
        self.units = {row.slug: row for row in Territory.objects.local_units()}
        self.partners = {row.slug: row for row in Partner.objects.all()}

    def load(self, sheet: dict, *, at: dt.datetime) -> Action:
        """The published action of a sheet; its dates of publication and change are `at`."""
        with _refused_in_one_sentence(sheet):
            action = self._made(sheet, published_at=at)
            if not action.is_elsewhere:
                action.review_due_on = at.date() + dt.timedelta(days=settings.REVIEW_DAYS)
            if not sheet.get("places"):
                action.places.set([department(FRANCE)])
            action.publish(by=None)
            action.created_at = action.updated_at = at
            action.save()
            action.versions.update(at=at)
            return action

    def draft(self, sheet: dict, **more) -> Action:
        """A draft of what the sheet says, and no more."""
        with _refused_in_one_sentence(sheet):
            return self._made(sheet, **more)

    def _made(self, sheet, **more):
        if unknown := set(sheet) - PLAIN_FIELDS - RELATED - set(map(fieldmap.file_name, PLAIN_ROWS)):
            raise LoadError(
                f"La fiche «\u00a0{sheet['slug']}\u00a0» a des champs inconnus\u00a0: {', '.join(sorted(unknown))}."
            )
        action = Action(
            **{name: value for name, value in sheet.items() if name in PLAIN_FIELDS},
            **{f"rhythm_{name}": value for name, value in sheet.get("rhythm", {}).items()},
            domain=self._vocabulary("domain", sheet["domain"]),
            carrier_unit=self._unit(sheet["carrier_unit"]) if "carrier_unit" in sheet else None,
            carrier_partner=self._partner(sheet["carrier_partner"]) if "carrier_partner" in sheet else None,
            **more,
        )
        action.contact = self._contact(sheet.get("contact"), action)
        _save(action)
        for name in ("audiences", "frameworks", "levers", "themes"):
            getattr(action, name).set([self._vocabulary(name, key) for key in sheet.get(name, [])])
        action.places.set([self._place(place) for place in sheet.get("places", [])])
        action.other_units.set([self._unit(slug) for slug in sheet.get("other_units", [])])
        self._add_rows(action, sheet)
        return action

    def _add_rows(self, action, sheet):
        for name, common in PLAIN_ROWS.items():
            model = Action._meta.get_field(name).related_model
            for position, row in enumerate(sheet.get(fieldmap.file_name(name), [])):
                _save(model(action=action, position=position, **common, **row))
        for position, row in enumerate(sheet.get("partners", [])):
            if "role" in row:
                partner = self._partner(row["slug"])
                notes = row.get("notes", "")
                _save(Partnership(action=action, position=position, partner=partner, role=row["role"], notes=notes))
        parent = None
        for position, goal in enumerate(sheet.get("goals", [])):
            if isinstance(goal, str):
                parent = _save(Goal(action=action, position=position, text=goal))
            else:
                for rank, text in enumerate(goal):
                    _save(Goal(action=action, position=rank, text=text, parent=parent))
        for row in sheet.get("sessions", []):
            hours = {"starts_at": action.rhythm_starts_at, "ends_at": action.rhythm_ends_at}
            row = {**hours, **row}
            _save(Session(action=action, date=rhythm_day(action, at_least_in=row.pop("in_days")), **row))

    def _vocabulary(self, name, key):
        if key not in self.vocabularies[name]:
            raise LoadError(f"La liste «\u00a0{name}\u00a0» n’a pas de valeur «\u00a0{key}\u00a0».")
        return self.vocabularies[name][key]

    def _unit(self, slug):
        if slug not in self.units:
            raise LoadError(f"L’unité locale «\u00a0{slug}\u00a0» n’existe pas.")
        return self.units[slug]

    def _place(self, place):
        """By its code; a commune outside the département with its name and its own département, made when first needed."""
        if isinstance(place, dict):
            code, name = place["code"], place["name"]
            if code not in self.communes:
                parent = department(place["department"])
                kind = Territory.Kind.COMMUNE
                self.communes[code] = Territory.objects.create(kind=kind, code=code, name=name, parent=parent)
            return self.communes[code]
        code = place
        if code.startswith("dep:"):
            return department(code.removeprefix("dep:"))
        if code not in self.communes:
            raise LoadError(f"La commune «\u00a0{code}\u00a0» n’existe pas dans ce département.")
        return self.communes[code]

    def _partner(self, slug):
        if slug not in self.partners:
            if slug not in self.definitions:
                raise LoadError(f"Le partenaire «\u00a0{slug}\u00a0» n’est pas défini.")
            definition = self.definitions[slug]
            self.partners[slug] = _save(
                Partner(
                    slug=slug,
                    name=definition["name"],
                    kind=definition["kind"],
                    is_elsewhere=definition.get("elsewhere", False),
                    is_example=self.partners_are_examples,
                )
            )
        return self.partners[slug]

    def _contact(self, row, action):
        """The service the sheet names; else its unit's; else the development-social service's own; elsewhere, none."""
        if action.is_elsewhere:
            return None
        if row is None and action.carrier_unit_id:
            existing = Contact.objects.filter(unit=action.carrier_unit).first()
            if existing:
                return existing
        if row is None and not settings.SERVICE_EMAIL:
            return None
        row = row or {"label": settings.SERVICE_NAME, "email": settings.SERVICE_EMAIL}
        existing = Contact.objects.filter(**row).first()
        return existing or _save(Contact(**row, unit=action.carrier_unit, partner=action.carrier_partner))


@contextmanager
def _refused_in_one_sentence(sheet: dict) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise LoadError(f"La fiche «\u00a0{sheet.get('slug')}\u00a0»\u00a0: {' '.join(error.messages)}") from error
    except (KeyError, TypeError, IntegrityError) as error:
        raise LoadError(f"La fiche «\u00a0{sheet.get('slug')}\u00a0» ne se lit pas\u00a0: {error}.") from error


def rhythm_day(action, *, at_least_in: int) -> dt.date:
    """The first day, so many days from today, on which the group usually meets."""
    first = timezone.localdate() + dt.timedelta(days=at_least_in)
    if action.rhythm_weekday is None:
        return first
    days = (first + dt.timedelta(days=n) for n in range(62))
    return next(day for day in days if day.weekday() == action.rhythm_weekday and _is_in(action.rhythm_ordinals, day))


def _is_in(ordinals, day):
    is_last = (day + dt.timedelta(days=7)).month != day.month
    return not ordinals or (day.day - 1) // 7 + 1 in ordinals or (is_last and -1 in ordinals)


def _save(row):
    """Check the values as a form would (the database checks the relations), then save."""
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.is_relation])
    row.save()
    return row
