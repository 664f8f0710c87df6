"""What is dated is dated at the hour of the département, not of Paris."""

import datetime as dt

from django.template import engines
from django.utils import timezone

from isic.lib.zones import zone_of

#: Still the third of March in Paris, already the fourth in La Réunion.
LATE = dt.datetime(2026, 3, 3, 21, 30, tzinfo=dt.UTC)


def test_pages_and_days_follow_the_hour(settings):
    settings.TIME_ZONE = zone_of("974")

    page = engines["django"].from_string('{{ at|date:"j F Y à H:i" }}').render({"at": LATE})

    assert page == "4 mars 2026 à 01:30"
    assert timezone.localdate(LATE) == dt.date(2026, 3, 4)
    assert timezone.make_aware(dt.datetime.combine(dt.date(2026, 3, 4), dt.time())) == dt.datetime(
        2026, 3, 3, 20, tzinfo=dt.UTC
    )
