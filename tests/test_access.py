"""Every address × every role × every method gives the code of `tests/access.toml`, and what is refused writes nothing.

The table is written by hand. Its first lines say how to read it; `cast` below makes the objects that it names.
"""

import re
import tomllib
import uuid
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import get_resolver
from django.utils.http import int_to_base36

from accounts.invitations import tokens
from actions.freshness import QUESTIONS
from actions.models import Action
from catalogue import live
from catalogue.models import Entry, Revision
from partners.consent import withdrawal_path
from tests import factories
from tests.test_admin import MAKERS
from tests.test_house import views

ROLES = "visitor agent teammate stranger manager administrator owing closed".split()
METHODS = "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE".split()
UNSAFE = "POST PUT PATCH DELETE".split()
#: A form without any field of ours.
FORM = {"data": "rien=", "content_type": "application/x-www-form-urlencoded"}
#: Every request may write these: the session that lives on, the counts of the throttle.
KEPT_BY_THE_HOUSE = {"django_session", "throttle"}

TABLE = tomllib.loads(Path(__file__).with_name("access.toml").read_text())
GROUPS = TABLE.pop("groups")
EVERYWHERE = TABLE.pop("everywhere")
PATTERNS = [path for path, _ in views(get_resolver())]


def expand(address: str) -> list[str]:
    """`admin/{vocabulary}/add/` is a row of each model of that group."""
    name = re.search(r"\{(\w+)\}", address)
    return [address.replace(name[0], model) for model in GROUPS[name[1]]] if name else [address]


ROWS = {pattern: TABLE[address] | EVERYWHERE for address in TABLE for pattern in expand(address)}
#: Enough for the workers to share, few enough for the cast, which each part makes again, to cost little.
PARTS = {
    part: [pattern for pattern in ROWS if pattern.partition("/")[0] == part] for part in ("compte", "admin", "actions")
}
PARTS["others"] = [pattern for pattern in ROWS if pattern.partition("/")[0] not in PARTS]


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


def of_each_role(codes: str) -> list[int]:
    numbers = [int(code) for code in codes.split()]
    return numbers * len(ROLES) if len(numbers) == 1 else numbers


def test_every_address_has_one_row_and_every_row_an_address():
    rows = [pattern for address in TABLE for pattern in expand(address)]

    assert sorted(set(PATTERNS) - set(rows)) == [], "an address without a row"
    assert sorted(set(rows) - set(PATTERNS)) == [], "a row without an address"
    assert len(rows) == len(set(rows)) == len(set(PATTERNS))
    assert len(rows) > 150


@pytest.mark.parametrize("address", TABLE)
def test_row_tells_each_role_and_method_once(address):
    assert {len(codes) for codes in expected(TABLE[address] | EVERYWHERE).values()} == {len(ROLES)}


def test_outsiders_are_never_told_that_a_sheet_exists():
    """404 where there would be something to know; 403 would say that there is. (The one who owes writes nothing.)"""
    told = [
        (address, thing, method)
        for address, row in TABLE.items()
        if address.startswith(("actions/", "media/", "contacts/", "verifier/"))
        for (thing, method), codes in expected(row | EVERYWHERE).items()
        if 403 in [code for role, code in zip(ROLES, codes, strict=True) if role != "owing"]
    ]

    assert told == []


