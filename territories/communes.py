"""What the State knows of communes: postal codes, former communes and their codes, from the package that carries them.

`@etalab/decoupage-administratif` (INSEE's Code officiel géographique, La Poste's postal codes; Licence Ouverte) is put
beside the Python libraries by `make`. It is data: nothing of it runs. Former names it has only of communes that are still
« déléguées » or « associées »; of others it has the code.
"""

import json
import sys
from collections.abc import Collection
from pathlib import Path

from territories.models import Alias, Territory

PACKAGE = Path(sys.prefix) / "node_modules/@etalab/decoupage-administratif/data/communes.json"


def read_aliases(codes: Collection[str], path: Path = PACKAGE) -> list[tuple[str, Alias.Kind, str]]:
    """(INSEE code, kind, words) for each of these communes. Raises OSError or ValueError where the file is not there."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    names = {row["code"]: row["nom"] for row in rows if row["type"] == "commune-actuelle"}
    aliases = {}
    for row in rows:
        today = row.get("chefLieu") or row.get("commune") or row["code"]
        if today not in codes:
            continue
        if row["type"] != "commune-actuelle":
            former = row["type"] != "arrondissement-municipal"
            kind = Alias.Kind.FORMER_NAME if former else Alias.Kind.USUAL_NAME
            if row["nom"] != names.get(today):
                aliases[today, kind, row["nom"].replace("'", "’")] = None
            if row["code"] != today:
                aliases[today, Alias.Kind.OTHER_CODE, row["code"]] = None
        for code in row.get("codesPostaux", ()):
            aliases[today, Alias.Kind.POSTAL_CODE, code] = None
        for code in row.get("anciensCodes", ()):
            aliases[today, Alias.Kind.OTHER_CODE, code] = None
    return list(aliases)


def missing_aliases(path: Path = PACKAGE) -> list[Alias]:
    """What the communes of the database lack of their other names: new rows, not saved."""
    communes = dict(Territory.objects.filter(kind=Territory.Kind.COMMUNE).exclude(code="").values_list("code", "pk"))
    existing = set(Alias.objects.values_list("territory_id", "kind", "text"))
    wanted = [(communes[code], kind, text) for code, kind, text in read_aliases(communes, path)]
    return [
        Alias(territory_id=pk, kind=kind, text=text) for pk, kind, text in wanted if (pk, kind, text) not in existing
    ]
