"""The hour of each département."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from isic.lib.zones import zone_of


@pytest.mark.parametrize(
    ("code", "hours"),
    [
        ("01", 1),
        ("2A", 1),
        ("971", -4),
        ("972", -4),
        ("973", -3),
        ("974", 4),
        ("975", -3),
        ("976", 3),
        ("977", -4),
        ("978", -4),
        ("986", 12),
        ("987", -10),
        ("988", 11),
    ],
)
def test_zone_is_so_many_hours_from_greenwich_in_winter(code, hours):
    winter = dt.datetime(2026, 12, 3, 12, tzinfo=ZoneInfo(zone_of(code)))

    assert winter.utcoffset() == dt.timedelta(hours=hours)
