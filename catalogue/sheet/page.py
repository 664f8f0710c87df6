"""The page of one action, put in the order of a reader: eight facts, landmarks, then the parts that have something to say.

Everything here reads an action loaded by `for_sheet()`, and never the database; `contact_for` says its query.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from actions import freshness
from actions.models import Action, Media
from catalogue.sheet.lineage import Lineage
from catalogue.sheet.sections import Section, sections
from isic.lib import dates
from isic.lib.links import mailto, web
from isic.lib.months import period
from isic.lib.richtext import to_text
from isic.lib.words import counted, euros, hours, listed, lower_first, opening, people
from partners.models import Contact


class Line(NamedTuple):
    """One line of a fact or a landmark, with where it leads; `is_reading` where the service understood it so."""

    text: str
    href: str = ""
    is_reading: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A question of the reader, and the lines that answer it."""

    label: str
    lines: list[Line]
    icon: str = ""

    @property
    def is_long(self) -> bool:
        """Wants the room of two."""
        return sum(len(line.text) for line in self.lines) > 110


class Provenance(NamedTuple):
    """What vouches for the sheet: somebody who verified it, or the document that it was drawn from."""

    #: « Fiche vérifiée le 5 avril 2031, publiée le 2 avril 2031. »; empty where nobody did.
    checked: str
    #: « Source : » or « D’après un document de 2019 »; the document; what follows it.
    before: str
    source: str
    url: str
    after: str

    def __str__(self):
        return " ".join(filter(None, (self.checked, f"{self.before}{self.source}{self.after}")))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the template shows of an action, beside its own words."""

    address: str
    description: str
    is_public: bool
    notice: str
    is_welcome_stale: bool
    place: str
    period: str
    reach: str
    photo: Media | None
    facts: list[Fact]
    landmarks: list[Fact]
    sections: list[Section]
    contact: Contact
    mailto: str
    provenance: Provenance


def contact_for(action) -> Contact:
    """Whom to write to: the sheet's contact while it may be published, or its carrier's service, or the département's.

    A query only when the sheet's own contact may not be shown.
    """
    return contacts_for([action])[action.pk]


def department_contact() -> Contact:
    """Where there is nobody nearer: the development-social service, not saved, without a key."""
    return Contact(label=settings.SERVICE_NAME, email=settings.SERVICE_EMAIL)


def contacts_for(actions: Iterable[Action]) -> dict[int, Contact]:
    """The same for several sheets, by their ids, in one query at most."""
    own = {a.pk: a.contact for a in actions if a.contact and a.contact.is_publishable}
    others = [action for action in actions if action.pk not in own]
    services = (
        Contact.objects.publishable()
        .filter(person_name="")
        .filter(
            Q(unit__in={a.carrier_unit_id for a in others} - {None})
            | Q(partner__in={a.carrier_partner_id for a in others} - {None})
        )
    )
    first = {}
    for contact in reversed(services) if others else ():
        first["unit", contact.unit_id] = first["partner", contact.partner_id] = contact
    for action in others:
        carrier = ("unit", action.carrier_unit_id) if action.carrier_unit_id else ("partner", action.carrier_partner_id)
        own[action.pk] = first.get(carrier) or department_contact()
    return own


def provenance(action) -> Provenance:
    """Loading a sheet, or publishing it, is no verification."""
    source, url = ", ".join(filter(None, (action.source, action.source_pages))), web(action.source_url)
    published = f"publiée le {_day(action.published_at)}" if action.is_published and action.published_at else ""
    if action.verified_on:
        checked = ", ".join(filter(None, (f"Fiche vérifiée le {_day(action.verified_on)}", published)))
        return Provenance(f"{checked}.", "Source\u00a0: ", source, url, "")
    if source:
        dated = f"de {action.source_year}" if action.source_year else "non daté"
        return Provenance("", f"D’après un document {dated} (", source, url, "), non revérifié.")
    return Provenance(f"Fiche {published}." if published else "", "", "", "", "")


def _day(day: dt.date) -> str:
    return dates.date(timezone.localtime(day) if isinstance(day, dt.datetime) else day, "j F Y")


def read(action, *, relatives: Lineage, today: dt.date) -> Sheet:
    contact = contact_for(action)
    address = settings.SITE_URL + action.get_absolute_url()
    shown = [media for media in action.media.all() if media.is_showable(today)]
    photo = next((media for media in shown if media.kind == Media.Kind.IMAGE), None)
    return Sheet(
        address=address,
        description=action.summary or opening(to_text(action.description or action.context)) or action.title,
        is_public=action.is_published and action.visibility == Action.Visibility.PUBLIC,
        notice=" ".join(filter(None, (notice(action), freshness.warning(action, today)))),
        is_welcome_stale=freshness.are_newcomers_stale(action, today),
        place=listed(action.places.all(), limit=3),
        period=_period(action, today),
        reach=relatives.reach,
        photo=photo,
        facts=eight_facts(action, contact=contact, today=today),
        landmarks=landmarks(action),
        sections=sections(
            action, relatives=relatives, media=[media for media in shown if media is not photo], today=today
        ),
        contact=contact,
        mailto=_way_to_write(contact, action.title, address),
        provenance=provenance(action),
    )


def _way_to_write(contact: Contact, title: str, address: str) -> str:
    """A message about the sheet; the page of the service's contact where it has no mailbox, nor phone."""
    if contact.email:
        return mailto(contact.email, subject=title, body=address)
    return "" if contact.phone else reverse("contact")


