"""Addresses that open a page to whoever has them: what opens it goes to no log, no error page and no Referer.

A parameter called `token`, or the `uidb36` before allauth's own, says in the URLconf that an address is one of them.
"""

import logging
import re
from collections.abc import Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETERS = ("token", "uidb36")
_PARAMETER = re.compile(rf"\(\?P<(?:{'|'.join(PARAMETERS)})>|<(?:\w+:)?(?:{'|'.join(PARAMETERS)})>")


def hide(text: str) -> str:
    """A path, or a line that holds one, cut where a secret begins: mails break and mangle what follows."""
    return _beginnings().sub(r"\1…", text)


def is_secret(path: str) -> bool:
    return _beginnings().match(path) is not None


@cache
def _beginnings() -> re.Pattern[str]:
    beginnings = sorted(set(_walk(get_resolver().url_patterns, "/")), key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, beginnings))})[^…].*", re.IGNORECASE | re.DOTALL)


def _walk(patterns, before: str) -> Iterator[str]:
    """What stands before the parameter of each secret address of the URLconf."""
    for entry in patterns:
        route = before + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and (parameter := _PARAMETER.search(route)):
            yield route[: parameter.start()]


class HideSecrets(logging.Filter):
    """On a handler: of any record, of ours or of a library, neither the message nor the traceback holds a secret address."""

    _formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide(record.getMessage()), None
        if record.exc_info:
            lines = (record.exc_text or self._formatter.formatException(record.exc_info)).split("\n")
            record.exc_text = "\n".join(map(hide, lines))
        return True
