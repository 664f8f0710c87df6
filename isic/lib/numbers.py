"""Numbers as people type them: « 1 200,50 € », « 12,5 », « 1.200,50 »; a text for the browser, so that every one reads alike.

A number input reads by the language of the browser: « 1 200,50 » became 120050 in an English one, and « 12-15 » nothing at all.
"""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

_UNIT = re.compile(r"(?:€|euros?|heures?|h|minutes?|min)\s*$", re.IGNORECASE)
#: `\s` includes every space that typography knows; a Swiss groups by apostrophes.
_GROUPING = re.compile(r"[\s'’]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_TWO_MEANINGS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_GROUPED = {mark: re.compile(rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+") for mark in ".,"}
INVALID = "Écrivez un nombre en chiffres, par exemple\u00a0: {}."
TWO_MEANINGS = "«\u00a0{}\u00a0» se lit de deux façons\u00a0: écrivez «\u00a0{}\u00a0» ou «\u00a0{}\u00a0»."


def canonical(typed: str) -> str | None:
    """What was typed as Python reads it, « 1200.50 »; None where it is no number. Raises ValidationError."""
    bare = _GROUPING.sub("", _UNIT.sub("", typed.strip()))
    if _TWO_MEANINGS.fullmatch(bare):
        whole, decimals = bare.replace(",", ".").split(".")
        shorter = f"{whole},{decimals}".rstrip("0").rstrip(",")
        raise ValidationError(TWO_MEANINGS.format(typed.strip(), whole + decimals, shorter), "two_meanings")
    for grouping, mark in ((".", ","), (",", ".")):
        whole, _, decimals = bare.partition(mark)
        if _GROUPED[grouping].fullmatch(whole):
            bare = whole.replace(grouping, "") + (f".{decimals}" if decimals else "")
    number = bare.replace(",", ".")
    return number if _NUMBER.fullmatch(number) else None


class NumberInput(forms.TextInput):
    """The keyboard of digits on a phone; as wide as a number."""

    def __init__(self, inputmode: str = "numeric"):
        super().__init__({"inputmode": inputmode, "autocomplete": "off"})


class _Typed:
    """Before a field of Django in the bases."""

    canonical = staticmethod(canonical)

    def to_python(self, value):
        if isinstance(value, str) and value.strip():
            value = self.canonical(value)
            if value is None:
                raise ValidationError(self.error_messages["invalid"], "invalid")
        return super().to_python(value)

    def prepare_value(self, value):
        """« 310,5 », by a French comma; a word typed instead stays as it is."""
        if isinstance(value, Decimal):
            value = f"{value.normalize():f}" if value else "0"
        return value.replace(".", ",") if isinstance(value, str) and _NUMBER.fullmatch(value) else value

    def widget_attrs(self, widget):
        return {}  # `min`, `max` and `step` are of number inputs


class IntegerField(_Typed, forms.IntegerField):
    widget = NumberInput
    default_error_messages = {"invalid": INVALID.format("12")}


class FloatField(_Typed, forms.FloatField):
    """A coordinate: decimals, and no thousands."""

    widget = NumberInput("decimal")
    default_error_messages = {"invalid": INVALID.format("46,205")}

    def canonical(self, typed: str) -> str | None:
        number = typed.strip().replace(",", ".")
        return number if _NUMBER.fullmatch(number) else None


class DecimalField(_Typed, forms.DecimalField):
    widget = NumberInput("decimal")
    default_error_messages = {"invalid": INVALID.format("1\u00a0200,50")}


#: For `formfield_overrides` of the admin, whose own widgets are number inputs.
ADMIN = {
    models.IntegerField: {"form_class": IntegerField, "widget": None},
    models.FloatField: {"form_class": FloatField, "widget": None},
    models.DecimalField: {"form_class": DecimalField, "widget": None},
}


def formfield(field: models.Field, **kwargs) -> forms.Field | None:
    """For `formfield_callback` of the forms of models."""
    kind = next((kind for kind in ADMIN if isinstance(field, kind)), None)
    if kind and not field.choices:
        kwargs = {"form_class": ADMIN[kind]["form_class"]} | kwargs
    return field.formfield(**kwargs)
