"""French as it is printed: typographic apostrophes, no-break spaces inside « » and before : ; ! ?"""

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
APPS = ("accounts", "territories", "partners", "actions", "catalogue", "meetings")
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
DATA = sorted(path for app in APPS for path in (ROOT / app).glob("data/**/*.toml"))
MODULES = sorted(
    path for app in (*APPS, "isic") for path in (ROOT / app).rglob("*.py") if not path.parent.name.startswith("_")
)
FAULTS = {
    "straight apostrophe": re.compile(r"[^\W\d_]'[^\W\d_]"),
    "« or » without its no-break space": re.compile("«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»"),
    "plain space before a double sign": re.compile(r"[\w»)>.…%] [:;!?](?![\w/=])"),
}


def faults(text: str) -> list[str]:
    return [
        f"{name}: …{text[max(0, match.start() - 25) : match.end() + 15]}…"
        for name, pattern in FAULTS.items()
        for match in pattern.finditer(text)
    ]


def template_text(source: str) -> str:
    """What a template says: comments and styles of links left out, tags of the language replaced by a letter."""
    source = re.sub(r"\{#.*?#\}|\{% (comment|partialdef|load).*?%\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{\{.*?\}\}", "x", source, flags=re.DOTALL)
    source = re.sub(r"<(script|style)\b.*?</\1>", "", source, flags=re.DOTALL)
    return source.replace("&nbsp;", "\u00a0").replace("&amp;", "&")


def values(data: object) -> Iterator[str]:
    """Every text of a TOML file."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from values(value)


def strings(source: str) -> Iterator[str]:
    """The texts of a module that a person may read: f-strings with a letter for each hole; no docstring, no pattern."""
    tree = ast.parse(source)
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            skipped |= {id(argument) for argument in node.args}
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            text = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
            if not is_pattern(text):
                yield text
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped
        if is_text and not is_pattern(node.value):
            yield node.value


def is_pattern(text: str) -> bool:
    """A part of a regular expression, which is put together elsewhere."""
    return any(mark in text for mark in ("(?", ")?", "?|", "\\w"))


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_typography_of_templates(path):
    assert faults(template_text(path.read_text())) == []


@pytest.mark.parametrize("path", DATA, ids=str)
def test_typography_of_data(path):
    texts = list(values(tomllib.loads(path.read_text())))
    assert texts
    assert [fault for text in texts for fault in faults(text)] == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_typography_of_messages(path):
    assert [fault for text in strings(path.read_text()) for fault in faults(text)] == []


def test_typography_looks_at_what_people_read():
    assert min(len(TEMPLATES), len(DATA), len(MODULES)) > 20
    assert template_text("{# L'avis #}<p>{{ x }}&nbsp;: l'avis !</p>{% if a == \"b'c\" %}").count("'") == 1
    assert list(strings('"""L\'un"""\nX = f"l\'{a} ?"\nY = "d\'un"')) == ["l'x ?", "d'un"]
    assert len(faults("l'avis : «oui» ! Non")) == 5
    assert faults("l’avis\u00a0: «\u00a0oui\u00a0»\u00a0! Non\u202f? https://example.org/?q=a à 9:30") == []
