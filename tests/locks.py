"""Each lock answers to pyproject.toml, proved without a network: `python -m tests.locks` (`--sign` after a new lock)."""

import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
SIGNATURE = "# dependencies sha256:"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def asked() -> dict[str, list[str]]:
    """Lock → what pyproject.toml asks of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run, groups = project["project"]["dependencies"], project["dependency-groups"]
    return {
        "requirements.lock": run,
        "requirements-dev.lock": run + groups["dev"],
        "requirements-npm.lock": groups["npm"],
    }


def signature(requirements: list[str]) -> str:
    return SIGNATURE + hashlib.sha256(json.dumps(sorted(requirements)).encode()).hexdigest()


def faults() -> list[str]:
    """What is wrong with the locks: written for other dependencies, or without one that is asked for."""
    messages = []
    for name, requirements in asked().items():
        text = (ROOT / name).read_text()
        if text.partition("\n")[0] != signature(requirements):
            messages.append(f"{name} was not made from the dependencies of pyproject.toml: run `make lock`.")
        pins = {canonicalize_name(package): version for package, version in PIN.findall(text)}
        for requirement in map(Requirement, requirements):
            version = pins.get(canonicalize_name(requirement.name))
            if version is None or version not in requirement.specifier:
                messages.append(f"{name} has {requirement.name} at {version}, pyproject.toml asks {requirement}.")
    return messages


def sign() -> None:
    for name, requirements in asked().items():
        lock = ROOT / name
        body = "".join(line for line in lock.read_text().splitlines(keepends=True) if not line.startswith(SIGNATURE))
        lock.write_text(f"{signature(requirements)}\n{body}")


if __name__ == "__main__":
    if "--sign" in sys.argv:
        sign()
    sys.exit("\n".join(faults()) or 0)
