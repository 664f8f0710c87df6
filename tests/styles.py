"""What a stylesheet styles, and what is asked of every page about it."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings

CSS = settings.BASE_DIR / "static/css"


def classes_of(stylesheet: str) -> set[str]:
    """The classes that its selectors name."""
    text = re.sub(r"/\*.*?\*/", "", stylesheet, flags=re.DOTALL)
    return {
        name for selector in re.findall(r"([^{};]+)\{", text) for name in re.findall(r"\.([A-Za-z][\w-]*)", selector)
    }


@cache
def _styled() -> dict[str, set[str]]:
    """Stylesheet, as an address names it → the classes it styles."""
    paths: list[Path] = sorted(CSS.rglob("*.css"))
    return {f"/static/css/{path.relative_to(CSS)}": classes_of(path.read_text()) for path in paths}


def assert_styled(html: str) -> None:
    """Each class of the page that some stylesheet of ours styles is styled by one that the page loads."""
    loaded = set(re.findall(r'<link href="([^"]+\.css)"|<link rel="stylesheet" href="([^"]+\.css)"', html))
    names = {name for words in re.findall(r'\bclass="([^"]*)"', html) for name in words.split()}
    sheets = {address for pair in loaded for address in pair}
    homes = {name: {sheet for sheet, classes in _styled().items() if name in classes} for name in names}
    faults = {name: sorted(home) for name, home in homes.items() if home and not home & sheets}
    assert not faults, f"Stylesheets that the page does not load: {faults}"
    assert sheets & _styled().keys()
