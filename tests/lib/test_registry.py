"""What rooms add to each other's lists is found by the name of a module, whoever reads the list first."""

import json
import subprocess
import sys
from pathlib import Path

from isic.lib.registry import Registry

ROOT = Path(__file__).parents[2]
#: The list → the rooms that add to it.
LISTS = {
    "actions.desk.DUES": {"meetings"},
    "actions.desk.RECOGNITIONS": {"meetings"},
    "catalogue.installing.examples.MORE": {"meetings"},
    "isic.lib.admin.PANELS": {"accounts", "actions", "catalogue", "meetings", "isic"},
    "isic.lib.background.DAILY": {"isic", "accounts", "partners", "actions", "catalogue", "meetings"},
    "isic.lib.replacing.MOVES": {"territories", "actions"},
    "isic.lib.startup.CHECKS": {"territories"},
}
READ = """
import json, sys, django; django.setup()
from django.utils.module_loading import import_string
def rooms(registry):
    functions = [item[0] if isinstance(item, tuple) else getattr(item, "func", item) for item in registry]
    return sorted({function.__module__.partition(".")[0] for function in functions})
print(json.dumps({name: rooms(import_string(name)) for name in sys.argv[1:]}))
"""


def test_what_is_added_keeps_its_order_and_is_given_back():
    numbers = Registry("nowhere")

    assert [numbers.add(2), numbers.add(1)] == [2, 1]
    assert [list(numbers), list(numbers)] == [[2, 1], [2, 1]]


def test_rooms_are_found_by_a_process_that_imported_none_of_them():
    run = subprocess.run([sys.executable, "-c", READ, *LISTS], cwd=ROOT, capture_output=True, text=True)

    assert run.stdout, run.stderr
    assert json.loads(run.stdout) == {name: sorted(rooms) for name, rooms in LISTS.items()}


def test_every_module_that_a_list_is_read_from_adds_to_it():
    modules = {
        "desk": "add",
        "panels": "PANELS.add",
        "examples": "MORE.add",
        "daily": "@daily",
        "replacing": "MOVES.add",
        "sheet_tabs": "TABS.add",
        "startup": "CHECKS.add",
    }
    paths = [path for name in modules for path in ROOT.glob(f"*/{name}.py") if path.parent.name != "tests"]

    assert [str(path) for path in paths if modules[path.stem] not in path.read_text()] == []
    assert len(paths) > 6
