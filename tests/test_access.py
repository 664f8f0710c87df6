"""Every address × every role × every method gives the code of its table, and what is refused writes nothing.

Which roles ask is said by `askers`; with --whole, all of them ask for everything. The tables, `tests/access*.toml`, are written by hand; the first lines of `access.toml` say how to read them. `tests/cast.py`
makes the objects that they name.
"""

import itertools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import get_resolver

from tests.cast import House
from tests.cast_meetings import SECRET
from tests.test_house import views

ROLES = "visitor agent teammate stranger manager administrator owing closed".split()
SERVICE = {"manager", "administrator"}
METHODS = "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE".split()
UNSAFE = "POST PUT PATCH DELETE".split()
#: Nothing, or a part of something else: asking for it changes nothing, whatever the answer.
ABSENT = {"nothing", "gone", "foreign", "forged"}

FILES = [tomllib.loads(path.read_text()) for path in sorted(Path(__file__).parent.glob("access*.toml"))]
TABLE = {address: row for file in FILES for address, row in file.items()}
GROUPS = TABLE.pop("groups")
EVERYWHERE = TABLE.pop("everywhere")
PATTERNS = [path for path, _ in views(get_resolver())]


def expand(address: str) -> list[str]:
    """`admin/{vocabulary}/add/` is a row of each model of that group."""
    name = re.search(r"\{(\w+)\}", address)
    return [address.replace(name[0], model) for model in GROUPS[name[1]]] if name else [address]


ROWS = {pattern: TABLE[address] | EVERYWHERE for address in TABLE for pattern in expand(address)}
#: Of a group: its models answer by the same code.
ALIKE = {pattern for address in TABLE if "{" in address for pattern in expand(address)}


def parts() -> dict[str, list[str]]:
    """Small enough for the workers to share, large enough for the cast, which each part makes again, to cost little."""
    rooms = {pattern.partition("/")[0] for pattern in ROWS} & {"compte", "admin", "actions", "isic"}
    shares: dict[str, list[str]] = {}
    for pattern in ROWS:
        room = pattern.partition("/")[0]
        shares.setdefault(room if room in rooms else "others", []).append(pattern)
    return {
        f"{name} {number}": list(part)
        for name, patterns in shares.items()
        for number, part in enumerate(itertools.batched(patterns, 30), 1)
    }


PARTS = parts()


# --- The table ----------------------------------------------------------------------------------------------------
def expected(row: dict[str, str]) -> dict[tuple[str, str], list[int]]:
    """(object, method) → the code of each role. A line names objects, else it is for all of those of the address."""
    every = {word for line in row for word in line.split() if word.islower()} - {"others"} or {""}
    codes: dict[tuple[str, str], list[int]] = {}
    for line in sorted(row, key=lambda line: "others" in line.split()):
        words = line.split()
        objects = every & {*words} or every
        for thing in sorted(objects):
            left = [method for method in METHODS if (thing, method) not in codes]
            for method in left if "others" in words else [word for word in words if word in METHODS]:
                assert (thing, method) not in codes, f"{line}: {thing} {method} has two lines"
                codes[thing, method] = of_each_role(row[line])
    missing = {(thing, method) for thing in every for method in METHODS} - codes.keys()
    assert not missing, f"no line for {sorted(missing)}"
    return codes


def asked(table: dict[tuple[str, str], list[int]]) -> Iterator[tuple]:
    """A method that nobody may use is refused before its object is looked for: one object is enough to show it."""
    seen = set()
    for (thing, method), codes in table.items():
        refused = method if 405 in codes and {*codes} <= {302, 403, 405} else (thing, method)
        if refused not in seen:
            seen.add(refused)
            yield (thing, method), codes


def askers(pattern: str, method: str, codes: list[int], turn: int) -> list[str]:
    """Every role reads and sends; where the method is refused, is HEAD, or the address is one of a group that is alike,
    one for each code that the table gives, not always the same one."""
    if method in ("GET", "POST") and 405 not in codes and pattern not in ALIKE:
        return ROLES
    others = [
        [role for role, code in zip(ROLES, codes, strict=True) if code == answer] for answer in dict.fromkeys(codes)
    ]
    return [roles[turn % len(roles)] for roles in others]


