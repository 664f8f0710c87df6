"""The pictograms: symbols of one SVG file, which a page shows by `{% icon "ui-add" %}`."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@cache
def symbol(name: str) -> str:
    """The address of one pictogram, looked up once a process."""
    return f"{static('img/pictograms.svg')}#{name}"


@register.simple_tag
@cache
def icon(name: str, *classes: str) -> SafeString:
    """A pictogram beside the words that say it, hidden from who listens to the page; `classes` are those it adds."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', " ".join(("icon", *classes)), symbol(name)
    )
