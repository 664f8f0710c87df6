"""The meetings of the cast: one in each state, what is part of it, and the links that lead there without an account."""

import datetime as dt

from django.utils import timezone

from actions.models import Action
from isic.lib.merge import base_of
from meetings import calendars, guests
from meetings.minutes import close, correct, correctable
from tests import factories

#: In the notes of the service, its letters and what follows, and in what the instance said that is not released.
SECRET = "zyxofan"


def meetings(house) -> dict:
    """`house`: with its unit, its members and their sheets."""
    manager, today = house.members["manager"], timezone.localdate()
    sheet = factories.ActionFactory(published=True)
    home = factories.TerritoryFactory(home=True)

    def meeting(*, shift: int = 0, item=None, **values) -> dict:
        """Of the département, `shift` days from now, with one part of each kind; another action may be added."""
        created = factories.MeetingFactory(
            **{"territory": home, "date": today + dt.timedelta(days=shift), "notes": SECRET} | values
        )
        item = factories.AgendaItemFactory(meeting=created, notes=SECRET, **(item or {}))
        letter = factories.LetterFactory(meeting=created, body=SECRET)
        task = factories.TaskFactory(meeting=created, user=house.members["agent"])
        return {
            "pk": created.pk,
            "item": item.pk,
            "letter": letter.pk,
            "task": task.pk,
            "slug": sheet.slug,
            "is": created,
        }

    answer = {"outcome": "advised", "brings": SECRET}
    things = {
        "preparing": meeting(shift=10, deadline_on=today),
        "local": meeting(shift=10, territory=factories.TerritoryFactory(local_unit=True)),
        "late": meeting(shift=1, deadline_on=today - dt.timedelta(days=1)),
        "held": meeting(),
        "hidden": meeting(item=answer),
        "released": meeting(item={"outcome": "advised", "released_at": timezone.now()}),
        "spreading": meeting(item={"action": factories.ActionFactory(), "is_to_spread": True}),
        "closed": meeting(item=answer, shift=-1),
        "corrected": meeting(shift=-2),
        "former": meeting(shift=-31),
        "cancelled": meeting(shift=20, item={"topic": True}),
    }
    for name in ("held", "hidden", "released", "spreading", "closed", "corrected", "former"):
        things[name]["is"].hold(by=manager)
    for name in ("closed", "corrected", "former"):
        close(things[name]["is"], by=manager)
    things["cancelled"]["is"].cancel(by=manager, reason="Neige annoncée.")
    words = {f"passage-{things['corrected']['item']}-brings": "Voir le centre social."}
    start = base_of(correctable(things["corrected"]["is"]))
    correct(things["corrected"]["is"], words, by=manager, reason="Un oubli.", base=start)
    things["corrected"]["?"] = "version=1"
    return things | _parts(things) | _proposals(house, things) | _links(house, things)


def _parts(things: dict) -> dict:
    """Of a meeting, besides one of each kind."""
    preparing, held = things["preparing"], things["held"]
    unnamed = factories.TaskFactory(meeting=held["is"], what=SECRET)
    sent = factories.LetterFactory(meeting=preparing["is"], released_at=timezone.now())
    return {
        "foreign": preparing | {name: held[name] for name in ("item", "letter", "task")},
        "unnamed": held | {"task": unnamed.pk},
        "sent": preparing | {"letter": sent.pk},
        "waiting": preparing | {"item": factories.AgendaItemFactory(waiting=True).pk},
        "unfinished": preparing | {"slug": factories.ActionFactory().slug},
        "withdrawn": preparing | {"slug": factories.ActionFactory(editorial_state=Action.EditorialState.ARCHIVED).slug},
    }


def _proposals(house, things: dict) -> dict:
    """Passages of sheets like those of the house, and what their teams may still take back."""

    def passage(**values) -> dict:
        sheet = factories.ActionFactory(published=True, carrier_unit=house.unit)
        factories.TeamMemberFactory(action=sheet, user=house.members["teammate"])
        item = factories.AgendaItemFactory(action=sheet, notes=SECRET, **values)
        return {"slug": sheet.slug, "item": item.pk}

    asked = passage(waiting=True)
    return {
        "asked": asked,
        "gone": asked | {"item": 0},
        "placed": passage(meeting=things["preparing"]["is"]),
        "overdue": passage(meeting=things["late"]["is"]),
        "presented": passage(meeting=things["held"]["is"], outcome="advised", brings=SECRET),
    }


def _links(house, things: dict) -> dict:
    """To read without signing in."""

    def link(name: str) -> dict:
        return {"token": guests.url(factories.MemberFactory(meeting=things[name]["is"])).rstrip("/").rpartition("/")[2]}

    def feed(name: str) -> dict:
        return {"token": calendars.feed_url(house.members[name]).rpartition("/")[2].removesuffix(".ics")}

    removed, renewed = link("preparing"), feed("teammate")
    things["preparing"]["is"].members.last().delete()
    calendars.renew(house.members["teammate"])
    return {
        "invitation": link("preparing"),
        "reading": link("closed"),
        "expired": link("former"),
        "removed": removed,
        "feed": feed("agent"),
        "renewed": renewed,
        "quitted": feed("closed"),
    }