def of_each_role(codes: str) -> list[int]:
    numbers = [int(code) for code in codes.split()]
    return numbers * len(ROLES) if len(numbers) == 1 else numbers


def test_every_address_has_one_row_and_every_row_an_address():
    assert len(TABLE) + len({"groups", "everywhere"}) == sum(map(len, FILES)), "a row in two files"
    rows = [pattern for address in TABLE for pattern in expand(address)]

    assert sorted(set(PATTERNS) - set(rows)) == [], "an address without a row"
    assert sorted(set(rows) - set(PATTERNS)) == [], "a row without an address"
    assert len(rows) == len(set(rows)) == len(set(PATTERNS))
    assert len(rows) > 150


@pytest.mark.parametrize("address", TABLE)
def test_row_tells_each_role_and_method_once(address):
    assert {len(codes) for codes in expected(TABLE[address] | EVERYWHERE).values()} == {len(ROLES)}


def test_outsiders_are_never_told_that_it_exists():
    """404 where there would be something to know; 403 would say that there is. (The one who owes writes nothing.)"""
    leaks = [
        (address, thing, method)
        for address, row in TABLE.items()
        if address.startswith(("actions/", "media/", "contacts/", "verifier/", "isic/"))
        for (thing, method), codes in expected(row | EVERYWHERE).items()
        if 403 in [code for role, code in zip(ROLES, codes, strict=True) if role != "owing"]
    ]

    assert leaks == []


# --- The house ----------------------------------------------------------------------------------------------------
@pytest.fixture
def house(db) -> House:
    return House()


def may_write(method: str, response) -> bool:
    """An answer that took what was sent; reading and refusing write nothing."""
    to_the_door = response.get("Location", "").startswith(("/compte/login/", "/admin/login/"))
    return method in UNSAFE and response.status_code < 400 and not to_the_door


@pytest.mark.matrix
@pytest.mark.parametrize("part", PARTS)
def test_address_answers_as_the_table_says(part, house, subtests, is_whole):
    turns = itertools.count()
    for pattern in PARTS[part]:
        with subtests.test(pattern):
            codes, table, written, leaked = {}, {}, [], []

            for (thing, method), row in asked(expected(ROWS[pattern])):
                address = house.address(pattern, thing)
                roles = ROLES if is_whole else askers(pattern, method, row, next(turns))
                answers = {role: house.ask(role, method, address) for role in roles}
                codes[thing, method] = {role: response.status_code for role, (response, _) in answers.items()}
                table[thing, method] = {role: row[ROLES.index(role)] for role in roles}
                written += [
                    (thing, method, role, tables)
                    for role, (response, tables) in answers.items()
                    if tables and (thing in ABSENT or not may_write(method, response))
                ]
                leaked += [
                    (thing, method, role)
                    for role, (response, _) in answers.items()
                    if role not in SERVICE and not response.streaming and SECRET.encode() in response.content
                ]

            assert codes == table
            assert written == []
            assert leaked == []


@pytest.mark.parametrize("name", ["preparing", "hidden", "closed"])
def test_secrets_are_where_only_the_service_reads_them(name, house):
    """Else the test above would look for what nobody shows."""
    response, _ = house.ask("manager", "GET", house.address("isic/<int:pk>/", name))

    assert SECRET in response.text


@pytest.mark.matrix
@pytest.mark.parametrize("part", PARTS)
def test_address_refuses_what_another_site_sends(part, house, subtests, whose_turn):
    house.handler.enforce_csrf_checks = True
    forged = {"X-CSRFToken": "x" * 32, "Origin": "https://ailleurs.example"}
    turns = itertools.count()

    for pattern in PARTS[part]:
        with subtests.test(pattern):
            thing, _ = next(iter(expected(ROWS[pattern])))
            address = house.address(pattern, thing)

            answers = [
                house.ask(role, method, address, **forged)
                for role in ("visitor", "agent", "administrator")
                for method in ("POST", *whose_turn(UNSAFE[1:], next(turns)))
            ]

            assert {(response.status_code, *tables) for response, tables in answers} == {(403,)}
