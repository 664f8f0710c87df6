"""The départements of France, by their official code."""

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data/departments.toml"


@cache
def names() -> dict[str, str]:
    """Code → name; `FR` is France, for what has no département."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def department_of(code: str) -> str:
    """The name of the département of a postal or INSEE code; empty for what is no such code. Both parts of Corsica share 20."""
    if len(code) != 5:
        return ""
    return "Corse" if code[:2] == "20" else names().get(code[:3]) or names().get(code[:2].upper(), "")
