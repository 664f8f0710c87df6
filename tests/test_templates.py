"""What a template writes by a tag, never by hand."""

import re

from django.conf import settings

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
