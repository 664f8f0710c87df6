"""Cards: what they say, the words found in their context, and nothing that a writer slips in."""

import datetime as dt
import re

import pytest
from django.db import transaction
from django.utils import timezone

from catalogue.cards import cards
from catalogue.search import current
from tests.catalogue.asking import ask
from tests.factories import (
    ActionFactory,
    AudienceFactory,
    DomainFactory,
    MediaFactory,
    QuoteFactory,
    SessionFactory,
    TerritoryFactory,
)

pytestmark = pytest.mark.django_db


def card(typed: str = "") -> str:
    """The card of the only sheet, as found by these words."""
    results = ask(typed)
    (html,) = cards(results[:], current.catalogue().labels, timezone.localdate(), marked=results.marked)
    return html


def marks(html: str) -> list[str]:
    return re.findall("<mark>(.*?)</mark>", html)


def excerpt(html: str) -> str:
    return "".join(re.findall('<p class="card__excerpt">(.*?)</p>', html))


# --- What they say ------------------------------------------------------------------------------------------------
def test_a_card_says_what_one_chooses_by():
    ActionFactory(
        published=True,
        title="Tricot-thé",
        summary="Des aiguilles et une théière.",
        domain=DomainFactory(name="Lien social"),
        audiences=[AudienceFactory(name="Seniors"), AudienceFactory(name="Familles")],
        places=[TerritoryFactory(name="Vonnas")],
        life_state="running",
        open_to_newcomers="yes",
        rhythm_notes="un jeudi sur deux",
    )
    html = card()

    for words in (
        'href="/actions/tricot-the/">Tricot-thé</a>',
        "Des aiguilles et une théière.",
        "Lien social",
        "Vonnas",
        "Un jeudi sur deux",
        "Ouvert aux nouveaux",
        "En cours",
    ):
        assert words in html
    assert re.search("familles et seniors|seniors et familles", html, re.IGNORECASE)
    assert "Ailleurs en France" not in html
    assert "Fiche d’exemple" not in html


def test_a_card_tells_an_example_and_a_sheet_from_elsewhere():
    ActionFactory(published=True, elsewhere=True, is_example=True)

    assert "Ailleurs en France" in card()
    assert "Fiche d’exemple" in card()


def test_a_photo_is_shown_while_its_rights_hold():
    action = ActionFactory(published=True)
    today = timezone.localdate()
    photo = MediaFactory(action=action, image=True, rights_until=today)
    assert f'src="{photo.file.url}"' in card()

    with transaction.atomic():
        photo.rights_until = today - dt.timedelta(days=1)
        photo.save()

    assert "<img" not in card()
    assert "<svg" in card()


def test_a_card_changes_with_its_labels():
    domain = DomainFactory(name="Loisirs")
    ActionFactory(published=True, domain=domain)
    assert "Loisirs" in card()

    with transaction.atomic():
        domain.name = "Culture"
        domain.save()

    assert "Loisirs" not in card()
    assert "Culture" in card()


def test_cards_keep_the_order_and_leave_out_what_is_gone():
    one, two, three = ActionFactory.create_batch(3, published=True)
    labels = current.catalogue().labels

    rendered = cards([three.pk, 999_999, one.pk, two.pk], labels, timezone.localdate())

    assert [re.search('data-action="([^"]*)"', html)[1] for html in rendered] == [three.slug, one.slug, two.slug]


@pytest.mark.parametrize("count", [1, 3])
def test_cards_cost_two_queries_then_one(django_assert_num_queries, count):
    for action in ActionFactory.create_batch(count, published=True):
        SessionFactory(action=action)
    labels, ids = current.catalogue().labels, ask()[:]

    for queries in (2, 1):
        with django_assert_num_queries(queries):
            assert len(cards(ids, labels, timezone.localdate())) == count


# --- The words found ----------------------------------------------------------------------------------------------
def test_nothing_is_marked_when_nothing_is_asked():
    ActionFactory(published=True, description="<p>Du tricot.</p>")

    assert marks(card()) == []
    assert excerpt(card()) == ""


def test_words_are_marked_as_they_are_written():
    ActionFactory(published=True, title="Les Théâtres", summary="Au théâtre, à l’œuvre : THEATRE !")

    assert marks(card("theatre oeuvre")) == ["Théâtres", "théâtre", "œuvre", "THEATRE"]


def test_the_words_of_a_phrase_are_marked():
    ActionFactory(published=True, title="Un groupe de parole", summary="Pour dire.")

    assert marks(card('"groupe de parole"')) == ["groupe", "de", "parole"]


@pytest.mark.parametrize(
    "before",
    [
        "",
        "L’été, à l’orée d’un œil-de-bœuf — 12-15 ans (n° 3)… ",
        "Cœur d’œuvre, aujourd’hui ; « l’ﬁn » e\u0301te\u0301 ½ x² ",
        "mot " * 200,
    ],
)
def test_the_excerpt_holds_the_word_whatever_comes_before(before):
    ActionFactory(
        published=True, keywords="un, deux", description=f"<p>{before}une mosaïque</p><p>de carreaux cassés.</p>"
    )
    shown = excerpt(card("mosaique"))

    assert marks(shown) == ["mosaïque"]
    assert shown.endswith("une <mark>mosaïque</mark>")  # one line: the next paragraph is another idea
    assert len(re.sub("<[^>]*>", "", shown)) < 400


def test_the_excerpt_of_goals_and_of_quotes():
    action = ActionFactory(published=True, description="<p>Rien de cela.</p>", keywords="vannerie")
    QuoteFactory(action=action, text="J’ai tressé un panier.", has_consent=True)

    assert marks(excerpt(card("vannerie"))) == ["vannerie"]
    assert marks(excerpt(card("panier"))) == ["panier"]


def test_a_long_text_is_cut_at_words_and_says_so():
    ActionFactory(published=True, description=f"<p>{'avant ' * 60}poterie {'après ' * 60}</p>")

    shown = excerpt(card("poterie"))

    assert shown.startswith("… avant avant")
    assert shown.endswith("après …")


# --- What a writer slips in ---------------------------------------------------------------------------------------
EVIL = "<img src=x onerror=alert(1)> </mark> \" ' & tricot"


@pytest.mark.parametrize("typed", ["", "tricot", "img", "alert 1", "mark"])
@pytest.mark.parametrize("template", ["catalogue/_card.html", "catalogue/_row.html"])
def test_nothing_that_is_written_becomes_markup(typed, template):
    ActionFactory(
        published=True,
        title=EVIL,
        summary=EVIL,
        keywords=EVIL,
        venue=EVIL,
        rhythm_notes=EVIL,
        domain=DomainFactory(name=EVIL),
        audiences=[AudienceFactory(name=EVIL)],
        places=[TerritoryFactory(name=EVIL)],
    )
    results = ask(typed)
    (html,) = cards(
        results[:], current.catalogue().labels, timezone.localdate(), marked=results.marked, template=template
    )

    assert "<img" not in html
    assert html.count("<mark>") == html.count("</mark>")
    assert "&lt;" in html


def test_holes_typed_by_a_writer_are_not_filled_twice():
    ActionFactory(published=True, title="\ue001\ue002 tricot", summary="Le résumé.")

    assert card("tricot").count("Le résumé.") == 1
