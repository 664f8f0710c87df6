"""What a template writes by a tag, never by hand."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.urls import URLResolver, get_resolver, is_valid_path

TEMPLATES = {path: path.read_text() for path in sorted((settings.BASE_DIR / "templates").rglob("*.html"))}
SPRITE = (settings.BASE_DIR / "static/img/pictograms.svg").read_text()
ROOMS = ("accounts", "territories", "partners", "actions", "catalogue", "meetings", "isic")


def test_icon_is_drawn_by_its_tag():
    by_hand = re.compile(r"<svg|<use|pictograms\.svg")

    assert [path.name for path, text in TEMPLATES.items() if by_hand.search(text)] == []
    assert sum(text.count("{% icon ") for text in TEMPLATES.values()) > 100


def test_icon_is_drawn_in_python_by_its_function():
    """The banner of a sheet, of many pictograms, takes their addresses from it."""
    files = [path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")]

    assert {path.name for path in files if "pictograms.svg" in path.read_text()} == {"icons.py"}
    assert {path.name for path in files if "<use" in path.read_text()} == {"icons.py", "pattern.py"}


def test_icon_is_one_of_the_sprite():
    """Those that a page names by a value are checked where it is read: see `assert_well_built`."""
    named = {name for text in TEMPLATES.values() for name in re.findall(r'{% icon "([\w-]+)"[ %](?!\|)', text)}

    assert named - set(re.findall(r'<symbol id="([^"]+)"', SPRITE)) == set()
    assert len(named) > 20


def test_address_of_the_house_is_written_by_its_name():
    by_hand = re.compile(r"""(?:href|action|src|formaction|hx-\w+|url)=["']/|request\.path == ["']/""")

    assert [path.name for path, text in TEMPLATES.items() if by_hand.search(text)] == []


def test_address_of_the_house_is_written_by_its_name_in_python():
    files = [path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")]
    written = {(path.name, text) for path in files for text in re.findall(r'"(/[\w/-]+/)"', _code(path.read_text()))}

    assert {(name, text) for name, text in written if is_valid_path(text)} == set()
    assert is_valid_path("/mes-actions/")
    assert len(files) > 100


def test_every_name_of_an_address_exists():
    names = {name for text in TEMPLATES.values() for name in re.findall(r'{% url ["\']([^"\']+)["\'] ', text)}

    assert names - set(_names(get_resolver())) == set()
    assert len(names) > 50


def _code(text: str) -> str:
    """Without the docstrings, which may give an address as an example."""
    return re.sub(r'""".*?"""', "", text, flags=re.DOTALL)


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif pattern.name:
            yield namespace + pattern.name
