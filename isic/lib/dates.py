"""The filters `date` and `hour` of every template, as French says them: « 1er octobre », « 9 h 30 »."""

import datetime as dt
import re

from django import template
from django.template import defaultfilters

register = template.Library()
_FIRST = re.compile(r"(?<![\w.,:/-])1 (?=[^\W\d])")


@register.filter(expects_localtime=True, is_safe=False)
def date(value, arg=None) -> str:
    """Django's, whose « j F » says « 1 octobre »; digits alone (`Y-m-d`) stay as they are."""
    return _FIRST.sub("1er ", defaultfilters.date(value, arg))


@register.filter(expects_localtime=True, is_safe=False)
def hour(value: dt.time | dt.datetime) -> str:
    """« 14 h », « 9 h 30 », with no-break spaces; a datetime in the time zone of the site."""
    return f"{value.hour}\u00a0h\u00a0{value.minute:02d}" if value.minute else f"{value.hour}\u00a0h"
