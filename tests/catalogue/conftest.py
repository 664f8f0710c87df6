"""A sheet as a reader finds it."""

import html5lib
import pytest


class Page:
    """A sheet as a reader finds it: its facts, landmarks, parts and links."""

    def __init__(self, html: str):
        self.html = html
        self.tree = html5lib.parse(html, namespaceHTMLElements=False)

    def words(self, element) -> str:
        return " ".join("".join(element.itertext()).split())

    def of_class(self, name: str) -> list:
        return [element for element in self.tree.iter() if name in element.get("class", "").split()]

    def questions(self, name: str) -> dict[str, list[str]]:
        return {self.words(e.find("dt")): [self.words(dd) for dd in e.iter("dd")] for e in self.of_class(name)}

    @property
    def facts(self) -> dict[str, list[str]]:
        return self.questions("fact")

    @property
    def landmarks(self) -> dict[str, list[str]]:
        return self.questions("landmark")

    @property
    def parts(self) -> dict[str, str]:
        return {part.get("id"): self.words(part) for part in self.of_class("part")}

    def texts(self, name: str) -> list[str]:
        return [self.words(element) for element in self.of_class(name)]

    def attributes(self, tag: str, name: str) -> list[str]:
        return [element.get(name) for element in self.tree.iter(tag) if element.get(name) is not None]

    def meta(self, name: str) -> str | None:
        return next(
            (m.get("content") for m in self.tree.iter("meta") if name in (m.get("name"), m.get("property"))), None
        )


@pytest.fixture
def read(client):
    """`read(action)`: the page that a visitor without account gets."""

    def get(action, client=client) -> Page:
        response = client.get(action.get_absolute_url())
        assert response.status_code == 200
        return Page(response.text)

    return get
