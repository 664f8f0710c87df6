"""Addresses in templates: Django's `{% url %}`, and the mailbox of a service.

`{% url %}` looks up once a process an address without argument: the frame of a page has fifteen.
"""

from functools import cache

from django import template
from django.conf import settings
from django.template.base import FilterExpression
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

register = template.Library()
fixed = cache(reverse)


class FixedURLNode(URLNode):
    def render(self, context):
        try:
            address = fixed(self.view_name.var)
        except NoReverseMatch:
            return super().render(context)
        if self.asvar is None:
            return address
        context[self.asvar] = address
        return ""


@register.tag
def url(parser, token):
    node = parse(parser, token)
    is_fixed = not (node.args or node.kwargs) and _is_literal(node.view_name)
    return FixedURLNode(node.view_name, [], {}, node.asvar) if is_fixed else node


@register.filter
def mailbox(address: str) -> str:
    """A link to write to it; the name of the service while nobody gave its address."""
    return format_html('<a href="mailto:{0}">{0}</a>', address) if address else settings.SERVICE_NAME


def _is_literal(name: FilterExpression) -> bool:
    return isinstance(name.var, str) and not name.filters
