"""What changed yesterday in the published sheets, for the service, which reads nothing of it before."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions.differences import changed
from actions.fieldmap import label
from actions.models import Action, Version
from isic.lib.mail import absolute, send_later
from isic.lib.words import counted, listed, lower_first

SHOWN = 6
MANAGERS = (User.Role.MANAGER, User.Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Line:
    """A sheet that somebody else than the service changed."""

    title: str
    carrier: str
    what: str  # « contexte, objectifs et budget »
    url: str


def lines(day: dt.date) -> list[Line]:
    """The sheets published then and now, by title; one that came back to what it was is left out."""
    start, end = (timezone.make_aware(dt.datetime.combine(d, dt.time())) for d in (day, day + dt.timedelta(days=1)))
    theirs = Version.objects.filter(
        ~Q(by__role__in=MANAGERS),  # nobody's too: those of a signed link
        kind__in=[Version.Kind.EDITED, Version.Kind.RESTORED, Version.Kind.VERIFIED],
        at__gte=start,
        at__lt=end,
        action__editorial_state=Action.EditorialState.PUBLISHED,
        action__published_at__lte=F("at"),
    )
    numbers: dict[int, list[int]] = {}
    for pk, number in theirs.order_by("number").values_list("action", "number"):
        numbers.setdefault(pk, []).append(number)
    sheets = Action.objects.filter(pk__in=numbers).select_related("carrier_unit", "carrier_partner")
    changed = (_line(sheet, numbers[sheet.pk]) for sheet in sheets.order_by("sort_key", "pk"))
    return [line for line in changed if line.what]


def _line(sheet: Action, numbers: list[int]) -> Line:
    """Two queries a sheet: there are few in a day, and versions are heavy."""
    before = sheet.versions.filter(number__lt=numbers[0]).values_list("content", flat=True).first()
    after = sheet.versions.values_list("content", flat=True).get(number=numbers[-1])
    names = [lower_first(label(name)) for name in changed(before or after, after)]
    url = absolute(reverse("actions:history", args=[sheet.slug]))
    return Line(sheet.title, str(sheet.carrier), listed(names, limit=SHOWN), url)


def send(today: dt.date) -> None:
    """Each morning; nothing when nothing changed."""
    day = today - dt.timedelta(days=1)
    changes = lines(day)
    if changes:
        managers = User.objects.filter(is_active=True, role__in=MANAGERS).order_by("pk")
        context = {
            "day": f"{day:%d/%m/%Y}",
            "total": counted(len(changes), "fiche publiée a changé", "fiches publiées ont changé"),
            "lines": [asdict(line) for line in changes],
        }
        send_later("digest", managers.values_list("email", flat=True), context)
