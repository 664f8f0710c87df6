"""What may be put in a link."""

import pytest

from isic.lib.links import mailto, web


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", ""),
        ("//example.org", ""),
        ("http://[", "http://["),
        ("", ""),
    ],
)
def test_web_keeps_addresses_of_the_web(url, expected):
    assert web(url) == expected


def test_mailto_escapes_what_it_carries():
    assert mailto("lac@example.org") == "mailto:lac@example.org"
    assert mailto("a?b&c@example.org", subject="L’été & l’eau") == (
        "mailto:a%3Fb%26c@example.org?subject=L%E2%80%99%C3%A9t%C3%A9%20%26%20l%E2%80%99eau"
    )