# --- The cast -----------------------------------------------------------------------------------------------------
class House:
    """Who asks (`sessions`, by role), what there is to ask for (`things`: what stands in an address, by object)."""

    def __init__(self):
        self.unit = factories.TerritoryFactory(local_unit=True, name="MDS du Lac")
        #: Without the test client, which keeps a copy of each context of each template.
        self.requests, self.handler = RequestFactory(), ClientHandler(enforce_csrf_checks=False)
        self.members = self._members()
        self.sessions = {role: self._session(user) for role, user in self.members.items()}
        self.things = {"": {}, **self._sheets(), **self._links(), **self._places()}
        live.current()  # takes in these sheets, as the first who reads would
        theirs = {Entry: Entry.objects.first, Revision: Revision.objects.first}  # others could take the same keys
        makers = MAKERS | theirs
        self.rows = {model._meta.label_lower.replace(".", "/"): make for model, make in makers.items()}

    def _members(self) -> dict:
        agent = factories.MembershipFactory(territory=self.unit).user
        return {
            "agent": agent,
            "teammate": factories.MembershipFactory().user,
            "stranger": factories.MembershipFactory().user,
            "manager": factories.UserFactory(manager=True),
            "administrator": factories.UserFactory(administrator=True),
            "owing": factories.UserFactory(manager=True, second_factor=False),
            "closed": factories.MembershipFactory(territory=self.unit).user,
        }

    def _session(self, user) -> str:
        """Has just given the password again; the account that is closed is so afterwards."""
        client, request = Client(), RequestFactory().get("/")
        client.force_login(user)
        request.session, request.user = client.session, user
        record_authentication(request, user, "password", reauthenticated=True)
        request.session.save()
        client.get("/compte/")  # from now on the session is as old as it will be
        if user == self.members["closed"]:
            user.is_active = False
            user.save()
        return request.session.session_key

    def _sheets(self) -> dict:
        kinds = {
            "draft": {},
            "proposed": {"editorial_state": Action.EditorialState.PROPOSED},
            "published": {"published": True},
            "inside": {"published": True, "visibility": Action.Visibility.AGENTS},
            "archived": {"editorial_state": Action.EditorialState.ARCHIVED},
        }
        return {name: self._sheet(**values) for name, values in kinds.items()}

    def _sheet(self, **values) -> dict:
        """Carried by the unit of the agent, with the teammate in its team, and changed twice."""
        sheet = factories.ActionFactory(carrier_unit=self.unit, **values)
        factories.TeamMemberFactory(action=sheet, user=self.members["teammate"])
        photo = factories.MediaFactory(action=sheet, image=True)
        for text in ("Un constat.", "Un constat partagé."):
            with sheet.edited(by=self.members["agent"]):
                sheet.context = f"<p>{text}</p>"
        return {
            "slug": sheet.slug,
            "key": photo.key,
            "path": photo.file.name,
            "number": 2,
            "step": "identite",
            "content_type_id": ContentType.objects.get_for_model(Action).pk,
            "object_id": sheet.pk,
        }

    def _links(self) -> dict:
        """What mails lead to: addresses that are enough to be let in."""
        asked = factories.ActionFactory(
            published=True, open_to_newcomers=Action.Openness.YES, review_due_on="2026-01-01", newcomers_due_on="2026-01-01"
        )  # fmt: skip
        invited = factories.UserFactory(password=None)
        forgetful = factories.UserFactory()
        return {
            **{question.name: {"token": token_of(question.path(asked))} for question in QUESTIONS},
            "named": {"token": token_of(withdrawal_path(factories.ContactFactory(named=True)))},
            "invited": {"uidb36": int_to_base36(invited.pk), "token": tokens.make_token(invited)},
            "forgetful": {
                "uidb36": int_to_base36(forgetful.pk),
                "key": default_token_generator.make_token(forgetful),
            },
            "forged": {"token": "a-faux", "uidb36": "1", "key": "a-faux"},
        }

    def _places(self) -> dict:
        ours = factories.ContactFactory(named=True, unit=self.unit)
        return {
            "unit": {"slug": self.unit.slug},
            "association": {"slug": factories.PartnerFactory().slug},
            "ours": {"pk": ours.pk},
            "everybody": {"pk": factories.ContactFactory(named=True).pk},
            "here": {"?": f"unite={self.unit.slug}"},
            "anywhere": {},
            "communes": {"what": "communes"},
            "fiches": {"what": "fiches"},
            "first": {"page": 1},
            "ninth": {"page": 9},
            "sheets": {"app_label": "actions"},
            "accounts": {"app_label": "accounts"},
            "people": {"?": "app_label=territories&model_name=membership&field_name=user"},
            "nothing": {
                "slug": "rien", "what": "rien", "step": "identite", "number": 2, "key": uuid.UUID(int=0), "pk": 0,
                "path": "rien.jpg", "url": "rien", "content_type_id": 0, "object_id": 0,
            },
        }  # fmt: skip

    def address(self, pattern: str, thing: str) -> str:
        values = dict(self.things[thing])
        if not thing and (model := re.match(r"admin/(\w+/\w+)/.*<", pattern)):
            values["object_id"] = values["id"] = self.rows[model[1]]().pk
        path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern).replace("^", "").replace("$", "")
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), path)
        return f"/{path}?{values.get('?', '')}"

    def ask(self, role: str, method: str, address: str, **headers):
        """Nothing that one request changes is there for the next."""
        self.requests.cookies.clear()
        if role in self.sessions:
            self.requests.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        writes = Writes()
        before = transaction.savepoint_create()
        with connection.execute_wrapper(writes):
            response = self.handler(self.requests.generic(method, address, **FORM, headers=headers).environ)
            response.getvalue()  # a file that is sent is closed at its end
        transaction.savepoint_rollback(before)
        return response, writes.tables - KEPT_BY_THE_HOUSE


class Writes:
    """The tables that the statements of a request would change."""

    STATEMENT = re.compile(r'\s*(?:INSERT\b.*?\bINTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)', re.IGNORECASE)

    def __init__(self):
        self.tables: set[str] = set()

    def __call__(self, execute, sql, params, many, context):
        if statement := self.STATEMENT.match(sql):
            self.tables.add(statement[1])
        return execute(sql, params, many, context)


def token_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


@pytest.fixture
def house(db) -> House:
    return House()


# --- The house ----------------------------------------------------------------------------------------------------
def may_write(method: str, response) -> bool:
    """An answer that took what was sent; reading and refusing write nothing."""
    to_the_door = response.get("Location", "").startswith(("/compte/login/", "/admin/login/"))
    return method in UNSAFE and response.status_code < 400 and not to_the_door


@pytest.mark.parametrize("part", PARTS)
def test_address_answers_as_the_table_says(part, house, subtests):
    for pattern in PARTS[part]:
        with subtests.test(pattern):
            table = expected(ROWS[pattern])
            found, written = {}, []

            for thing, method in table:
                address = house.address(pattern, thing)
                answers = {role: house.ask(role, method, address) for role in ROLES}
                found[thing, method] = [response.status_code for response, _ in answers.values()]
                written += [
                    (thing, method, role, tables)
                    for role, (response, tables) in answers.items()
                    if tables and not may_write(method, response)
                ]

            assert found == table
            assert written == []


@pytest.mark.parametrize("part", PARTS)
def test_address_refuses_what_another_site_sends(part, house, subtests):
    house.handler.enforce_csrf_checks = True
    forged = {"X-CSRFToken": "x" * 32, "Origin": "https://ailleurs.example"}

    for pattern in PARTS[part]:
        with subtests.test(pattern):
            thing, _ = next(iter(expected(ROWS[pattern])))
            address = house.address(pattern, thing)

            answers = [
                house.ask(role, method, address, **forged)
                for role in ("visitor", "agent", "administrator")
                for method in UNSAFE
            ]

            assert {(response.status_code, *tables) for response, tables in answers} == {(403,)}
