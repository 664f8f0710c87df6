"""One person's form, filled in and sent as a browser would: what the page carries goes along, whatever it is called."""

import json
from collections.abc import Mapping

import html5lib

from isic.lib.merge import base_of
from meetings.models import Meeting
from meetings.workflows import line_of


def base_for(stored: Mapping) -> dict[str, str]:
    """What a page that shows these values carries."""
    return {"base": json.dumps(base_of(stored))}


def agenda_base(meeting: Meeting) -> dict[str, str]:
    return base_for({"items": [line_of(item.pk, item.minutes) for item in meeting.items.all()]})


class Hand:
    """`Hand(client, path)["place"] = "Salle bleue"`, then `send()`; `keep(answer, "mien")` on the page of two texts."""

    def __init__(self, client, path: str, *, having: str = ""):
        self.client, self.path = client, path
        self.fill(client.get(path), having)

    def fill(self, page, having: str = "") -> None:
        """Take the form of this page, the one with a field called `having` where there are several."""
        tree = html5lib.parse(page.text, namespaceHTMLElements=False)
        forms = [form for form in tree.iter("form") if form.get("method") == "post"]
        form = next(form for form in forms if form.get("class") and (not having or having in dict(_fields(form))))
        self.action = form.get("action") or self.path
        self.fields = dict(_fields(form))

    def __setitem__(self, name: str, value: str) -> None:
        self.fields[name] = value

    def __getitem__(self, name: str) -> str:
        return self.fields[name]

    def row_of(self, rows: str, **values: str) -> str:
        """The start of the names of the row that says this."""
        wanted = range(int(self.fields[f"{rows}-TOTAL_FORMS"]))
        return next(
            f"{rows}-{index}-"
            for index in wanted
            if all(self.fields.get(f"{rows}-{index}-{name}") == value for name, value in values.items())
        )

    def add(self, rows: str, key: str, **values: str) -> None:
        """A row more, as the button of the rows makes one."""
        index = int(self.fields[f"{rows}-TOTAL_FORMS"])
        self.fields[f"{rows}-TOTAL_FORMS"] = str(index + 1)
        self.fields |= {f"{rows}-{index}-{name}": value for name, value in {"key": key, **values}.items()}

    def remove(self, rows: str, **values: str) -> None:
        """That row is gone, and those after it move up."""
        gone = self.row_of(rows, **values)
        index, total = int(gone.split("-")[-2]), int(self.fields[f"{rows}-TOTAL_FORMS"])
        lines = [self._line(rows, place) for place in range(total) if place != index]
        for place in range(total):
            for name in self._line(rows, place):
                del self.fields[f"{rows}-{place}-{name}"]
        for place, line in enumerate(lines):
            self.fields |= {f"{rows}-{place}-{name}": value for name, value in line.items()}
        self.fields[f"{rows}-TOTAL_FORMS"] = str(total - 1)

    def _line(self, rows: str, place: int) -> dict[str, str]:
        start = f"{rows}-{place}-"
        return {name.removeprefix(start): value for name, value in self.fields.items() if name.startswith(start)}

    def send(self, **more: str):
        return self.client.post(self.action, self.fields | more)

    def keep(self, answer, choice: str, **more: str):
        """Answer the page of two texts: every question the same way (« mien » or « autre »)."""
        assert answer.status_code == 409, answer.status_code
        self.fill(answer, having="base")
        radios = [name for name in self.fields if name.startswith("garder-")]
        assert radios, "Nothing is asked."
        self.fields |= dict.fromkeys(radios, choice)
        return self.send(**more)


def _fields(form):
    """Name and value of what a browser would send, buttons left out."""
    blank = {id(element) for template in form.iter("template") for element in template.iter()}
    for element in form.iter():
        name = element.get("name")
        if not name or id(element) in blank or element.tag == "button" or "disabled" in element.attrib:
            continue
        if element.tag == "textarea":
            yield name, "".join(element.itertext()).removeprefix("\n")
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = [option for option in options if "selected" in option.attrib] or options[:1]
            yield name, chosen[0].get("value", "") if chosen else ""
        elif element.get("type") not in ("radio", "checkbox", "submit") or "checked" in element.attrib:
            yield name, element.get("value", "on" if element.get("type") == "checkbox" else "")
