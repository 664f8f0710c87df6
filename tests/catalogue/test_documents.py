"""Pages of sheets on paper, which need no meeting; what a meeting puts on them: tests/meetings/test_documents.py."""

import datetime as dt

import pytest

from actions.models import Action
from catalogue.documents import sheets_pdf
from catalogue.documents.onepage import bare_page, one_page
from catalogue.sheet.page import contacts_for
from tests.factories import ActionFactory
from tests.papers import assert_accessible, pages_of, squeezed

pytestmark = pytest.mark.django_db

FRAME = {"title": "Un recueil", "foot": "Recueil de novembre", "if_none": "Aucune action."}


def test_each_sheet_has_a_page_with_what_was_added_to_it():
    ActionFactory(published=True, title="La cuisine partagée")
    action = Action.objects.for_sheet().get()
    contact = contacts_for([action])[action.pk]
    whole = one_page(
        action, contact=contact, today=dt.date(2026, 11, 23), occasion="à refaire", box=("À noter", "Un four.")
    )
    bare = bare_page("Une autre", label="Ailleurs", summary="Elle n’est pas publiée."), {}

    pdf = sheets_pdf([whole, bare], **FRAME)

    assert_accessible(pdf)
    first, second = pages_of(pdf)
    for page, words in ((first, ["La cuisine partagée", "à refaire", "À noter", "Un four."]), (second, ["Une autre"])):
        assert [text for text in (*words, "Recueil de novembre") if squeezed(text) not in squeezed(page)] == []
    assert squeezed("instance") not in squeezed(first)


def test_no_sheet_is_a_page_that_says_so():
    (page,) = pages_of(sheets_pdf([], **FRAME))

    assert squeezed("Aucune action.") in squeezed(page)
