"""Filling in a step as a browser does: every field of the page as it stands, some of them changed."""

import html5lib
from django.urls import reverse


def address(action, step: str) -> str:
    return reverse("actions:step", args=[action.slug, step])


def page_fields(html: str) -> dict[str, list[str]]:
    """Name → values of the filing form of a page, as a browser would send it without pressing a button."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    form = next(form for form in tree.iter("form") if "data-autosave" in form.attrib or form.get("class") == "form")
    fields: dict[str, list[str]] = {}
    templates = {id(e) for template in form.iter("template") for e in template.iter()}
    for element in form.iter():
        if element.tag not in ("input", "select", "textarea"):
            continue
        name, kind = element.get("name"), element.get("type", "text")
        if not name or id(element) in templates or kind in ("submit", "file"):
            continue
        if element.tag == "select":
            chosen = [o.get("value") for o in element.iter("option") if "selected" in o.attrib]
            values = chosen or [next(o.get("value") for o in element.iter("option"))]
        elif element.tag == "textarea":
            values = ["".join(element.itertext()).removeprefix("\n").replace("\n", "\r\n")]
        elif kind in ("checkbox", "radio"):
            values = [element.get("value", "on")] if "checked" in element.attrib else []
        else:
            values = [element.get("value", "")]
        if values:
            fields.setdefault(name, []).extend(values)
    return fields


def fill(client, action, step: str, **changes) -> dict[str, list[str]]:
    """The page of a step as it stands, with these fields changed (None takes a field away)."""
    fields = page_fields(client.get(address(action, step)).text)
    for name, value in changes.items():
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = value if isinstance(value, list) else [value]
    return fields


def autosave(client, action, step: str, fields):
    return client.post(address(action, step), fields, headers={"accept": "application/json"})
