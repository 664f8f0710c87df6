"""Addresses of a page under other parameters."""

from django.http import QueryDict


def with_parameters(params: QueryDict, *, without: tuple[str, str] | None = None, **changes) -> str:
    """The query string of these parameters with some replaced (None removes), and one value taken away.

    Always back to the first page, unless `page` is among the changes.
    """
    new = params.copy()
    for name, value in {"page": None, **changes}.items():
        new.pop(name, None)
        if value is not None:
            new.setlist(name, [value])
    if without:
        name, gone = without
        new.setlist(name, [value for value in new.getlist(name) if value != gone])
    return f"?{new.urlencode()}" if new else "?"
