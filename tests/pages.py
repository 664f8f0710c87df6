"""What is asked of every page: nothing that the policy blocks, no leaking template, valid HTML, one first heading."""

from html.parser import HTMLParser

import html5lib

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


def assert_valid_html(html: str) -> None:
    """The page parses as HTML 5 without one error: no stray end tag, no nesting that a browser would repair."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(html)
    lines = html.split("\n")
    faults = [
        f"line {line}: {code} {data} in {lines[line - 1].strip()[:120]!r}" for (line, _), code, data in parser.errors
    ]
    assert not faults, "\n".join(faults)


def first_headings(html: str) -> list[str]:
    """The words of every `<h1>` of the page."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return [" ".join("".join(h1.itertext()).split()) for h1 in tree.iter("h1")]
