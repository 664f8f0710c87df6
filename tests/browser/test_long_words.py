"""A title without a space, as long as a title may be: no page grows wider than the screen because of it."""

import datetime as dt

import pytest
from django.conf import settings

from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    GoalFactory,
    MediaFactory,
    MeetingFactory,
    SessionFactory,
)

ENDLESS = "Wagon" * 30


@pytest.fixture
def pages(db, unit) -> list[str]:
    """Wherever the title stands, on the site and in its administration."""
    source = ActionFactory(title=ENDLESS, published=True, carrier_unit=unit, open_to_newcomers="yes")
    sheet = ActionFactory(
        title=ENDLESS[::-1], published=True, carrier_unit=unit, inspired_by=source, domain=source.domain
    )
    GoalFactory(action=sheet, text=ENDLESS)
    MediaFactory(action=sheet, image=True, title=ENDLESS[:100])
    SessionFactory(action=sheet, date=dt.date(2030, 1, 1))
    meeting = MeetingFactory()
    AgendaItemFactory(meeting=meeting, action=sheet)
    own = sheet.get_absolute_url()
    admin = f"/admin/actions/action/{sheet.pk}"
    return [
        *("/", "/actions/", "/actions/?vue=tableau", f"/actions/?q={ENDLESS}", "/groupes/", "/mes-actions/"),
        *(own, f"{own}modifier/", f"{own}modifier/identite/", f"{own}historique/", f"{own}seances/", f"{own}isic/"),
        *(f"/isic/{meeting.pk}/", f"/isic/{meeting.pk}/presentation/"),
        *("/admin/actions/action/", f"{admin}/change/", f"{admin}/history/"),
    ]


@pytest.mark.parametrize("width", [320, 1280])
def test_endless_title_breaks_no_page(page, live_server, admin_client, pages, width, subtests):
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 720})
    for path in pages:
        with subtests.test(path):
            assert page.goto(path).status == 200
            assert page.evaluate("document.documentElement.scrollWidth") == width
