"""The stylesheets: which layer says what, who knows the domain, and that each is loaded where it is needed."""

import re

import pytest
from django.conf import settings

from tests.styles import CSS, assert_styled, classes_of

PAGES = sorted((CSS / "pages").glob("*.css"))
#: Words of the domain, which the pieces that every page shares do not know.
DOMAIN = set(
    """action actions agenda audience catalogue commune desk domain facet family filing goal groups history home
    isic lineage media meeting meetings member minutes outcome outcomes partner partners passage passages place places
    session sessions sheet slide story territory unit version""".split()
)


@pytest.mark.parametrize("name", ["base.css", "layout.css", "components.css", "forms.css"])
def test_what_every_page_shares_knows_no_domain(name):
    text = (CSS / name).read_text()
    words = {
        word for one in classes_of(text) | set(re.findall(r"var\(--([\w-]+)", text)) for word in re.split("[-_]+", one)
    }

    assert words & DOMAIN == set()
    assert len(words) > 10


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_stylesheet_of_a_page_stands_in_its_layers(path):
    assert set(re.findall(r"^@(.+?) \{", path.read_text(), re.MULTILINE)) <= {"layer pages", "layer print"}
    assert not re.search(r"^[^@/}\s]", path.read_text(), re.MULTILINE)


def test_layers_are_in_the_order_that_the_house_says():
    first = re.search(r"^@layer (.+);$", (CSS / "tokens.css").read_text(), re.MULTILINE)

    assert first[1] == "tokens, base, layout, components, pages, print"


def test_every_stylesheet_is_loaded():
    """By a page, or by the form that needs it."""
    files = [*(settings.BASE_DIR / "templates").rglob("*.html"), *(settings.BASE_DIR / "isic").rglob("*.py")]
    files += (settings.BASE_DIR / "actions").rglob("*.py")
    code = "".join(path.read_text() for path in files)
    names = [str(path.relative_to(CSS.parent)) for path in CSS.rglob("*.css")]

    assert [name for name in names if name not in code] == []
    assert len(names) > len(PAGES) > 15


def test_page_that_does_not_load_its_stylesheet_is_refused():
    link = '<link rel="stylesheet" href="/static/css/{}">'
    card = '<p class="card__title autre">A</p>'

    assert_styled(link.format("pages/cards.css") + card)
    with pytest.raises(AssertionError, match=r"card__title.*pages/cards\.css"):
        assert_styled(link.format("base.css") + card)