def notice(action) -> str:
    """What a reader must know of a sheet that not everybody sees."""
    state = Action.EditorialState
    reason = f"\u00a0: {action.editorial_reason}" if action.editorial_reason else "."
    return {
        state.DRAFT: "Brouillon, visible par l’équipe, son unité et le service.",
        state.PROPOSED: "Fiche proposée, en attente de relecture\u00a0: visible par l’équipe, son unité et le service.",
        state.ARCHIVED: f"Fiche archivée, retirée du catalogue{reason}",
        state.PUBLISHED: ""
        if action.visibility == Action.Visibility.PUBLIC
        else "Fiche réservée aux agents connectés.",
    }[state(action.editorial_state)]


def eight_facts(action, *, contact: Contact, today: dt.date) -> list[Fact]:
    """The eight questions of someone in a hurry; one whose answer is unknown is left out."""
    facts = (
        Fact("Pour qui", _lines(listed(map(lower_first, action.audiences.all())), action.audience_notes), "ui-people"),
        Fact(
            "Où",
            _lines(
                listed(action.places.all(), limit=3),
                action.venue or _unless_other(action.venue_type, action.get_venue_type_display()),
            ),
            f"place-{action.venue_type}" if action.venue_type else "ui-pin",
        ),
        Fact("Quand et à quel rythme", _rhythm(action, today), "ui-calendar"),
        Fact("Combien de personnes", _people(action), "domain-circle"),
        Fact("Avec qui", _lines(_partners(action)), "ui-hand"),
        Fact("Ce qu’il faut", _means(action), "ui-box"),
        Fact("Ce que ça a changé", _change(action), "ui-heart"),
        _read_more(action)
        if action.is_elsewhere and not contact.pk
        else Fact("À qui écrire", _contact(contact), "ui-mail"),
    )
    return [fact for fact in facts if fact.lines]


def _read_more(action) -> Fact:
    """A sheet from elsewhere has no contact of its own: its source, and the service of the département."""
    document = ", ".join(filter(None, ("Le document d’où elle vient", action.source_pages)))
    source = [Line(document, web(action.source_url) or "#source")] if action.source else []
    service = department_contact()
    href = mailto(service.email, subject=action.title) if service.email else reverse("contact")
    talk = Line(f"En parler avec notre service\u00a0: {service.label}", href)
    return Fact("Pour en savoir plus", [*source, talk], "ui-mail")


