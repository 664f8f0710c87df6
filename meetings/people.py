"""Many people at once: a list pasted from a mail, a spreadsheet or a message, one person a line or between semicolons."""

import re
from collections.abc import Iterable, Iterator, Mapping

from accounts.models import User
from isic.lib.ordering import sort_key
from isic.lib.words import upper_first
from meetings.presenters import accounts_of

ADDRESS = re.compile(r"[^\s<>,;\"'()\[\]:@]{1,64}@[^\s<>,;\"'()\[\]:@]{1,189}")
#: What is read of a pasted text, in characters.
LONGEST = 20_000
AROUND = " \t,<>\"'()[]:"


def read_people(text: str) -> Iterator[tuple[str, str]]:
    """Name and address of each, either of which may be empty: « Camille Durand <c.durand@…> », an address, a name."""
    for line in re.split(r"[\r\n;]+", text[:LONGEST]):
        has_several = len(ADDRESS.findall(line)) > 1
        for part in line.split(",") if has_several else [line]:
            address = next(iter(ADDRESS.findall(part)), "")
            name = " ".join((part.replace(address, " ") if address else part).split()).strip(AROUND)
            if name or address:
                yield name[:150], address.rstrip(".").lower()


def with_accounts(people: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Each as name, address and function: those of the account that has this address, or that alone has this name."""
    people = list(people)
    by_address = accounts_of(address for _, address in people)
    by_name = _accounts_by_name({sort_key(name) for name, address in people if not address} - {""})
    rows = []
    for name, address in people:
        user = by_address.get(address) if address else by_name.get(sort_key(name))
        rows.append(
            {
                "name": (user.full_name if user else "") or name or _name_of(address),
                "email": user.email if user else address,
                "function": user.function if user else "",
            }
        )
    return rows


def _accounts_by_name(keys: set[str]) -> dict[str, User | None]:
    """None where two accounts have the name."""
    named: dict[str, User | None] = {}
    for user in User.objects.filter(is_active=True).order_by("pk") if keys else []:
        key = sort_key(user.full_name)
        if key in keys:
            named[key] = None if key in named else user
    return named


def _name_of(address: str) -> str:
    """« Camille Durand », of camille.durand@example.org: a beginning, to be read again."""
    return " ".join(upper_first(word) for word in re.split(r"[._-]+", address.partition("@")[0]) if word)


def unlisted(people: Iterable[Mapping[str, str]], listed: Iterable[tuple[str, str]]) -> list[Mapping[str, str]]:
    """Those who are not listed (name, address) yet, each once: known by the address or, without one, by the name."""
    seen = {_key(name, address) for name, address in listed}
    new = {_key(person["name"], person["email"]): person for person in people}
    return [person for key, person in new.items() if key not in seen]


def _key(name: str, address: str) -> str:
    return address.strip().lower() or sort_key(name)
