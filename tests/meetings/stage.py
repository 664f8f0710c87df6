"""A meeting where each of its forms is used, the form as a browser fills it in, and what nobody should send."""

import re

import html5lib
from django.conf import settings
from django.urls import reverse

from meetings import guests
from meetings.minutes import close
from tests.actions.test_filing_hostile import VALUES
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    DeliveryFactory,
    LetterFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TaskFactory,
)
from tests.meetings.hand import agenda_base

PAYLOADS = VALUES | {
    "first year": "0001-01-01",
    "last year": "9999-12-31",
    "late hour": "23:59",
    "no hour": "25:61",
    "header": "a@example.org\r\nBcc: b@example.org",
    "calendar": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nRRULE:FREQ=SECONDLY;COUNT=9\rATTENDEE:mailto:b@example.org,;\\",
    "word of the database": "'; DROP TABLE meetings_meeting; --",
}
#: Where a page has no form to be filled in, what its script or its buttons send.
SENT = {
    "order": ["base", "order", "move", "by_type", "minutes-{item}"],
    "add": ["ajout-action", "ajout-kind"],
    "add_topic": ["sujet-title", "sujet-minutes", "sujet-submission"],
    "outbox": ["kind", "item"],
    "release": ["item"],
    "finish": ["at", "undo"],
    "add_sheet": ["kind"],
}
PREPARED = ["create", "edit", "people", "item", "order", "add", "add_topic", "add_sheet", "cancel", "propose", "letter"]
HELD = ["outcome", "tasks", "release", "finish", "outbox", "resume"]
CLOSED = ["correct"]


class Stage:
    def __init__(self, form, manager, unit):
        self.form = form
        held = form in HELD or form in CLOSED
        self.meeting = MeetingFactory(held=held, territory=unit, notes="Avant.")
        MemberFactory(meeting=self.meeting, name="Camille", email="camille@example.org")
        action = ActionFactory(title="Cuisine partagée", published=True, carrier_unit=unit)
        self.item = AgendaItemFactory(meeting=self.meeting, action=action, question="Avant\u00a0?")
        self.sheet = ActionFactory(title="Jardin", published=True, carrier_unit=unit)
        PresenterFactory(item=self.item)
        self.task = TaskFactory(meeting=self.meeting, item=self.item)
        self.letter = LetterFactory(meeting=self.meeting)
        DeliveryFactory(letter=self.letter)
        if form in CLOSED:
            close(self.meeting, by=manager)

    def values(self, client) -> dict[str, str]:
        return {name: value for name, (_, value) in self.fields(client).items()}

    @property
    def path(self) -> str:
        pk = self.meeting.pk
        parameters = {
            "create": [],
            "propose": [self.sheet.slug],
            "item": [pk, self.item.pk],
            "outcome": [pk, self.item.pk],
            "finish": [pk, self.task.pk],
            "letter": [pk, self.letter.pk],
            "add_sheet": [pk, self.sheet.slug],
        }
        return reverse(f"meetings:{self.form}", args=parameters.get(self.form, [pk]))

    def fields(self, client) -> dict[str, tuple[str, str]]:
        """Name → (kind of field, value), of the form as it stands."""
        if self.form in SENT:
            client.get(
                reverse("meetings:prepare", args=[self.meeting.pk])
            )  # the catalogue is drained outside of what follows
            base = agenda_base(self.meeting)
            return {name.format(item=self.item.pk): ("sent", base.get(name, "")) for name in SENT[self.form]}
        tree = html5lib.parse(client.get(self.path).text, namespaceHTMLElements=False)
        form = next(form for form in tree.iter("form") if form.get("class", "").startswith("form"))
        blank = {id(e) for template in form.iter("template") for e in template.iter()}
        return dict(_field(e) for e in form.iter() if e.get("name") and id(e) not in blank and _counts(e))


def _counts(element) -> bool:
    return element.get("type") not in ("radio", "checkbox", "submit") or "checked" in element.attrib


def _field(element) -> tuple[str, tuple[str, str]]:
    if element.tag == "textarea":
        return element.get("name"), ("text", "".join(element.itertext()))
    if element.tag == "select":
        chosen = [option.get("value") for option in element.iter("option") if "selected" in option.attrib]
        return element.get("name"), ("choice", chosen[0] if chosen else "")
    kind = element.get("type", "text")
    return element.get("name"), ("text" if kind in ("text", "email", "url") else kind, element.get("value", ""))


def invalid(html: str) -> set[str]:
    """The names of the fields at which a page says a fault."""
    marked = re.findall(r'<(?:input|select|textarea)\b[^>]*aria-invalid="true"[^>]*>', html)
    return {name for tag in marked for name in re.findall(r'\bname="([^"]*)"', tag)}


def answered(client, path, data, **options):
    """The answer was no failure, and speaks French where it refuses."""
    response = client.post(path, data, **options)
    assert response.status_code < 500
    if response.status_code >= 400 and response["Content-Type"].startswith("text/html"):
        assert '<html lang="fr"' in response.text
    if response["Content-Type"].startswith("text/html"):
        assert "<script>alert" not in response.text
    return response


def path_of(member) -> str:
    """The link of a guest."""
    return guests.url(member).removeprefix(settings.SITE_URL)
