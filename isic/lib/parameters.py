"""Addresses of a page under other parameters."""

from urllib.parse import urlencode

from django.http import QueryDict


def with_parameters(params: QueryDict, *, without: tuple[str, str] | None = None, **changes) -> str:
    """The query string of these parameters with some replaced (None removes), and one value taken away.

    Always back to the first page, unless `page` is among the changes.
    """
    changes = {"page": None, **changes}
    pairs = [(name, value) for name, values in params.lists() if name not in changes for value in values]
    pairs = [pair for pair in pairs if pair != without]
    pairs += [(name, value) for name, value in changes.items() if value is not None]
    return f"?{urlencode(pairs)}" if pairs else "?"
