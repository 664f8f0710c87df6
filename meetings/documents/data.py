"""What each document of a meeting says: dicts of texts, lists and numbers, in French, and no markup."""

import datetime as dt

from actions.models import Action
from catalogue.documents.onepage import Images, Page, bare_page, one_page
from catalogue.sheet.page import contacts_for
from isic.lib.links import web
from isic.lib.months import long_day
from isic.lib.richtree import paragraphs
from isic.lib.words import counted, upper_first
from meetings.agenda import clock, duration
from meetings.minutes import Passage, ReadableMinutes
from meetings.models import AgendaItem, Meeting, Member, Minutes, Task
from meetings.presented import presented
from meetings.slides import NOT_PUBLISHED, WITHDRAWN

#: Lines that wait for a name: somebody always comes who was not expected.
BLANK_LINES = 5
#: Who signs the minutes.
SIGNATURES = {Member.Role.CHAIR: "La présidence", Member.Role.SECRETARY: "Le secrétariat"}
State = Meeting.State
Data = dict[str, object]


def agenda(meeting: Meeting, user) -> Data:
    items = list(meeting.items.visible_to(user).for_agenda())
    is_convocation = meeting.state == State.PREPARING
    chair = meeting.members.filter(role=Member.Role.CHAIR).first()
    by = f", présidée par {chair.name}," if chair else ""
    invitation = f"Vous êtes invités à l’instance ISIC{by} dont voici l’ordre du jour. C’est un lieu de partage et d’encouragement\u00a0: chacun y apporte son regard et son expérience."
    cancelled = f"La réunion est annulée\u00a0: {meeting.reason}"
    words = {State.PREPARING: [invitation], State.CANCELLED: [cancelled]}
    return {
        **_head(meeting, "Convocation" if is_convocation else "Ordre du jour"),
        "words": words.get(meeting.state, []),
        "slots": [
            {
                "hour": slot.hour,
                "subject": slot.item.subject,
                "kind": upper_first(slot.item.get_kind_display()),
                "question": slot.item.shown_question,
                "presenters": [_person(person) for person in slot.item.presenters.all()],
                "length": duration(slot.item.minutes),
            }
            for slot in clock(meeting, items)
        ],
        "total": f"{counted(len(items), 'passage')}, {duration(sum(item.minutes for item in items))} en tout.",
        "members": [f"{_person(member)}, {member.get_role_display()}" for member in meeting.members.in_order()],
    }


def attendance(meeting: Meeting) -> Data:
    away = (Member.Presence.EXCUSED, Member.Presence.ABSENT)
    people = [
        {
            "name": member.name,
            "function": member.function,
            "role": upper_first(member.get_role_display()),
            "presence": upper_first(member.get_presence_display()) if member.presence in away else "",
        }
        for member in meeting.members.in_order()
    ]
    blank = dict.fromkeys(("name", "function", "role", "presence"), "")
    return {**_head(meeting, "Feuille d’émargement"), "members": people + [blank] * BLANK_LINES}


def sheets(meeting: Meeting, user, today: dt.date) -> list[tuple[Page, Images]]:
    """In a number of queries that does not depend on the agenda."""
    items = list(meeting.items.visible_to(user).for_agenda().of_actions())
    read = presented(meeting, items, user)
    contacts = contacts_for([action for action in read.values() if action])
    return [_page(item, read[item.action_id], contacts, today) for item in items]


def _page(item: AgendaItem, action: Action | None, contacts: dict, today: dt.date) -> tuple[Page, Images]:
    kind = item.get_kind_display()
    box = ("La question posée à l’instance", item.shown_question) if item.shown_question else None
    if action:
        return one_page(action, contact=contacts[action.pk], today=today, occasion=kind, box=box)
    words = WITHDRAWN if item.is_withdrawn else NOT_PUBLISHED
    return bare_page(item.subject, label=upper_first(kind), summary=words, box=box), {}


def minutes(read_minutes: ReadableMinutes) -> Data:
    meeting = read_minutes.minutes.meeting
    everybody = list(meeting.members.in_order())
    people = [
        {"label": upper_first(presence), "text": ", ".join(map(_person, members)), "href": ""}
        for presence, members in read_minutes.members
    ]
    following = read_minutes.following
    return {
        **_head(meeting, "Compte rendu"),
        "landmarks": people,  # where and when is in the introduction
        "notice": _notice(read_minutes.minutes),
        "introduction": _introduction(read_minutes, everybody),
        "passages": [_passage_words(passage) for passage in read_minutes.passages],
        "tasks": [_task(task) for task in read_minutes.tasks],
        "following": f"Prochaine réunion\u00a0: {_when(following)}." if following else "",
        "signatures": [
            {"role": role, "name": ", ".join(person.name for person in everybody if person.role == value)}
            for value, role in SIGNATURES.items()
        ],
    }


def _notice(version: Minutes) -> str:
    if version.pk is None:
        return "Projet\u00a0: la réunion n’est pas encore close."
    return f"Version {version.number}, du {long_day(version.at.date())}\u00a0: {version.reason}" * (version.number > 1)


def _introduction(read_minutes: ReadableMinutes, everybody: list[Member]) -> str:
    meeting = read_minutes.minutes.meeting
    chair = next((person for person in everybody if person.role == Member.Role.CHAIR), None)
    present = sum(person.presence == Member.Presence.PRESENT for person in everybody)
    counts = [
        *([counted(present, "personne présente", "personnes présentes")] if present else []),
        counted(len(read_minutes.passages), "passage à l’ordre du jour", "passages à l’ordre du jour"),
    ]
    by = f", présidée par {_person(chair)}" if chair else ""
    place = f", {meeting.place}" if meeting.place else ""
    return f"L’instance ISIC ({meeting.territory}) s’est réunie le {_when(meeting)}{place}{by}\u00a0: {' et '.join(counts)}."


def _when(meeting: Meeting) -> str:
    return f"{long_day(meeting.date)}, {meeting.hours}"


def _task(task: Task) -> Data:
    done = f"Fait le {long_day(task.done_on)}" if task.done_on else ""
    return {
        "what": task.what,
        "action": task.item.subject if task.item else "",
        "who": task.who,
        "when": done or (upper_first(long_day(task.due_on)) if task.due_on else ""),
    }


def _passage_words(passage: Passage) -> Data:
    outcome = [passage.outcome, "à diffuser" if passage.is_to_spread else ""]
    people = ", ".join(map(_person, passage.presenters))
    return {
        "kind": upper_first(passage.kind),
        "subject": passage.subject,
        "presenters": f"Présenté par {people}" if people else "",
        "question": passage.question,
        "outcome": ", ".join(filter(None, outcome)),
        "brings": paragraphs(passage.brings),
        "is_unreleased": passage.is_unreleased,
    }


def title(meeting: Meeting, kicker: str) -> str:
    return f"{kicker} – {meeting}"


def _head(meeting: Meeting, kicker: str) -> Data:
    """What every document of a meeting says above its own."""
    landmarks = (
        ("Quand", _when(meeting), ""),
        ("Où", meeting.place, ""),
        ("Visioconférence", meeting.video_url, web(meeting.video_url)),
        ("Territoire", str(meeting.territory), ""),
    )
    return {
        "kicker": kicker,
        "title": title(meeting, kicker),
        "heading": str(meeting),
        "running": title(meeting, kicker),
        "landmarks": [{"label": label, "text": text, "href": href} for label, text, href in landmarks if text],
    }


def _person(person) -> str:
    return f"{person.name} ({person.function})" if person.function else person.name
