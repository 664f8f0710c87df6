"""What the page started from, as an address or a hand may write it. Claiming a version: each record's own tests."""

import pytest
from django.apps import apps

from actions.models import Action
from isic.lib.versions import Versioned, version_seen
from meetings.models import Meeting


@pytest.mark.parametrize(
    ("typed", "seen"), [("7", 7), ("", 0), ("x", 0), ("-1", 0), ("1.0", 0), ("٣", 0), ("9" * 10, 0), ("9" * 5000, 0)]
)
def test_version_seen_is_a_number_or_one_that_no_record_has(typed, seen):
    assert version_seen({"seen": typed}) == seen
    assert version_seen({}) == 0


def test_records_that_two_people_edit_are_versioned():
    assert {model for model in apps.get_models() if issubclass(model, Versioned)} == {Action, Meeting}
