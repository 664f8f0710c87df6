import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from actions.models import Goal, Media
from isic.lib.office_files import UNKNOWN
from tests.documents import pdf_bytes
from tests.factories import (
    ActionFactory,
    BudgetLineFactory,
    GoalFactory,
    MediaFactory,
    PartnershipFactory,
    QuoteFactory,
    TeamMemberFactory,
)
from tests.images import image_bytes
from tests.rules import assert_refused

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

TODAY = dt.date(2026, 3, 4)
NO_CONTENT = "Joignez un fichier, ou indiquez l’adresse du film ou de la page."


def test_partnership_refuses_one_role_twice():
    first = PartnershipFactory(role="funder")
    PartnershipFactory(action=first.action, partner=first.partner, role="host")

    assert_refused(
        PartnershipFactory.build(action=first.action, partner=first.partner, role="funder"),
        "Ce partenaire a déjà ce rôle dans l’action.",
    )


@pytest.mark.parametrize("column", ["planned", "actual"])
def test_budget_line_refuses_a_negative_amount(column):
    line = BudgetLineFactory(planned=0, actual=None)
    setattr(line, column, -1)

    assert_refused(line, "Un montant ne peut pas être négatif.")


def test_quote_refuses_to_be_kept_without_agreement():
    quote = QuoteFactory.build(action=ActionFactory(), has_consent=False)

    assert_refused(quote, "Une parole ne se publie qu’avec l’accord de la personne.")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "link", "url": ""}, NO_CONTENT),
        ({"kind": "document", "url": "https://example.org/guide"}, NO_CONTENT),
        ({"image": True, "file": ""}, NO_CONTENT),
        ({"image": True, "alt": ""}, "Décrivez ce que l’image montre, ou dites qu’elle est décorative."),
        (
            {"image": True, "consent": ""},
            "Dites si quelqu’un est reconnaissable\u00a0: sans l’accord écrit de chacun, la photo ne se publie pas.",
        ),
    ],
)
def test_media_refuses(fields, sentence):
    assert_refused(MediaFactory.build(action=ActionFactory(), **fields), sentence)


@pytest.mark.parametrize(
    ("kind", "file", "sentence"),
    [
        (
            "image",
            ContentFile(pdf_bytes(), "a.jpg"),
            "Ce fichier n’est pas une photo\u00a0: choisissez le type «\u00a0document\u00a0».",
        ),
        (
            "document",
            ContentFile(image_bytes("PNG"), "a.pdf"),
            "Ce fichier est une photo\u00a0: choisissez le type «\u00a0photo\u00a0».",
        ),
        ("document", ContentFile(b"<script>", "a.jpg"), UNKNOWN),
        ("image", ContentFile(b"<svg/>", "a.svg"), UNKNOWN),
    ],
)
def test_media_refuses_a_file_that_is_not_of_its_kind(kind, file, sentence):
    media = MediaFactory.build(action=ActionFactory(), image=True, kind=kind, file=file)

    with pytest.raises(ValidationError) as refusal:
        media.full_clean()

    assert refusal.value.message_dict == {"file": [sentence]}


def test_media_accepts_a_decorative_image_without_words():
    media = MediaFactory(image=True, alt="", is_decorative=True)

    media.full_clean()

    assert Media.objects.get().alt == ""


def test_showable_twins_agree():
    cases = {
        MediaFactory(): True,
        MediaFactory(rights_until=TODAY - dt.timedelta(days=1)): True,
        MediaFactory(image=True): True,
        MediaFactory(image=True, rights_until=TODAY): True,
        MediaFactory(image=True, rights_until=TODAY - dt.timedelta(days=1)): False,
    }

    assert {media: media.is_showable(TODAY) for media in cases} == cases
    assert set(Media.objects.showable(TODAY)) == {media for media, expected in cases.items() if expected}


def test_parts_keep_the_order_of_their_team_and_go_with_the_sheet():
    action = ActionFactory()
    for position, text in ((2, "deux"), (1, "un"), (2, "trois")):
        GoalFactory(action=action, position=position, text=text)

    assert [goal.text for goal in action.goals.all()] == ["un", "deux", "trois"]
    action.delete()

    assert list(Goal.objects.all()) == []


def test_team_member_stays_when_the_account_goes(agent):
    member = TeamMemberFactory(user=agent)

    agent.delete()

    member.refresh_from_db()
    assert (member.user, str(member)) == (None, "assistante sociale (co-animateur)")
