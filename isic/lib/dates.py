"""The `date` filter of every template, as French says it: the first of a month is « 1er »."""

import re

from django import template
from django.template import defaultfilters

register = template.Library()
_FIRST = re.compile(r"(?<![\w.,:/-])1 (?=[^\W\d])")


@register.filter(expects_localtime=True, is_safe=False)
def date(value, arg=None) -> str:
    """Django's, whose « j F » says « 1 octobre »; digits alone (`Y-m-d`) stay as they are."""
    return _FIRST.sub("1er ", defaultfilters.date(value, arg))
