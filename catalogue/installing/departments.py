"""A clean installation for one département: lists, places, and the sheets of « Ailleurs en France »."""

import json
import logging
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from actions.models import Action, Audience, Domain, Framework, Lever, Theme
from catalogue.installing.sheets import FRANCE, LoadError, SheetLoader, data_folder, department, read_sheets, read_toml
from catalogue.models import Synonym
from catalogue.search.marks import mark
from isic.lib.zones import zone_of
from territories.communes import missing_aliases
from territories.models import Alias, Territory

logger = logging.getLogger("isic.installing")


@transaction.atomic
def start_department(code: str, communes: Path | None = None) -> dict[str, int]:
    """Create what is missing, change nothing that exists; return how many rows of each kind were created."""
    other = Territory.objects.home().exclude(code=code).first()
    if other:
        raise LoadError(f"Cette installation est déjà celle du département «\u00a0{other}\u00a0» ({other.code}).")
    if zone_of(code) != zone_of(settings.DEPARTMENT_CODE):
        raise LoadError(
            f"Le département «\u00a0{code}\u00a0» n’est pas à l’heure du département «\u00a0{settings.DEPARTMENT_CODE}\u00a0»"
            f" des réglages\u00a0: donnez DEPARTMENT_CODE={code} à cette commande et au serveur."
        )
    features = read_communes(communes or data_folder("territories") / f"{code}.geojson", code)
    before = _count()
    load_vocabularies(code)
    load_lexicon()
    load_territories(code, features)
    load_elsewhere()
    load_postal_codes()
    return {name: number - before[name] for name, number in _count().items()}


def _count():
    models = (Domain, Audience, Framework, Theme, Lever, Synonym, Territory, Alias, Action)
    return {str(model._meta.verbose_name_plural): model.objects.count() for model in models}


def load_vocabularies(code: str) -> None:
    """A value whose address or name is there already is the service's own: left alone; some are of one département."""
    data = read_toml(data_folder("actions") / "vocabularies.toml")
    for model, key in ((Domain, "domains"), (Audience, "audiences"), (Framework, "frameworks"), (Lever, "levers")):
        existing = {value for row in model.objects.all() for value in (row.slug, row.name)}
        offered = [row for row in data[key] if row.pop("department", code) == code]
        for position, row in enumerate(offered, start=1):
            if not existing & {row["slug"], row["name"]}:
                model.objects.create(position=position, **row)
    existing = {value for row in Theme.objects.all() for value in (row.number, row.name)}
    for row in data["themes"]:
        if not existing & {row["number"], row["name"]}:
            Theme.objects.create(position=row["number"], **row)


def load_lexicon() -> None:
    """A line of which the service keeps a word, in any line, is not brought back."""
    existing = {word.lower() for line in Synonym.objects.all() for word in line.expressions}
    new = []
    for text in read_toml(data_folder("actions") / "lexicon.toml")["lines"]:
        words, _, related = text.partition(" > ")
        line = Synonym(words=words, related=related)
        if not existing.intersection(word.lower() for word in line.expressions):
            new.append(line)
    Synonym.objects.bulk_create(new)
    mark([None])


def load_territories(code: str, features: list[dict]) -> None:
    home = department(code)
    if not home.is_home:
        home.is_home = True
        home.population = sum(feature["properties"].get("population") or 0 for feature in features)
        home.save()
    existing = {(row.kind, row.code): row for row in Territory.objects.exclude(kind=Territory.Kind.LOCAL_UNIT)}
    for feature in features:
        facts = feature["properties"]
        parent = home
        if epci := facts.get("epci_code"):
            key = (Territory.Kind.EPCI, epci)
            if key not in existing:
                existing[key] = Territory.objects.create(
                    kind=key[0], code=epci, name=_name(facts["epci_nom"]), parent=home
                )
            parent = existing[key]
        if (Territory.Kind.COMMUNE, facts["code"]) not in existing:
            longitude, latitude = facts["mairie"]
            Territory.objects.create(
                kind=Territory.Kind.COMMUNE,
                code=facts["code"],
                name=_name(facts["nom"]),
                parent=parent,
                population=facts.get("population"),
                latitude=latitude,
                longitude=longitude,
                outline=feature["geometry"],
            )


def load_postal_codes() -> None:
    """Postal codes and former communes; a bulk load sends no signal, so it marks the labels itself."""
    try:
        if aliases := missing_aliases():
            Alias.objects.bulk_create(aliases)
            mark([None])
    except (OSError, ValueError):
        logger.warning("Les codes postaux manquent (make communes)\u00a0: une commune se cherche par son nom.")


def load_elsewhere() -> None:
    """The inspiring sheets from outside the département; dated today, so that our own later ones are newer."""
    department(FRANCE)
    sheets, partners = read_sheets(data_folder("actions") / "elsewhere")
    loader = SheetLoader(partners)
    existing = set(Action.objects.values_list("slug", flat=True))
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for sheet in sheets:
        if sheet["slug"] not in existing:
            loader.load(sheet, at=today)


def read_communes(path: Path, code: str) -> list[dict]:
    """The features of a communes file, checked one by one, so that nothing half read is ever written."""
    if not path.exists():
        raise LoadError(
            f"Les communes du département «\u00a0{code}\u00a0» manquent\u00a0: donnez leur fichier GeoJSON avec --communes FICHIER."
        )
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        codes = [_check(feature, code) for feature in features]
    except OSError as error:
        raise LoadError(f"Le fichier {path.name} ne s’ouvre pas\u00a0: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LoadError(
            f"Le fichier {path.name} n’est pas une liste de communes du département «\u00a0{code}\u00a0» au format GeoJSON"
            f" (voir territories/data/README.md)\u00a0: {error}."
        ) from error
    if not codes or len(set(codes)) < len(codes):
        raise LoadError(f"Le fichier {path.name} est vide, ou nomme deux fois la même commune.")
    return features


def _check(feature, department_code):
    """The INSEE code of a feature that has all it takes; raises ValueError, KeyError or TypeError otherwise."""
    facts = feature["properties"]
    code, longitude, latitude = facts["code"], *facts["mairie"]
    if not code.startswith(department_code):
        raise ValueError(f"la commune {code} n’est pas du département")
    if not (facts["nom"].strip() and -180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(f"le nom ou la mairie de la commune {code} est faux")
    if facts.get("epci_code") and not facts["epci_nom"].strip():
        raise ValueError(f"l’intercommunalité de la commune {code} n’a pas de nom")
    if (facts.get("population") or 0) < 0:
        raise ValueError(f"la population de la commune {code} est négative")
    if feature["geometry"]["type"] not in ("Polygon", "MultiPolygon") or not feature["geometry"]["coordinates"]:
        raise ValueError(f"le contour de la commune {code} est faux")
    return code


def _name(name):
    return name.replace("'", "’")
