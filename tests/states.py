"""Every page of ours in every state that a reader can meet, as the house answers it: see `every_page`."""

import datetime as dt
import time
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from accounts import invitations, resets
from accounts.models import User
from actions.forms.steps import FORMS
from actions.freshness import QUESTIONS
from actions.models import Action
from actions.workflows import ARCHIVE, PROPOSE
from meetings import guests
from partners.consent import withdrawal_path
from partners.models import Partner
from territories.models import Territory
from tests.contents import Contents
from tests.documents import pdf_bytes
from tests.factories import (
    PASSWORD,
    ActionFactory,
    AgendaItemFactory,
    ContactFactory,
    CriterionFactory,
    DeliveryFactory,
    DomainFactory,
    GoalFactory,
    LetterFactory,
    MediaFactory,
    MeetingFactory,
    MemberFactory,
    MembershipFactory,
    PartnerFactory,
    PresenterFactory,
    PrivacyFlagFactory,
    QuoteFactory,
    SessionFactory,
    TaskFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.images import image_bytes

State = tuple[str, HttpResponse]

CATALOGUE = (
    "",
    "?page=2",
    "?vue=tableau",
    "?filtres=tous",
    "?lieu=bourg",
    "?lieu=oyonax",
    "?tout=territoire",
    "?domaine=insertion&ouvert=oui&q=groupe&filtres=tous",  # chips
    "?q=%22une+phrase+que+nul+n+a+dite%22",  # nothing
    "?q=parantalite",  # a corrected question
    "?q=parents+%C3%A0+Oyonnax&ailleurs=non",  # words that are filters
    "?q=FSL",  # the lexicon
    "?q=cuisine+boxe",  # the nearest results
    "?domaine=inconnu&tri=rien&q=groupe",  # stale filters
    f"?q={'a' * 201}",  # an error
)
GROUPS = ("", "?commune=Chalamont", "?commune=01100", "?commune=01283&loin=oui", "?commune=Nulle+part")
LEGAL = ("/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/contact/", "/plan-du-site/")


def every_page(ain: Contents, examples: Contents) -> Iterator[State]:
    """(what it is, the answer) of each state. Wants an empty database, and fills it on its way with these tables."""
    cache.clear()
    anyone = Client()
    for path in ("/", "/actions/", "/groupes/", "/territoires/"):
        yield f"{path} of an empty house", anyone.get(path)
    ain.put_back()
    for who, client in (("a visitor", anyone), ("a manager", _client_of(UserFactory(manager=True)))):
        yield f"the first day, for {who}", client.get("/")
    yield "the first day of the places", anyone.get("/territoires/")
    yield "a sheet from elsewhere", anyone.get(Action.objects.elsewhere().earliest("slug").get_absolute_url())
    yield "no group near", anyone.get("/groupes/?commune=Chalamont")
    yield "no meeting yet", _client_of(UserFactory()).get("/isic/")
    examples.put_back()
    unit = TerritoryFactory(local_unit=True, name="MDS du Lac")
    agent = _client_of(MembershipFactory(territory=unit, user__email="agent@example.org").user)
    manager = _client_of(UserFactory(manager=True))
    for path in _read_by_anyone():
        yield path, anyone.get(path)
    yield from _sheets_of_agents(unit, agent, manager)
    yield from _moves(unit, agent, manager)
    yield from _media(anyone, unit, agent)
    yield from _sessions(unit, agent)
    yield from _history(unit, agent)
    yield from _lineage(anyone, agent)
    yield from _meetings(anyone, agent, manager)
    yield from _told_meetings(agent, manager)
    yield from _accounts(anyone, agent, manager)
    yield from _refusals(anyone, agent)


def filing() -> Iterator[State]:
    """From an idea to a sheet; its steps have browser tests of their own."""
    unit = TerritoryFactory(local_unit=True)
    agent = _client_of(MembershipFactory(territory=unit).user)
    yield "an idea", agent.get("/actions/nouvelle/")
    yield "an idea without a title", agent.post("/actions/nouvelle/")
    draft = ActionFactory(title="En cours d’écriture", carrier_unit=unit)
    pages = f"/actions/{draft.slug}/modifier/"
    yield "where a sheet stands", agent.get(pages)
    yield from ((f"the step {step}", agent.get(f"{pages}{step}/")) for step in FORMS)
    yield "two texts of one value", agent.post(f"{pages}identite/", {"title": "Un autre titre"})


def _client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _read_by_anyone() -> Iterator[str]:
    yield "/"
    yield from (f"/actions/{query}" for query in CATALOGUE)
    yield from (f"/groupes/{query}" for query in GROUPS)
    yield "/territoires/"
    yield from ("/territoires/ain/", "/territoires/chalamont/", "/territoires/premillieu/")
    yield Action.objects.published().exclude(carrier_unit=None).first().carrier_unit.get_absolute_url()
    yield Partner.objects.filter(partnerships__isnull=False).first().get_absolute_url()
    yield PartnerFactory(name="Une association sans action").get_absolute_url()
    yield from ("/actions/sus-au-tabou/", "/actions/collectif-du-14-rue-michelet/")
    yield Action.objects.published().filter(is_example=True).first().get_absolute_url()
    yield ActionFactory(title="Le strict nécessaire", published=True, audiences=[], places=[]).get_absolute_url()
    yield _with_every_part().get_absolute_url()
    yield from LEGAL


def _with_every_part() -> Action:
    action = ActionFactory(
        title="Tout à la fois",
        published=True,
        open_to_newcomers=Action.Openness.YES,
        life_state=Action.LifeState.RUNNING,
        how_to_join="Venez quand vous voulez.",
        context="<h3>D’où vient l’idée</h3><p>Un constat.</p><h4>En détail</h4><ul><li>Un point</li></ul>",
        effects_residents="<p>On se connaît.</p>",
    )
    child = GoalFactory(action=action, text="Se rencontrer", parent=GoalFactory(action=action))
    GoalFactory(action=action, text="Une fois par semaine", parent=child)
    QuoteFactory(action=action, speaker="une participante")
    CriterionFactory(action=action, target="8 sur 10", result="9 sur 10")
    SessionFactory(action=action)
    MediaFactory(action=action)
    return action


def _sheets_of_agents(unit, agent, manager) -> Iterator[State]:
    draft = ActionFactory(title="Un brouillon", carrier_unit=unit)
    proposed = ActionFactory(title="À relire", carrier_unit=unit, editorial_state=Action.EditorialState.PROPOSED)
    reserved = ActionFactory(title="Entre nous", published=True, visibility=Action.Visibility.AGENTS)
    yield "a draft, for its agent", agent.get(draft.get_absolute_url())
    yield "a sheet for agents", agent.get(reserved.get_absolute_url())
    yield "a proposed sheet, for a manager", manager.get(proposed.get_absolute_url())
    yield from _freshness_and_contacts(unit, agent)
    yield "home of a manager with a sheet to read", manager.get("/")


def _moves(unit, agent, manager) -> Iterator[State]:
    ready = ActionFactory(title="Prête", published=True, carrier_unit=unit, editorial_state="proposed")
    bare = ActionFactory(title="À peine dite", carrier_unit=unit, editorial_reason="Dites pour qui.")
    PROPOSE.carry_out(ActionFactory(carrier_unit=unit), by=UserFactory(), reason="Avant l’hiver\u00a0?")
    PrivacyFlagFactory(action=ready)
    for name in ("publier", "renvoyer", "archiver", "rouvrir"):
        yield f"{name}, for a manager", manager.get(f"{ready.get_absolute_url()}{name}/")
    yield "a return without a reason", manager.post(f"{ready.get_absolute_url()}renvoyer/", {"seen": "1"})
    yield "a sheet that changed", manager.post(f"{ready.get_absolute_url()}publier/", {"seen": "9"})
    yield "what publishing lacks", manager.get(f"{bare.get_absolute_url()}publier/")
    yield "a proposal", agent.get(f"{bare.get_absolute_url()}proposer/")
    yield "a sheet sent back", agent.get(bare.get_absolute_url())
    yield "the queue", manager.get("/a-relire/")
    yield "nothing ticked", manager.post("/a-relire/")
    yield "why to archive", manager.post("/a-relire/", {"fiches": f"{ready.pk}:1", "archive": ""})
    for query in ("", "?qui=moi", "?etat=brouillons", "?etat=archivees&qui=moi"):
        yield f"a desk{query}", agent.get(f"/mes-actions/{query}")
    yield "the desk of a manager", manager.get("/mes-actions/")
    yield "a first desk", _client_of(UserFactory()).get("/mes-actions/")
    yield "an empty queue", _emptied_queue(manager)


def _emptied_queue(manager) -> HttpResponse:
    for sheet in Action.objects.proposed():
        ARCHIVE.carry_out(sheet, by=None, reason="Fini.")
    return manager.get("/a-relire/")


def _media(anyone, unit, agent) -> Iterator[State]:
    action = ActionFactory(title="En images", published=True, carrier_unit=unit)
    pages = f"/actions/{action.slug}/medias/"
    photo = ContentFile(image_bytes("JPEG", size=(640, 480)), "table.jpg")
    yield "a sheet without a photo, for its agent", agent.get(pages)
    yield "a photo to add", agent.get(f"{pages}ajouter/")
    yield "a photo without a word", agent.post(f"{pages}ajouter/", {"file": photo})
    shown = MediaFactory(action=action, image=True, title="La table", credit="MDS du Lac")
    MediaFactory(action=action, image=True, title="Le jardin", is_decorative=True, position=1)
    MediaFactory(action=action, image=True, title="L’an dernier", rights_until=dt.date(2001, 1, 1), position=2)
    MediaFactory(
        action=action, kind="document", url="", title="Le bilan", file=ContentFile(pdf_bytes(), "x.pdf"), position=3
    )
    MediaFactory(action=action, position=4)
    yield "photos, documents and films", agent.get(pages)
    yield "the words of a photo", agent.get(f"{pages}{shown.key}/")
    yield (
        "words of two editors",
        agent.post(f"{pages}{shown.key}/", {"title": "Autre", "alt": "Une table", "consent": "agreed"}),
    )
    yield "a photo to take away", agent.get(f"{pages}{shown.key}/supprimer/")
    yield "a sheet with photos", anyone.get(action.get_absolute_url())


def _sessions(unit, agent) -> Iterator[State]:
    action = ActionFactory(title="Datée", published=True, carrier_unit=unit, rhythm_notes="un samedi sur deux")
    pages = f"/actions/{action.slug}/seances/"
    yield "no date yet", agent.get(pages)
    yield "a date to add", agent.get(f"{pages}ajouter/")
    yield "a date without a day", agent.post(f"{pages}ajouter/", {"date": ""})
    session = SessionFactory(action=action, date=timezone.localdate(), starts_at=dt.time(14), place="Au lac")
    SessionFactory(action=action, date=dt.date(2031, 3, 4), moved_from=dt.date(2031, 3, 3), cancelled=True)
    SessionFactory(action=action, date=dt.date(2026, 3, 4))
    yield "dates", agent.get(pages)
    yield "a date to change", agent.get(f"{pages}{session.key}/")
    changed = {"date": session.date, "starts_at": "14:00", "place": "Au foyer"}
    yield "a date of two people", agent.post(f"{pages}{session.key}/", changed)
    yield "a date to cancel", agent.get(f"{pages}{session.key}/annuler/")
    yield "a date to cancel without a reason", agent.post(f"{pages}{session.key}/annuler/", {})
    yield "a sheet with its dates", agent.get(action.get_absolute_url())


def _history(unit, agent) -> Iterator[State]:
    action = ActionFactory(title="D’hier à aujourd’hui", carrier_unit=unit, context="<p>Un constat partagé.</p>")
    pages = f"/actions/{action.slug}/historique/"
    yield "a history of nothing", agent.get(pages)
    for line in range(3):
        with action.edited(by=unit.memberships.get().user):
            action.context = f"<p>Un constat dit {line} fois.</p>"
            action.domain_id = DomainFactory().pk
            GoalFactory(action=action, text=f"Objectif {line}")
    with transaction.atomic():
        action.archive(by=None, reason="Le groupe fait une pause.")
    yield "a history", agent.get(pages)
    yield "one version twice", agent.get(f"{pages}?version=2&avec=2")
    yield "two versions", agent.get(f"{pages}4/?avec=1")
    yield "the first version", agent.get(f"{pages}1/")
    yield "two versions that say the same", agent.get(f"{pages}5/")
    yield "a version to come back to", agent.get(f"{pages}2/restaurer/")
    yield "the present version", agent.get(f"{pages}5/restaurer/")
    yield "a version to come back to, after somebody else", agent.post(f"{pages}2/restaurer/", {"seen": 1})


def _lineage(anyone, agent) -> Iterator[State]:
    source = ActionFactory(title="La grande sœur", published=True)
    heir = ActionFactory(title="La fille", published=True, inspired_by=source)
    ActionFactory(title="La petite-fille", published=True, inspired_by=heir, starts_on=dt.date(2024, 3, 1))
    yield "a sheet with its family", anyone.get(heir.get_absolute_url())
    yield "a sheet to redo", agent.get(f"{source.get_absolute_url()}refaire/")
    yield "a sheet to redo without a title", agent.post(f"{source.get_absolute_url()}refaire/", {"title": ""})
    yield (
        "a sheet to redo, for an agent of no unit",
        _client_of(UserFactory()).get(f"{source.get_absolute_url()}refaire/"),
    )


def _freshness_and_contacts(unit, agent) -> Iterator[State]:
    anyone, long_ago = Client(), dt.date(2025, 3, 3)
    late = ActionFactory(
        title="À vérifier depuis longtemps",
        published=True,
        carrier_unit=unit,
        open_to_newcomers=Action.Openness.YES,
        life_state=Action.LifeState.RUNNING,
        review_due_on=long_ago,
        newcomers_due_on=long_ago,
    )
    yield "a stale sheet", anyone.get(late.get_absolute_url())
    for question in QUESTIONS:
        path = question.path(late)
        yield f"the question {question.name}", anyone.get(path)
        yield f"the question {question.name} without an answer", anyone.post(path)
        yield f"the question {question.name}, answered", anyone.post(path, {"answer": "yes"}, follow=True)
        yield f"the answer {question.name}, not cancelled", anyone.post(path, {"cancelling": "1"})
    yield "a question that is none", anyone.get("/verifier/faux/")
    new = f"/contacts/nouveau/?unite={unit.slug}"
    yield "a new contact", agent.get(new)
    yield "a contact with errors", agent.post(new, {"label": "", "person_name": "Camille Exemple"})
    contact = ContactFactory(named=True, unit=unit)
    yield "a named contact", agent.get(f"/contacts/{contact.pk}/")
    yield "a name to withdraw", anyone.get(withdrawal_path(contact))
    yield "a name to withdraw without a choice", anyone.post(withdrawal_path(contact))
    yield "a withdrawn name", anyone.post(withdrawal_path(contact), {"choice": "retirer"}, follow=True)
    yield "a withdrawn name, not put back", anyone.post(withdrawal_path(contact))
    yield "a withdrawn contact", agent.get(f"/contacts/{contact.pk}/")
    yield "a link to withdraw no name", anyone.get("/contacts/retrait/faux/")


def _meetings(anyone, agent, manager) -> Iterator[State]:
    """The list, a meeting in each state, the forms of the service, what a team and a guest see."""
    yield "a meeting to create", manager.get("/isic/nouvelle/")
    yield "a year of meetings", manager.get("/isic/nouvelle/annee/")
    yield "a meeting that ends before it starts", manager.post("/isic/nouvelle/", {"starts_at": "10:00"})
    home = Territory.objects.home().get()
    past = MeetingFactory(closed=True, territory=home, date=timezone.localdate() - dt.timedelta(days=200))
    sheets = list(Action.objects.published().exclude(carrier_unit=None)[:4])
    AgendaItemFactory(
        meeting=past, action=sheets[0], outcome="advised", brings="Voir le centre social.", is_to_spread=True
    )
    meeting = MeetingFactory(territory=home, notes="Une note.", video_url="https://visio.example.org/isic")
    for place, action in enumerate(sheets):
        item = AgendaItemFactory(
            meeting=meeting, action=action, position=place, minutes=50, question="Comment durer\u00a0?"
        )
        PresenterFactory(item=item, name="Hélène Roux", function="conseillère technique")
    AgendaItemFactory(meeting=meeting, topic=True, position=9)
    AgendaItemFactory(waiting=True, wanted_meeting=meeting, is_late=True)
    TaskFactory(meeting=past, user=User.objects.get(pk=agent.session["_auth_user_id"]))
    yield "what the meetings ask of an agent", agent.get("/mes-actions/")
    guest = MemberFactory(meeting=meeting, name="Hélène Roux", presence="excused", role="guest")
    empty = MeetingFactory(territory=home)
    cancelled = MeetingFactory(territory=home, state="cancelled", reason="Neige annoncée.")
    for name, client in {"agent": agent, "manager": manager}.items():
        yield f"the meetings, for an {name}", client.get("/isic/")
        for one in (meeting, empty, past, cancelled):
            yield f"a meeting {one.get_state_display()}, for an {name}", client.get(one.get_absolute_url())
            yield f"its slides, for an {name}", client.get(f"{one.get_absolute_url()}presentation/")
    path = meeting.get_absolute_url()
    for page in (
        "preparer",
        "participants",
        "modifier",
        "tenir",
        "annuler",
        "clore",
        f"passages/{item.pk}",
        "presentation/animation",
    ):
        yield f"{page} of a meeting", manager.get(f"{path}{page}/")
    yield "an empty agenda to prepare", manager.get(f"{empty.get_absolute_url()}preparer/")
    yield "participants of a closed meeting", manager.get(f"{past.get_absolute_url()}participants/")
    yield "an agenda that changed", manager.post(f"{path}ordre/", {"seen": 0})
    yield "wrong minutes", manager.post(f"{path}ordre/", {"seen": 1, f"minutes-{item.pk}": 0})
    yield "an unknown action to add", manager.post(f"{path}ajouter/", {"ajout-action": "rien de tel"})
    yield "a wrong passage", manager.post(f"{path}passages/{item.pk}/", {"minutes": 0})
    yield (
        "wrong participants",
        manager.post(
            f"{path}participants/", {"members-TOTAL_FORMS": 1, "members-INITIAL_FORMS": 0, "members-0-function": "élue"}
        ),
    )
    pasted = {"members-TOTAL_FORMS": 0, "members-INITIAL_FORMS": 0, "members-paste": "a@example.org; Camille"}
    yield "participants that were pasted", manager.post(f"{path}participants/", pasted)
    yield "presences of a closed meeting", manager.get(f"{past.get_absolute_url()}presences/")
    yield "a cancellation without a reason", manager.post(f"{path}annuler/", {"seen": 1})
    draft = Action.objects.get(title="Un brouillon")
    for action in (sheets[0], draft):
        yield f"the passages of {action}", manager.get(f"/actions/{action.slug}/isic/")
        yield f"{action} to propose", manager.get(f"/actions/{action.slug}/isic/proposer/")
    yield "the passages of a sheet of others", agent.get(f"/actions/{sheets[1].slug}/isic/")
    passage = sheets[0].agenda_items.get(meeting=meeting)
    yield "a passage that stays", manager.post(f"/actions/{sheets[0].slug}/isic/{passage.pk}/retirer/")
    yield "a wrong proposal", agent.post(f"/actions/{draft.slug}/isic/proposer/", {"minutes": 0})
    yield "a guest’s page", anyone.get(guests.url(guest).removeprefix(settings.SITE_URL))
    yield "a guest’s dead link", anyone.get("/isic/invite/a/")


def _told_meetings(agent, manager) -> Iterator[State]:
    """A meeting that is held, then closed: what is typed of it, what follows, its letters, its minutes."""
    home = Territory.objects.home().get()
    meeting = MeetingFactory(territory=home, held=True, date=timezone.localdate())
    MemberFactory(meeting=meeting, name="Hélène Roux", presence="present", email="helene@example.org")
    MemberFactory(meeting=meeting, name="Sans adresse", presence="excused")
    AgendaItemFactory(meeting=meeting, kind="approval", action=None, outcome="supported")
    item = AgendaItemFactory(meeting=meeting, outcome="rework", brings="Un mot.", is_to_spread=True, position=1)
    AgendaItemFactory(meeting=meeting, topic=True, position=2)
    TaskFactory(meeting=meeting, item=item, due_on=timezone.localdate())
    TaskFactory(meeting=meeting, done_on=timezone.localdate())
    TaskFactory(meeting=MeetingFactory(territory=home, held=True), what="Ce qui reste d’avant")
    path = meeting.get_absolute_url()
    passage = f"{path}passages/{item.pk}/avis/"
    yield "a meeting being held", manager.get(path)
    for page in ("avis", "suites", "courriers", "presences"):
        yield f"{page} of a meeting being held", manager.get(f"{path}{page}/")
    yield "what is said of a passage", manager.get(passage)
    yield "a wrong presence", manager.post(f"{path}presences/", {f"presence-{meeting.members.first().pk}": "là"})
    yield "two texts on a passage", manager.post(passage, {f"passage-{item.pk}-brings": "Un autre."})
    yield "a wrong day", manager.post(passage, {f"passage-{item.pk}-comes_back_on": "demain"})
    yield "a wrong follow-up", manager.post(f"{path}suites/", {"what": "", "email": "rien@example.org"})
    yield "a letter too early", manager.post(f"{path}courriers/", {"kind": "minutes"})
    manager.post(f"{path}communiquer/")
    yield "a meeting to close", manager.get(f"{path}clore/")
    yield "a meeting to close without a reason", manager.post(f"{path}clore/", {"seen": meeting.version})
    manager.post(f"{path}clore/", {"seen": meeting.version, "reason": "Un participant n’a pas d’adresse."})
    yield "a closed meeting, for an agent", agent.get(path)
    yield "a closed meeting, for a manager", manager.get(path)
    yield "words too late", manager.post(passage, {f"passage-{item.pk}-brings": "Un autre."})
    for name, client in {"agent": agent, "manager": manager}.items():
        yield f"the minutes, for an {name}", client.get(f"{path}compte-rendu/")
    yield "the minutes to correct", manager.get(f"{path}compte-rendu/corriger/")
    yield "a correction without a reason", manager.post(f"{path}compte-rendu/corriger/", {"seen": 1})
    letter = manager.post(f"{path}courriers/", {"kind": "minutes"})["Location"]
    yield "a letter to read", manager.get(letter)
    yield "a wrong letter", manager.post(letter, {"people-TOTAL_FORMS": 1, "people-INITIAL_FORMS": 0})
    sent = LetterFactory(meeting=meeting, released_at=timezone.now())
    DeliveryFactory(letter=sent, sent_at=timezone.now())
    yield "a letter that left", manager.get(f"{path}courriers/{sent.pk}/")


def _accounts(anyone, agent, manager) -> Iterator[State]:
    login, reset, change = "/compte/login/", "/compte/password/reset/", "/compte/password/change/"
    for path in (login, "/compte/signup/", "/compte/inactive/", reset, f"{reset}done/", f"{reset}key/done/"):
        yield path, anyone.get(path)
    yield "a wrong password", anyone.post(login, {"login": "agent@example.org", "password": "faux"})
    yield "an address that is none", anyone.post(reset, {"email": "faux"})
    yield "a spent link", anyone.get(f"{reset}key/1-faux/")
    chosen = Client()
    page = chosen.get(resets.link(User.objects.get(email="agent@example.org")), follow=True)
    yield "a new password to choose", page
    yield "two different passwords", chosen.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": "x"})
    yield "a password to change", agent.get(change)
    yield "a wrong present password", agent.post(change, {"oldpassword": "faux", "password1": "x", "password2": "x"})
    administrator = _client_of(UserFactory(administrator=True))
    for role, client in {"agent": agent, "manager": manager, "administrator": administrator}.items():
        yield f"the account of an {role}", client.get("/compte/")
    _client_of(User.objects.get(email="agent@example.org")).get("/contact/")
    yield "where one is signed in", agent.get("/compte/sessions/")
    yield from _invitation()
    yield from _second_factor(manager)
    yield "the site map of a manager", manager.get("/plan-du-site/")
    yield "whether to sign out", administrator.get("/compte/logout/")
    yield "signed out", administrator.post("/compte/logout/", follow=True)


def _invitation() -> Iterator[State]:
    path = invitations.link(UserFactory(manager=True, password=None, second_factor=False)).partition("/compte/")[2]
    invited = Client()
    yield "an invitation", invited.get(f"/compte/{path}")
    yield "an invitation with a poor password", invited.post(f"/compte/{path}", {"password1": "x", "password2": "y"})
    yield "a spent invitation", invited.get("/compte/invitation/1-a/")


def _second_factor(manager) -> Iterator[State]:
    activate, codes = "/compte/2fa/activate/", "/compte/2fa/recovery-codes/"
    newcomer, signed = UserFactory(manager=True, second_factor=False), Client()
    yield "a sensitive page, for one without a second factor", _client_of(newcomer).get(activate, follow=True)
    yield "a sensitive page, for one with it", manager.get(activate, follow=True)
    signed.post("/compte/login/", {"login": newcomer.email, "password": PASSWORD})
    page = signed.get(activate)
    yield "a second factor to activate", page
    yield "a wrong first code", signed.post(activate, {"code": "x"})
    yield "the account of a manager without a second factor", signed.get("/compte/")
    yield "a write without a second factor", signed.post("/admin/")
    yield "no codes to make", signed.post(f"{codes}generate/")
    code = format_hotp_value(hotp_value(page.context["form"].secret, int(time.time()) // 30))
    yield "a second factor just activated", signed.post(activate, {"code": code}, follow=True)
    yield "new recovery codes", signed.get(f"{codes}generate/")
    yield "another phone", signed.get(activate)
    Authenticator.objects.filter(user=newcomer, type="recovery_codes").update(data={"migrated_codes": []})
    yield "no recovery code left", signed.get(codes)
    signed.post("/compte/logout/")
    signed.post("/compte/login/", {"login": newcomer.email, "password": PASSWORD})
    yield "a code to give", signed.get("/compte/2fa/authenticate/")
    yield "a wrong code", signed.post("/compte/2fa/authenticate/", {"code": "x"})


def _refusals(anyone, agent) -> Iterator[State]:
    yield "400", anyone.get("/?q=%00")
    yield "403", agent.get("/admin/login/")
    yield "403 of a form", Client(enforce_csrf_checks=True).post("/compte/login/")
    yield "404", anyone.get("/nulle-part/")
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        yield "413", anyone.post("/compte/login/", {"login": "x" * 200})
    yield "414", anyone.get("/actions/?q=" + "a" * 6_000)
    for _ in range(4):
        limited = anyone.post("/compte/password/reset/", {"email": "agent@example.org"})
    yield "429", limited
    yield "500", _failing(RuntimeError)
    yield "503", _failing(OperationalError)


def _failing(failure: type[Exception]) -> HttpResponse:
    def fail(*arguments):
        raise failure

    with connection.execute_wrapper(fail):
        return Client(raise_request_exception=False).get("/")
