"""What the index answers: the ranking tier by tier, orders, slices, facets, territories, years, and what it hides."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from actions.models import Action
from catalogue.search import current
from catalogue.search.index import Index
from tests.catalogue.asking import ask, find, titles
from tests.factories import (
    ActionFactory,
    AudienceFactory,
    DomainFactory,
    GoalFactory,
    PartnerFactory,
    PartnershipFactory,
    QuoteFactory,
    SynonymFactory,
    TerritoryFactory,
    UserFactory,
)

pytestmark = [pytest.mark.engine, pytest.mark.django_db]
TODAY = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def sheet(title: str, *, days_ago: int = 0, **kwargs) -> Action:
    values = {"summary": "Une action.", "updated_at": TODAY - dt.timedelta(days=days_ago)}
    return ActionFactory(title=title, published=True, **values | kwargs)


# --- The ranking --------------------------------------------------------------------------------------------------
def test_a_word_counts_more_in_the_title_than_in_labels_than_in_the_summary_than_in_the_text():
    poterie = DomainFactory(name="Poterie et terre")
    sheet("Dans le texte", description="<p>On y fait de la poterie.</p>")
    sheet("Dans le résumé", summary="Un après-midi de poterie.", days_ago=1)
    sheet("Dans le domaine", domain=poterie, days_ago=2)
    sheet("Dans le domaine et le texte", domain=poterie, description="<p>La poterie, pas à pas.</p>", days_ago=3)
    sheet("La poterie du lundi", days_ago=4)
    sheet("Ailleurs")

    assert find("poterie") == [
        "La poterie du lundi",
        "Dans le domaine et le texte",
        "Dans le domaine",
        "Dans le résumé",
        "Dans le texte",
    ]


def test_a_title_with_every_word_typed_comes_before_those_with_the_content_words():
    sheet("On parle de tout")
    sheet("Et si on en parlait ?", days_ago=9)

    assert find("et si on en parlait") == ["Et si on en parlait ?", "On parle de tout"]


def test_goals_and_keywords_count_as_the_summary():
    sheet("Dans le texte", context="<p>La mosaïque.</p>")
    GoalFactory(action=sheet("Dans un objectif", days_ago=1), text="Apprendre la mosaïque")
    sheet("Dans les mots-clés", keywords="mosaïque", days_ago=2)

    assert find("mosaïque") == ["Dans un objectif", "Dans les mots-clés", "Dans le texte"]


def test_every_part_that_is_read_is_searched():
    QuoteFactory(action=sheet("Parole"), text="J’ai retrouvé le xylophone.", has_consent=True)
    sheet("Lieu", venue="Salle du xylophone")
    sheet("Suites", outlook="<p>Un xylophone&nbsp;!</p>")

    assert sorted(find("xylophone")) == ["Lieu", "Parole", "Suites"]


@pytest.mark.parametrize(
    ("factory", "field"), [(AudienceFactory, "audiences"), (TerritoryFactory, "places")], ids=["public", "territoire"]
)
def test_labels_of_lists_are_searched(factory, field):
    sheet("Oui", **{field: [factory(name="Saint-Xandre")]})
    sheet("Non")

    assert find("saint xandre") == ["Oui"]


def test_names_of_partners_and_types_are_searched():
    PartnershipFactory(action=sheet("Avec"), partner=PartnerFactory(name="Amicale bouliste"))
    sheet("Atelier", action_type="workshop")

    assert find("bouliste") == ["Avec"]
    assert find("atelier") == ["Atelier"]


def test_all_words_must_match_wherever_each_is():
    sheet("Cuisine", places=[TerritoryFactory(name="Oyonnax")])
    sheet("Cuisine partout")

    assert find("cuisine oyonnax") == ["Cuisine"]


def test_equal_matches_come_newest_first():
    for days in (2, 0, 1):
        sheet(f"Jardin d’il y a {days} jours", days_ago=days)

    assert find("jardin") == [f"Jardin d’il y a {days} jours" for days in (0, 1, 2)]


# --- Words --------------------------------------------------------------------------------------------------------
def test_synonyms_find_each_other_expressions_included():
    SynonymFactory(words="seniors, personnes âgées, aînés")
    for title in ("Les seniors", "Pour personnes âgées", "Nos aînés", "Des personnes"):
        sheet(title)

    for typed in ("seniors", "personnes agees", "aîné"):
        assert sorted(find(typed)) == ["Les seniors", "Nos aînés", "Pour personnes âgées"]


def test_phrases_want_their_words_in_order_in_the_text_or_a_label():
    sheet("Oui", description="<p>Un groupe de parole.</p>")
    sheet("Non", description="<p>La parole du groupe, de vive voix.</p>")
    sheet("Par le domaine", domain=DomainFactory(name="Groupe de parole"), days_ago=1)

    assert sorted(find('"groupe de parole"')) == ["Oui", "Par le domaine"]
    assert find('"parole du groupe"') == ["Non"]
    assert find('"jamais écrit ainsi"') == []


def test_a_phrase_does_not_span_two_parts():
    sheet("Un groupe", summary="De parole, point.")

    assert find('"groupe de"') == []


def test_excluded_words_take_sheets_away_labels_included():
    sheet("Parents au théâtre")
    sheet("Parents", domain=DomainFactory(name="Théâtre"))
    sheet("Parents seulement")

    assert find("parents -theatre") == ["Parents seulement"]
    assert find("-theatre") == ["Parents seulement"]


def test_relaxed_answers_have_any_of_the_words_those_with_most_first():
    sheet("Jardin")
    sheet("Cuisine et tricot", days_ago=5)
    sheet("Couture")
    results = ask("cuisine tricot jardin")
    assert len(results) == 0

    results.relax()

    assert results.is_relaxed
    assert titles(results) == ["Cuisine et tricot", "Jardin"]


def test_relaxing_keeps_the_facets_and_the_exclusions():
    domain = DomainFactory()
    sheet("Jardin", domain=domain)
    sheet("Cuisine")
    sheet("Jardin exclu", domain=domain)

    assert titles(ask("jardin cuisine tricot -exclu", domaine=domain.pk).relax()) == ["Jardin"]


def test_nearest_gives_stems_that_find_something():
    sheet("La cuisine partagée")

    assert ask("cusin").nearest("cusin", 1) == {"cuisin": 1}
    assert ask("cusn").nearest("cusn", 1) == {}
    assert ask("lusin").nearest("lusin", 2) == {}  # another first letter is another word


# --- Orders and slices --------------------------------------------------------------------------------------------
def test_sorts():
    for title, days in (("Été", 0), ("Abeille", 2), ("Œuf", 1), ("Zèbre", 3)):
        sheet(title, days_ago=days)

    assert find(sort="recent") == find() == ["Été", "Œuf", "Abeille", "Zèbre"]
    assert find(sort="titre") == ["Abeille", "Été", "Œuf", "Zèbre"]


def test_recent_ignores_where_the_words_are():
    sheet("Tricot", days_ago=3)
    sheet("Récente", description="<p>tricot</p>")

    assert find("tricot", sort="recent") == ["Récente", "Tricot"]
    assert find("tricot") == ["Tricot", "Récente"]


@pytest.mark.parametrize("typed", ["", "mot", "titre"])
@pytest.mark.parametrize("sort", ["", "recent", "titre"])
def test_any_slice_is_a_slice_of_the_whole(typed, sort):
    for n in range(23):
        sheet(f"Titre {n:02}" if n % 3 else f"Mot {n:02}", days_ago=n % 7, keywords="mot titre")
    results = ask(typed, sort=sort)
    whole = results[:]

    assert len(whole) == len(set(whole)) == len(results) == 23
    for start in range(0, 26, 5):
        for stop in range(start, 27, 3):
            assert results[start:stop] == whole[start:stop]
    assert results[1000:1020] == []


def test_many_new_sheets_at_once_and_one_by_one_give_the_same_orders():
    for n in range(30):
        sheet(f"Titre {n * 7 % 30:02}", days_ago=n * 11 % 30)
    assert len(find()) == 30
    for n in range(5):
        sheet(f"Titre 1{n} bis", days_ago=n * 3)
    followed = {order: ask(sort=order)[:] for order in ("recent", "titre")}

    current.forget()

    assert {order: ask(sort=order)[:] for order in ("recent", "titre")} == followed


# --- Facets -------------------------------------------------------------------------------------------------------
def test_values_of_a_facet_widen_and_facets_narrow():
    one, two = DomainFactory.create_batch(2)
    public = AudienceFactory()
    sheet("Un", domain=one, audiences=[public])
    sheet("Deux", domain=two)
    sheet("Trois")

    assert find(domaine=[one.pk, two.pk], sort="titre") == ["Deux", "Un"]
    assert find(domaine=[one.pk, two.pk], public=public.pk) == ["Un"]


def test_counts_leave_the_parameters_own_choice_aside_and_say_no_zero():
    one, two, empty = DomainFactory.create_batch(3)
    public = AudienceFactory()
    sheet("Un", domain=one, audiences=[public])
    sheet("Deux", domain=one)
    sheet("Trois", domain=two, audiences=[public])
    results = ask(domaine=one.pk, public=public.pk)

    assert results.counts("domaine") == {one.pk: 1, two.pk: 1}
    assert results.counts("public")[public.pk] == 1
    assert ask(domaine=one.pk).counts("public")[public.pk] == 1
    assert empty.pk not in ask().counts("domaine")


def test_each_count_is_what_choosing_the_value_gives():
    for n in range(12):
        life = ["running", "ended", "idea"][n % 3]
        sheet(f"Mot {n}", life_state=life, starts_on=dt.date(2020 + n % 4, 1, 1), without_budget=n % 2 == 0)
    sheet("Mot d’ailleurs", elsewhere=True)
    results = ask("mot")

    for param in ("domaine", "territoire", "public", "etat", "annee", "pratique", "ailleurs"):
        counts = results.counts(param)
        assert counts == {key: len(ask("mot", **{param: key})) for key in counts}, param
        assert counts


def test_what_is_easy_to_set_up():
    sheet("Six séances", session_count=6)
    sheet("Sept séances", session_count=7)
    sheet("Sans budget", without_budget=True)
    sheet("Un animateur", facilitator_count=1)
    sheet("Deux animateurs", facilitator_count=2)

    assert find(pratique="peu-de-seances") == ["Six séances"]
    assert find(pratique="sans-budget") == ["Sans budget"]
    assert find(pratique="un-animateur") == ["Un animateur"]


def test_open_means_welcoming_now():
    sheet("Ouverte", open_to_newcomers="yes", life_state="running")
    sheet("Terminée", open_to_newcomers="yes", life_state="ended")
    sheet("Fermée", open_to_newcomers="no", life_state="running")

    assert find(ouvert="oui") == ["Ouverte"]


def test_elsewhere_is_told_by_the_carrier():
    sheet("Ici")
    sheet("Là-bas", elsewhere=True)
    sheet("Partenaire d’ici", carrier_unit=None, carrier_partner=PartnerFactory())

    assert find(ailleurs="seul") == ["Là-bas"]
    assert find(ailleurs="non", sort="titre") == ["Ici", "Partenaire d’ici"]


# --- Territories --------------------------------------------------------------------------------------------------
def test_a_territory_has_all_that_is_under_it():
    ain = TerritoryFactory(home=True)
    epci = TerritoryFactory(epci=True, parent=ain)
    commune = TerritoryFactory(parent=epci)
    district = TerritoryFactory(district=True, parent=commune)
    sheet("Quartier", places=[district])
    sheet("Commune", places=[commune])
    sheet("Intercommunalité", places=[epci])
    sheet("Hors", places=[TerritoryFactory()])

    assert find(territoire=district.pk) == ["Quartier"]
    assert find(territoire=commune.pk, sort="titre") == ["Commune", "Quartier"]
    assert find(territoire=epci.pk, sort="titre") == ["Commune", "Intercommunalité", "Quartier"]
    assert find(territoire=ain.pk, sort="titre") == ["Commune", "Intercommunalité", "Quartier"]


def test_a_local_unit_has_what_it_carries_supports_or_what_happens_where_it_serves():
    commune, other = TerritoryFactory.create_batch(2)
    unit = TerritoryFactory(local_unit=True)
    with transaction.atomic():
        unit.serves.add(commune)
    district = TerritoryFactory(district=True, parent=commune)
    sheet("Portée", carrier_unit=unit, places=[other])
    sheet("Appuyée", other_units=[unit], places=[other])
    sheet("Placée", places=[commune])
    sheet("Placée dans un quartier", places=[district])
    sheet("Hors", places=[other])

    assert find(territoire=unit.pk, sort="titre") == ["Appuyée", "Placée", "Placée dans un quartier", "Portée"]


def test_a_moved_territory_and_a_served_commune_show_without_reading_a_sheet_again():
    commune, unit = TerritoryFactory(), TerritoryFactory(local_unit=True)
    epci = TerritoryFactory(epci=True)
    sheet("Ici", places=[commune])
    assert find(territoire=epci.pk) == find(territoire=unit.pk) == []

    with transaction.atomic():
        commune.parent = epci
        commune.save()
        unit.serves.add(commune)

    assert find(territoire=epci.pk) == find(territoire=unit.pk) == ["Ici"]


# --- Years --------------------------------------------------------------------------------------------------------
def test_an_action_without_an_end_still_runs_this_year():
    now = timezone.localdate().year
    sheet("Ouverte", starts_on=dt.date(now - 2, 3, 1), life_state="running")
    sheet("Finie", starts_on=dt.date(now - 3, 3, 1), ended_on=dt.date(now - 2, 5, 1), life_state="ended")
    sheet("Prévue", starts_on=dt.date(now + 1, 3, 1), planned_end_on=dt.date(now + 1, 5, 1))
    sheet("Sans date")

    assert find(annee=now) == ["Ouverte"]
    assert find(annee=now + 1) == ["Prévue"]
    assert sorted(find(annee=now - 2)) == ["Finie", "Ouverte"]
    assert find(annee=now - 3) == ["Finie"]
    assert ask().counts("annee") == {now + 1: 1, now: 1, now - 1: 1, now - 2: 2, now - 3: 1}


# --- What is hidden -----------------------------------------------------------------------------------------------
def test_agents_see_what_is_between_agents():
    sheet("Publique")
    sheet("Entre agents", visibility="agents")

    assert find() == ["Publique"]
    assert ask().counts("ailleurs") == {"non": 1}
    assert find(user=UserFactory(), sort="titre") == ["Entre agents", "Publique"]


def test_hidden_sheets_are_in_no_result_and_no_count():
    kept, hidden = sheet("Gardée"), sheet("Cachée")
    catalogue = current.catalogue()
    results = catalogue.index.search(ask().query, audience="public", year=2026, hidden=[hidden.pk, 123_456])

    assert results[:] == [kept.pk]
    assert results.counts("domaine") == {kept.domain_id: 1}


def test_a_changed_sheet_replaces_itself():
    action = sheet("Avant")
    assert find("avant") == ["Avant"]

    with transaction.atomic():
        action.title = "Après"
        action.save()

    assert find("avant") == []
    assert find() == find("apres") == ["Après"]


def test_a_sheet_archived_or_deleted_leaves_and_comes_back():
    archived, deleted = sheet("Archivée"), sheet("Supprimée")
    assert len(find()) == 2

    archived.archive(by=None, reason="finie")
    with transaction.atomic():
        deleted.delete()
    assert find() == []

    archived.reopen(by=None, reason="reprise")
    archived.publish(by=None)
    assert find() == ["Archivée"]


def test_a_search_sees_the_same_catalogue_to_its_end():
    first = sheet("Première")
    before = ask()

    sheet("Seconde")
    with transaction.atomic():
        first.delete()

    assert find() == ["Seconde"]
    assert before[:] == [deleted := current.catalogue().index.action_ids[0]]
    assert deleted not in ask()[:]


def rows(numbers):
    facets = {"domaine": [1], "territoire": [], "porteur": [], "annee": []}
    return [(n, 1, True, n, f"t{n}", " t \n\n\n", facets) for n in numbers]


def test_an_index_is_worn_when_a_fifth_of_it_is_dead():
    index = Index(current.catalogue().labels, rows(range(1001)))
    assert not index.is_worn

    index.add(rows(range(240)))
    assert not index.is_worn

    index.add(rows(range(240, 260)))
    assert index.is_worn
    assert len(index.state.agents) == len(index.docs) == 1001
