"""What rooms add to a list of a room below them, each in its module of an agreed name.

    # actions/desk.py, which reads the list
    DUES: Registry[Callable[[User], Iterable[Due]]] = Registry("desk")
    for source in DUES: …

    # meetings/desk.py, found because it is called `desk`
    @DUES.add
    def due(user): …

The modules are imported when a list is first read, so a room declares nothing in its `AppConfig`.
"""

from collections.abc import Iterator
from functools import cache

from django.utils.module_loading import autodiscover_modules


class Registry[T]:
    """In the order of INSTALLED_APPS: nothing else imports the modules that add to it."""

    def __init__(self, module: str):
        self.module = module
        self._added: list[T] = []

    def add(self, added: T) -> T:
        """Gives it back, so as to be used as a decorator."""
        self._added.append(added)
        return added

    def __iter__(self) -> Iterator[T]:
        _import_each(self.module)
        return iter(tuple(self._added))


@cache
def _import_each(module: str) -> None:
    autodiscover_modules(module)
