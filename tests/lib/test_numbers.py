"""Numbers are read as people type them, whatever the language of the browser."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from isic.lib.numbers import INVALID, DecimalField, FloatField, IntegerField

EUROS = DecimalField(max_digits=10, decimal_places=2, min_value=0, required=False)
HOURS = DecimalField(max_digits=6, decimal_places=1, min_value=0)
COUNT = IntegerField(min_value=0, required=False)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1 200,50", "1200.50"),
        ("12,50", "12.50"),
        ("12.5", "12.5"),
        ("1\u00a0200,50\u00a0€", "1200.50"),
        ("1\u202f200,5 euros", "1200.5"),
        ("1\u2009200 EUROS", "1200"),
        ("1.200,50", "1200.50"),
        ("1,200.50", "1200.50"),
        ("1.200.000", "1200000"),
        ("1’200,50", "1200.50"),
        ("1200", "1200"),
        (" 0,05 ", "0.05"),
        ("0", "0"),
    ],
)
def test_amount_is_read_as_it_is_written(typed, amount):
    assert EUROS.clean(typed) == Decimal(amount)


@pytest.mark.parametrize(("typed", "hours"), [("3,5", "3.5"), ("35 h", "35"), ("2,5 heures", "2.5")])
def test_hours_are_read_as_they_are_written(typed, hours):
    assert HOURS.clean(typed) == Decimal(hours)


@pytest.mark.parametrize(
    ("typed", "count"), [("12", 12), ("1 200", 1200), ("1\u202f200", 1200), ("12,0", 12), ("", None)]
)
def test_count_is_read_as_it_is_written(typed, count):
    assert COUNT.clean(typed) == count


@pytest.mark.parametrize(("typed", "degrees"), [("46.205", 46.205), ("5,225", 5.225), ("-21", -21.0)])
def test_coordinate_has_decimals_and_no_thousands(typed, degrees):
    assert FloatField().clean(typed) == degrees


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (EUROS, "environ 12", INVALID.format("1\u00a0200,50")),
        (EUROS, "12-15", INVALID.format("1\u00a0200,50")),
        (EUROS, "1e5", INVALID.format("1\u00a0200,50")),
        (EUROS, "1,2,3", INVALID.format("1\u00a0200,50")),
        (EUROS, "NaN", INVALID.format("1\u00a0200,50")),
        (
            EUROS,
            "1.200",
            "«\u00a01.200\u00a0» se lit de deux façons\u00a0: écrivez «\u00a01200\u00a0» ou «\u00a01,2\u00a0».",
        ),
        (
            EUROS,
            "12,500",
            "«\u00a012,500\u00a0» se lit de deux façons\u00a0: écrivez «\u00a012500\u00a0» ou «\u00a012,5\u00a0».",
        ),
        (EUROS, "0,125", "Assurez-vous qu’il n’y a pas plus de 2 chiffres après la virgule."),
        (COUNT, "12,5", INVALID.format("12")),
        (COUNT, "12-15", INVALID.format("12")),
    ],
)
def test_what_is_no_number_or_two_is_asked_again(field, typed, sentence):
    with pytest.raises(ValidationError) as refusal:
        field.clean(typed)

    assert refusal.value.messages == [sentence]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (Decimal("1200.50"), "1200,5"),
        (Decimal("0.00"), "0"),
        (Decimal(1000), "1000"),
        (12, 12),
        (None, None),
    ],
)
def test_number_is_shown_with_a_comma_and_is_then_the_same(stored, shown):
    assert EUROS.prepare_value(stored) == shown
    assert not EUROS.has_changed(stored, shown)


def test_number_of_a_snapshot_is_shown_with_a_comma():
    assert EUROS.prepare_value("310.5") == "310,5"


def test_what_was_typed_is_shown_again_as_it_was():
    class Form(forms.Form):
        amount = DecimalField()

    assert 'value="12-15"' in str(Form({"amount": "12-15"})["amount"])
    assert 'inputmode="decimal"' in str(Form()["amount"])
