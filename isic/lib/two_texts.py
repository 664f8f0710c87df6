"""The page where one person chooses, of what two people changed, what stays: name by name, or row by row.

    choice = Choice.read(request.POST)
    data = choice.join(request.POST, stored)            # before the form judges them: both texts in one field
    saved = merge(read_base(data), form.mine(), stored, leave=choice.theirs)
    if saved.conflicts:
        return ask(request, saved, label=form.label_of, words=words, head="meetings/_tabs.html", **context)

All that was typed goes along, and is sent again with the choice, to the same address.
"""

import json
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from isic.lib.joining import joined
from isic.lib.merge import Place, Saved, base_of, read_base

#: Before the name of a value, and « : » and the key of its row: which one to keep.
KEEP = "garder-"
MINE, THEIRS, BOTH = "mien", "autre", "deux"
#: Fields that the page itself fills in.
_ITS_OWN = ("base", "csrfmiddlewaretoken")


@dataclass(frozen=True)
class Choice:
    """What was chosen, by place. Nothing chosen: mine."""

    theirs: frozenset[Place] = frozenset()
    both: frozenset[Place] = frozenset()

    @classmethod
    def read(cls, data: Mapping) -> "Choice":
        chosen = [(_place(name), data[name]) for name in data if name.startswith(KEEP)]
        return cls(*(frozenset(place for place, value in chosen if value == wanted) for wanted in (THEIRS, BOTH)))

    def join(self, data: QueryDict, stored: Mapping, *, field: Callable[[str], str] = str) -> QueryDict:
        """The data with both texts where both are kept; `field` gives the field of a name."""
        names = [
            name for name, key in self.both if not key and isinstance(stored.get(name), str) and field(name) in data
        ]
        if not names:
            return data
        data = data.copy()
        for name in names:
            data[field(name)] = joined(data[field(name)], stored[name])
        data["base"] = json.dumps({**read_base(data), **base_of(stored, names)})
        return data


def ask(
    request,
    saved: Saved,
    *,
    label: Callable[[str], str],
    words: Callable[[str, object], str | list[str]],
    texts: Container[str] = (),
    can_resume: bool = False,
    **context,
) -> HttpResponse:
    """The page, with status 409. `words` says a value, or a list of rows; `texts`: names whose two texts may both be kept.

    `can_resume`: the view shows the form again, with what was posted, when it is sent « op ».
    Context: `head`, the template above the heading; `title`, in the title of the page; `by` and `at`, when it is known who
    saved meanwhile and when.
    """
    choices = [
        {
            "name": KEEP + conflict.name + f":{conflict.key}" * bool(conflict.key),
            "label": label(conflict.name) + "\u00a0: une ligne" * bool(conflict.key),
            "mine": mine,
            "theirs": theirs,
            "takes_both": conflict.name in texts and not conflict.key,
        }
        for conflict in saved.conflicts
        for mine, theirs in [
            [_shown(words(conflict.name, side), bool(conflict.key) and not side) for side in conflict.sides]
        ]
    ]
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _ITS_OWN and not name.startswith(KEEP)
    ]
    context |= {
        "choices": choices,
        "posted": [*posted, ("base", json.dumps(saved.chosen_base))],
        "can_resume": can_resume,
    }
    return render(request, "isic/two_texts.html", context, status=409)


def _place(name: str) -> Place:
    name, _, key = name.removeprefix(KEEP).partition(":")
    return name, key


def _shown(words: str | list[str], is_gone: bool) -> dict:
    """A text, or the lines of a list; a row may not be there any more."""
    is_list = isinstance(words, list)
    return {"lines": words if is_list else [], "text": "" if is_list else words, "is_gone": is_gone}
