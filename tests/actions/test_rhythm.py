import datetime as dt

import pytest

from actions.models import Action

H14, H16, H9H30 = dt.time(14), dt.time(16), dt.time(9, 30)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, ""),
        ({"rhythm_starts_at": H14}, ""),
        ({"rhythm_frequency": "weekly"}, "toutes les semaines"),
        ({"rhythm_frequency": "weekly", "rhythm_weekday": 1}, "tous les mardis"),
        ({"rhythm_frequency": "weekly", "rhythm_weekday": 0, "rhythm_starts_at": H14}, "tous les lundis, à 14 h"),
        (
            {
                "rhythm_frequency": "weekly",
                "rhythm_weekday": 2,
                "rhythm_every": 2,
                "rhythm_starts_at": H14,
                "rhythm_ends_at": H16,
            },
            "un mercredi sur deux, de 14 h à 16 h",
        ),
        ({"rhythm_frequency": "weekly", "rhythm_weekday": 3, "rhythm_every": 3}, "un jeudi sur trois"),
        ({"rhythm_frequency": "weekly", "rhythm_weekday": 4, "rhythm_every": 4}, "un vendredi sur quatre"),
        ({"rhythm_frequency": "weekly", "rhythm_weekday": 4, "rhythm_every": 6}, "toutes les 6 semaines, le vendredi"),
        ({"rhythm_frequency": "weekly", "rhythm_every": 2}, "toutes les 2 semaines"),
        ({"rhythm_frequency": "monthly"}, "une fois par mois"),
        ({"rhythm_frequency": "monthly", "rhythm_weekday": 5}, "un samedi par mois"),
        (
            {"rhythm_frequency": "monthly", "rhythm_weekday": 6, "rhythm_ordinals": [-1], "rhythm_starts_at": H9H30},
            "le dernier dimanche du mois, à 9 h 30",
        ),
        (
            {"rhythm_frequency": "monthly", "rhythm_weekday": 2, "rhythm_ordinals": [3, 1]},
            "les premier et troisième mercredis du mois",
        ),
        (
            {"rhythm_frequency": "monthly", "rhythm_weekday": 2, "rhythm_ordinals": [-1, 2, 1]},
            "les premier, deuxième et dernier mercredis du mois",
        ),
        ({"rhythm_notes": "Selon la météo"}, "Selon la météo"),
        ({"rhythm_frequency": "weekly", "rhythm_notes": "Selon la météo"}, "toutes les semaines"),
    ],
)
def test_rhythm_is_a_sentence(fields, sentence):
    assert Action(**fields).rhythm.replace("\u00a0", " ") == sentence


def test_hours_do_not_break_across_lines():
    action = Action(rhythm_frequency="weekly", rhythm_starts_at=H9H30)

    assert action.rhythm == "toutes les semaines, à 9\u00a0h\u00a030"
