"""What is asked of every page: nothing that the policy blocks, no leaking template, valid HTML, sound structure."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import html5lib
from django.conf import settings

#: Types of `<script>` that hold data: a browser runs none of it, so the policy leaves it alone.
DATA_BLOCKS = ("application/ld+json", "application/json")


class _Policy(HTMLParser):
    """Collects what our content security policy forbids, by reading every tag."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.faults += [f"{tag} has {name}" for name in attributes if name.startswith("on") or name == "style"]
        self.faults += [f"{tag} leads to {v}" for v in attributes.values() if (v or "").startswith("javascript:")]
        if tag == "style":
            self.faults.append("a style element")
        if tag == "script" and not {"src", "nonce"} & attributes.keys() and attributes.get("type") not in DATA_BLOCKS:
            self.faults.append("a script without src or nonce")


def refuse_what_the_policy_blocks(html: str) -> None:
    policy = _Policy()
    policy.feed(html)
    assert not policy.faults, f"The content security policy blocks: {', '.join(sorted(set(policy.faults)))}."
    for leak in ("{{", "{%"):
        start = html.find(leak)
        assert start < 0, f"A template leaks: {html[start - 40 : start + 80]!r}"


@lru_cache(maxsize=2)
def _parsed(html: str) -> tuple[Element, list]:
    """The tree of a page, to read only, and the errors met on the way; the same page is asked about many things."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(html), parser.errors


def assert_valid_html(html: str) -> None:
    """The page parses as HTML 5 without one error: no stray end tag, no nesting that a browser would repair."""
    _, errors = _parsed(html)
    lines = html.split("\n")
    faults = [f"line {line}: {code} {data} in {lines[line - 1].strip()[:120]!r}" for (line, _), code, data in errors]
    assert not faults, "\n".join(faults)


def first_headings(html: str) -> list[str]:
    """The words of every `<h1>` of the page."""
    tree, _ = _parsed(html)
    return [_words(h1) for h1 in tree.iter("h1")]


#: « 9 h 30 » is how French says it.
MACHINE_HOUR = re.compile(r"(?<![\d:.])\d{1,2}:\d{2}(?![\d:])")
#: What holds words of people, or of machines.
UNREAD = ("script", "style", "textarea", "code", "pre")
#: Attributes that name other elements of the page by their ids.
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "form", "list", "popovertarget")
#: What these parents may hold, and nothing else.
CHILDREN = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "select": {"option"}, "datalist": {"option"}}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: Nobody finds, or hears, one of these without words.
SPOKEN = (*HEADINGS, "title", "a", "button", "label", "legend", "summary", "caption", "th", "dt", "figcaption")


def assert_well_built(html: str) -> None:
    """What assistive technologies lean on, beyond valid HTML."""
    tree, _ = _parsed(html)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    faults = [*_faults_of_page(elements), *_faults_of_references(elements), *_faults_of_elements(elements)]
    assert not faults, "\n".join(faults)


def _faults_of_page(elements) -> Iterator[str]:
    """Its language, its one title, its one main part; its headings, none deeper than the last by two."""
    if elements[0].get("lang") != "fr":
        yield "the page does not say its language"
    tags = Counter(element.tag for element in elements)
    yield from (f"{tags[tag]} {tag}" for tag in ("title", "main", "h1") if tags[tag] != 1)
    texts = (
        words for e in elements if e.tag not in UNREAD for words in (e.text, *(child.tail for child in e)) if words
    )
    yield from (f"an hour in the manner of machines: {hour}" for words in texts for hour in MACHINE_HOUR.findall(words))
    levels = [int(element.tag[1]) for element in elements if element.tag in HEADINGS]
    yield from (f"from h{last} to h{level}" for last, level in pairwise([0, *levels]) if level > last + 1)


def _faults_of_references(elements) -> Iterator[str]:
    """An id is there once; what is named by its id is there."""
    ids = Counter(element.get("id") for element in elements if "id" in element.attrib)
    yield from (f"id {name!r} {times} times" for name, times in ids.items() if times > 1)
    for element in elements:
        named = [(reference, name) for reference in REFERENCES for name in element.get(reference, "").split()]
        if element.tag == "a" and len(element.get("href", "")) > 1 and element.get("href").startswith("#"):
            named.append(("href", unquote(element.get("href")[1:])))
        yield from (f"{element.tag}: {reference} of {name!r}" for reference, name in named if name not in ids)


def _faults_of_elements(elements) -> Iterator[str]:
    for element in elements:
        strange = {child.tag for child in element} - CHILDREN[element.tag] if element.tag in CHILDREN else set()
        yield from (f"{child} in {element.tag}" for child in strange)
        # `hx-get` works and is not HTML; `data-hx-get` is both.
        yield from (f"{element.tag} has {name}" for name in element.attrib if str(name).startswith("hx-"))
        if element.tag in SPOKEN and not _words(element):
            yield f"{element.tag} without a word: {element.attrib}"
        if element.tag.endswith("}use") and element.get("href", "").partition("#")[2] not in _pictograms():
            yield f"{element.get('href')} is no pictogram"
        if element.tag == "img" and "alt" not in element.attrib:
            yield f"{element.get('src')} without alternative text"
        if element.tag == "th" and "scope" not in element.attrib:
            yield f"th {_words(element)!r} without scope"


@cache
def _pictograms() -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', (settings.BASE_DIR / "static/img/pictograms.svg").read_text()))


#: Fields in which people write in their own words.
TEXT_TYPES = ("text", "email", "url", "tel", "search")


def forms_that_write(html: str) -> Iterator[tuple[str, bool, bool]]:
    """Of each form that posts: its address, whether it has free text or rows, and whether it keeps them."""
    tree, _ = _parsed(html)
    for form in tree.iter("form"):
        if form.get("method") == "post":
            named = {id(inner) for element in form.iter() if "data-names" in element.attrib for inner in element.iter()}
            has_text = any(_is_text(element) for element in form.iter() if id(element) not in named)
            yield form.get("action", ""), has_text, {"data-keep", "data-autosave"} & form.attrib.keys() != set()


def _is_text(element) -> bool:
    if "data-rows" in element.attrib or element.tag == "textarea":
        return True
    return element.tag == "input" and element.get("type", "text") in TEXT_TYPES and "readonly" not in element.attrib


def _words(element) -> str:
    return " ".join("".join(element.itertext()).split())
