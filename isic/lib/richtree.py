"""Cleaned rich text (isic.lib.richtext) as plain data, for documents that are not HTML.

[{"kind": "text", "runs": [{"text": "Le matin, ", "strong": False, "em": False, "href": ""}, …]},
 {"kind": "heading", "runs": […]}, {"kind": "list", "ordered": False, "items": [[block, …], …]}]
"""

from html.parser import HTMLParser

Block = dict[str, object]
#: What a line holds, in characters.
LINE = 80
_LISTS = {"ul": False, "ol": True}
_HEADINGS = ("h3", "h4")


def tree(html: str) -> list[Block]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.blocks


def paragraphs(text: str) -> list[Block]:
    """A plain text: one paragraph a line."""
    return [_text(line.strip()) for line in text.splitlines() if line.strip()]


def shortened(blocks: list[Block], limit: int) -> list[Block]:
    """The first blocks, as many as the limit of characters holds; the first that does not fit is cut, and says so.

    A block or an item fills a line at least.
    """
    kept = []
    for block in blocks:
        length = _length(block)
        if length > limit:
            return [*kept, *_cut(block, limit)] if block["kind"] != "heading" else kept
        kept.append(block)
        limit -= length
    return kept


def _cut(block: Block, limit: int) -> list[Block]:
    if block["kind"] == "list":
        items = []
        for item in block["items"]:
            limit -= sum(map(_length, item))
            if limit < 0:
                break
            items.append(item)
        return [{**block, "items": items}, _text("…")] if items else [_text("…")]
    words = _words(block)[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.")
    return [_text(f"{words}…")]


def _length(block: Block) -> int:
    if block["kind"] == "list":
        return sum(_length(inner) for item in block["items"] for inner in item)
    return max(LINE, len(_words(block)))


def _words(block: Block) -> str:
    return "".join(run["text"] for run in block["runs"])


def _text(words: str) -> Block:
    return {"kind": "text", "runs": [{"text": words, "strong": False, "em": False, "href": ""}]}


class _Reader(HTMLParser):
    """Words go to the last open block; a block opens by itself where words come without one."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.places = [self.blocks]  # where blocks go: the text itself, then the items of lists
        self.open: Block | None = None
        self.marks = {"strong": 0, "em": 0}
        self.href = ""

    def handle_starttag(self, tag, attrs):
        if tag in _LISTS:
            self.open = None
            self.places[-1].append({"kind": "list", "ordered": _LISTS[tag], "items": []})
        elif tag == "li":
            self.open = None
            held = self.places[-1]
            if held and held[-1]["kind"] == "list":
                held[-1]["items"].append([])
                self.places.append(held[-1]["items"][-1])
        elif tag == "p" or tag in _HEADINGS:
            self._begin("heading" if tag in _HEADINGS else "text")
        elif tag == "a":
            self.href = dict(attrs).get("href") or ""
        elif tag in self.marks:
            self.marks[tag] += 1

    def handle_endtag(self, tag):
        if tag == "li" and len(self.places) > 1:
            self.places.pop()
        if tag == "a":
            self.href = ""
        elif tag in self.marks:
            self.marks[tag] = max(0, self.marks[tag] - 1)
        else:
            self.open = None

    def handle_data(self, data):
        if self.open is None and not data.strip():
            return
        block = self.open or self._begin("text")
        block["runs"].append({"text": data, **{name: bool(n) for name, n in self.marks.items()}, "href": self.href})

    def _begin(self, kind: str) -> Block:
        self.open = {"kind": kind, "runs": []}
        self.places[-1].append(self.open)
        return self.open
