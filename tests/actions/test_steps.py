"""Every name of a sheet's document is asked in one step."""

from collections import Counter

from actions.models import Action
from actions.snapshot import READ_ONLY, ROWS, content_fields
from actions.steps import FILING_STEPS, step_called, step_of

#: Chosen by the service in the admin.
UNASKED = {"is_featured"}


def test_each_content_is_asked_in_one_step():
    asked = Counter(name for step in FILING_STEPS for name in step.names)
    content = {f.name for f in (*content_fields(Action), *Action._meta.many_to_many)} | set(ROWS)

    assert asked.keys() == content - READ_ONLY - UNASKED
    assert set(asked.values()) == {1}


def test_step_is_found_by_name_and_by_address():
    assert step_of("goals").slug == "pourquoi"
    assert step_of("media").slug == "medias-et-contact"
    assert step_called("comment").title == "Comment"
    assert step_called("nulle-part") is None
