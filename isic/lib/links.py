"""What is safe to put in the `href` of a link."""

from urllib.parse import quote, urlencode


def web(url: str) -> str:
    """The address of a page of the web; empty for any other scheme (`javascript:`, `data:`)."""
    return url if url.startswith(("https://", "http://")) else ""


def mailto(email: str, **fields: str) -> str:
    """The link that opens a message, with its `subject` and `body`."""
    query = urlencode(fields, quote_via=quote)
    return f"mailto:{quote(email, safe='@')}" + (f"?{query}" if query else "")
