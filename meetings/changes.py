"""What changed of a meeting since a letter told it: the agenda after its convocation, the minutes and answers once corrected."""

from collections.abc import Iterable, Iterator

from isic.lib.months import long_day
from meetings.models import AgendaItem, Letter, Meeting
from meetings.outcomes import outcome_values

Kind = Letter.Kind
#: Letters that tell the agenda.
OF_AGENDA = (Kind.CONVOCATION, Kind.UPDATE)
Content = dict[str, object]


def content_of(letter: Letter) -> Content:
    """What a letter that leaves now tells, in values of JSON."""
    meeting = letter.meeting
    if letter.kind in OF_AGENDA:
        return agenda_content(meeting, meeting.items.select_related("action"))
    if letter.kind == Kind.MINUTES:
        version = meeting.minutes.first()
        return {"number": version.number if version else 0}
    return outcome_values(letter.item) if letter.kind == Kind.EXTRACT else {}


def agenda_content(meeting: Meeting, items: Iterable[AgendaItem]) -> Content:
    return {
        "day": f"{long_day(meeting.date)}, {meeting.hours}",
        "place": meeting.place,
        "video_url": meeting.video_url,
        "items": [[item.pk, item.subject] for item in items],
    }


def last_sent(letters: Iterable[Letter], kinds: Iterable[str]) -> Letter | None:
    sent = [letter for letter in letters if letter.kind in kinds and letter.released_at]
    return max(sent, key=lambda letter: (letter.released_at, letter.pk), default=None)


def agenda_changes(meeting: Meeting, items: list[AgendaItem], letters: Iterable[Letter]) -> list[str]:
    """A sentence each, since the last letter that told the agenda; none where none left."""
    letter = last_sent(letters, OF_AGENDA)
    if letter is None or letter.content is None:
        return []
    return list(_sentences(letter.content, agenda_content(meeting, items)))


def _sentences(before: Content, now: Content) -> Iterator[str]:
    if before["day"] != now["day"]:
        yield f"La réunion est maintenant le {now['day']}."
    if before["place"] != now["place"]:
        yield f"Le lieu est maintenant\u00a0: {now['place']}." if now["place"] else "Le lieu n’est plus indiqué."
    if before["video_url"] != now["video_url"]:
        yield "Le lien de visioconférence a changé."
    old, new = dict(map(tuple, before["items"])), dict(map(tuple, now["items"]))
    yield from (f"«\u00a0{subject}\u00a0» s’ajoute à l’ordre du jour." for pk, subject in new.items() if pk not in old)
    yield from (f"«\u00a0{subject}\u00a0» n’y est plus." for pk, subject in old.items() if pk not in new)
    if [pk for pk in old if pk in new] != [pk for pk in new if pk in old]:
        yield "L’ordre des passages a changé."


def is_corrected(number: int, letters: Iterable[Letter]) -> bool:
    """The minutes of this version are not those that were sent."""
    letter = last_sent(letters, [Kind.MINUTES])
    return bool(letter and letter.content) and letter.content["number"] < number


def without_extract(items: Iterable[AgendaItem], letters: Iterable[Letter]) -> list[AgendaItem]:
    """Passages of an action, released, whose team has no extract yet, or one that was corrected since."""
    of_item: dict[int, list[Letter]] = {}
    for letter in letters:
        of_item.setdefault(letter.item_id, []).append(letter)
    released = (item for item in items if item.action_id and item.released_at)
    return [item for item in released if not any(_tells(letter, item) for letter in of_item.get(item.pk, ()))]


def _tells(letter: Letter, item: AgendaItem) -> bool:
    """It waits to be read, or told what is written now."""
    return letter.released_at is None or letter.content in (None, outcome_values(item))