def landmarks(action) -> list[Fact]:
    """The box beside the text: what the sheet is filed under, and the practical details the eight facts leave out."""
    catalogue = reverse("catalogue:list")
    state = action.get_life_state_display()
    contract = counted(action.contract_months, "mois", "mois") + " au plus" if action.contract_months else "oui"
    boxes = (
        Fact("Porteur", [_linked(action.carrier)._replace(is_reading="carrier_partner" in action.service_readings)]),
        Fact("Avec", [_linked(unit) for unit in action.other_units.all()]),
        Fact(
            "État de l’action",
            [Line(state, is_reading="life_state" in action.service_readings), *_lines(action.life_state_reason)],
        ),
        Fact("Type d’action", _lines(_unless_other(action.action_type, action.get_action_type_display()))),
        Fact("Lieux", [_linked(place) for place in action.places.all()]),
        Fact("Type de lieu", _lines(_unless_other(action.venue_type, action.get_venue_type_display()))),
        Fact("Accessibilité", _lines(action.accessibility)),
        Fact("Contrat de participation", _lines(contract) if action.has_contract else []),
        Fact("Cadres", [Line(f.name, f"{catalogue}?cadre={f.slug}") for f in action.frameworks.all()]),
        Fact(
            "Guide du travail social collectif",
            [Line(f"Fiche\u00a0{t.number}. {t.name}", f"{catalogue}?theme={t.slug}") for t in action.themes.all()],
        ),
        Fact("Mots-clés", _lines(action.keywords)),
    )
    return [box for box in boxes if box.lines]


def _lines(*texts: str) -> list[Line]:
    return [Line(text) for text in texts if text]


def _linked(thing) -> Line:
    return Line(str(thing), thing.get_absolute_url())


def _unless_other(value: str, label: str) -> str:
    """« Autre » says nothing to a reader."""
    return "" if value == "other" else label


def _period(action, today: dt.date) -> str:
    over = action.life_state in (Action.LifeState.ENDED, Action.LifeState.DROPPED)
    return period(action.starts_on, action.ended_on, action.planned_end_on, over=over, today=today)


def _rhythm(action, today: dt.date) -> list[Line]:
    notes = action.rhythm_notes if action.rhythm != action.rhythm_notes else ""
    count = counted(action.session_count, "séance") if action.session_count else ""
    span = _period(action, today)
    coming = action.next_session(today)
    lines = _lines(action.rhythm, notes, ", ".join(words for words in (count, span) if words))
    return [*lines, Line(f"prochaine séance le {coming.date:%d/%m/%Y}", "#seances")] if coming else lines


def _people(action) -> list[Line]:
    """Those who came, or else those who are expected."""
    if action.actual_participants is not None:
        return [Line(people(action.actual_participants))]
    if action.expected_participants is not None:
        return [Line(f"{people(action.expected_participants)} attendues")]
    return []


def _partners(action) -> str:
    """Each partner once, whatever the number of its roles."""
    return listed(dict.fromkeys(row.partner.name for row in action.partnerships.all()), limit=3)


def _means(action) -> list[Line]:
    time = sum(row.hours for row in action.staff_times.all())
    planned = sum(line.planned or 0 for line in action.budget_lines.all())
    spent = sum(line.actual or 0 for line in action.budget_lines.all())
    budget = "sans budget dédié" if action.without_budget else euros(spent or planned) if spent or planned else ""
    return _lines(
        counted(action.facilitator_count, "animateur") if action.facilitator_count else "",
        f"{hours(time)} de travail" if time else "",
        budget,
        "" if budget else action.budget_notes,
        opening(to_text(action.equipment), 90) if action.equipment else "",
    )


def _change(action) -> list[Line]:
    """The inhabitants' viewpoint; the other viewpoints only where it is empty."""
    voices = (action.effects_residents, action.effects_professionals, action.effects_partners, action.effects_elected)
    first_voice = next((text for text in voices if text), "")
    is_known = action.outcome and "outcome" not in action.service_readings
    outcome = action.outcome_notes or (action.get_outcome_display() if is_known else "")
    return [*([Line(opening(to_text(first_voice)), "#ce-qui-a-change")] if first_voice else []), *_lines(outcome)]


def _contact(contact: Contact) -> list[Line]:
    name = f"{contact.person_name}, {contact.label}" if contact.person_name else contact.label
    dialled = "".join(c for c in contact.phone if c.isdigit() or c == "+")
    return [
        Line(name),
        *([Line(contact.email, mailto(contact.email))] if contact.email else []),
        *([Line(contact.phone, f"tel:{dialled}")] if dialled else []),
    ]
