"""Who asks for the addresses of `tests/access.toml`, what there is to ask for, and how it is asked."""

import re
import uuid

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.utils.http import int_to_base36

from accounts.invitations import tokens
from actions.freshness import QUESTIONS
from actions.models import Action
from catalogue.models import Entry, Revision
from catalogue.search import current
from partners.consent import withdrawal_path
from tests import factories
from tests.cast_meetings import meetings
from tests.test_admin import MAKERS

#: A form without any field of ours.
FORM = {"data": "rien=", "content_type": "application/x-www-form-urlencoded"}
#: Every request may write these: the session that lives on, the counts of the throttle.
KEPT_BY_THE_HOUSE = {"accounts_signin", "throttle"}


class House:
    """Who asks (`sessions`, by role), what there is to ask for (`things`: what stands in an address, by object)."""

    def __init__(self):
        self.unit = factories.TerritoryFactory(local_unit=True, name="MDS du Lac")
        #: Without the test client, which keeps a copy of each context of each template.
        self.requests, self.handler = RequestFactory(), ClientHandler(enforce_csrf_checks=False)
        self.members = self._members()
        self.sessions = {role: self._session(user) for role, user in self.members.items()}
        self.things = {"": {}, **self._sheets(), **self._links(), **self._places(), **meetings(self)}
        current.catalogue()  # takes in these sheets, as the first who reads would
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
        session = factories.SessionFactory(action=sheet)
        for text in ("Un constat.", "Un constat partagé."):
            with sheet.edited(by=self.members["agent"]):
                sheet.context = f"<p>{text}</p>"
        return {
            "slug": sheet.slug,
            "key": photo.key,
            "session": session.key,
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
                "slug": "rien", "what": "rien", "step": "identite", "number": 2, "key": uuid.UUID(int=0), "session": uuid.UUID(int=0), "pk": 0,
                "item": 0, "letter": 0, "task": 0, "path": "rien.jpg", "url": "rien", "content_type_id": 0, "object_id": 0,
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
