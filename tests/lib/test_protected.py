"""Whatever leans on a row is told in a sentence, and nothing of it is deleted."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Criterion, Goal
from isic.lib import protected
from partners.models import Partner
from territories.models import Territory
from tests.factories import (
    ActionFactory,
    CriterionFactory,
    GoalFactory,
    PartnerFactory,
    PartnershipFactory,
    TeamMemberFactory,
    TerritoryFactory,
)
from tests.leaning.models import Assessment

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def refusal(row) -> list[str]:
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        protected.delete(row)
    return refused.value.messages


def test_row_on_which_nothing_leans_goes():
    with transaction.atomic():
        protected.delete(GoalFactory())

    assert Goal.objects.count() == 0


@pytest.mark.parametrize(
    ("titles", "sentence"),
    [
        (["mars"], "1 bilan s’appuie sur « Se rencontrer » (objectif), qui reste donc : « mars »."),
        (
            ["mars", "juin"],
            "2 bilans s’appuient sur « Se rencontrer » (objectif), qui reste donc : « mars » et « juin ».",
        ),
        (
            [f"n° {number}" for number in range(12)],
            "12 bilans s’appuient sur « Se rencontrer » (objectif), qui reste donc : « n° 0 », « n° 1 », « n° 2 » et 9 autres.",
        ),
    ],
)
def test_refusal_says_how_many_and_which(titles, sentence):
    goal = GoalFactory(text="Se rencontrer")
    for title in titles:
        Assessment.objects.create(title=title, goal=goal)

    [message] = refusal(goal)

    assert message.replace("\u00a0", " ") == sentence
    assert goal.assessments.count() == len(titles)


def test_restricted_row_is_told_the_same_way():
    criterion = CriterionFactory(name="Assiduité")
    Assessment.objects.create(title="juin", criterion=criterion)

    [message] = refusal(criterion)

    assert message.replace("\u00a0", " ").startswith(
        "1 bilan s’appuie sur « Assiduité » (critère), qui reste donc : « juin »."
    )
    assert Criterion.objects.filter(pk=criterion.pk).exists()


def test_row_that_others_have_in_a_list_stays_too():
    commune = TerritoryFactory(name="Oyonnax")
    ActionFactory(title="Balades", places=[commune])

    [message] = refusal(commune)

    assert message.replace("\u00a0", " ") == (
        "1 action collective s’appuie sur « Oyonnax » (territoire), qui reste donc : « Balades »."
    )
    assert Territory.objects.filter(pk=commune.pk).exists()


def test_consequences_say_what_goes_with_a_row_and_what_others_lose():
    source = ActionFactory(title="Cuisine")
    GoalFactory.create_batch(2, action=source)
    ActionFactory(inspired_by=source)

    sentences = [sentence.replace("\u00a0", " ") for sentence in protected.consequences(source)]

    assert sentences == [
        "Disparaît avec « Cuisine » : 2 objectifs.",
        "1 action collective perd sa valeur de « inspirée de ».",
    ]


def test_each_kind_that_leans_has_its_sentence():
    caf = PartnerFactory(name="Caf")
    PartnershipFactory(partner=caf)
    TeamMemberFactory.create_batch(2, partner=caf)

    messages = [message.replace("\u00a0", " ") for message in refusal(caf)]

    assert [message.partition(", qui")[0] for message in messages] == [
        "1 partenariat s’appuie sur « Caf » (partenaire)",
        "2 membres de l’équipe s’appuient sur « Caf » (partenaire)",
    ]
    assert Partner.objects.filter(pk=caf.pk).exists()
