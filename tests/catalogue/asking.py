"""Ask the catalogue as the pages do."""

from django.contrib.auth.models import AnonymousUser

from actions.models import Action
from catalogue.search import current
from catalogue.search.index import Results
from catalogue.search.query import Query, parse


def ask(typed: str = "", *, user=None, sort: str = "", **facets) -> Results:
    """The answer to words and facet keys (a key, or a list of keys)."""
    chosen = {param: tuple(keys) if isinstance(keys, list) else (keys,) for param, keys in facets.items()}
    return current.catalogue().search(Query(parse(typed), chosen, sort), user or AnonymousUser())


def titles(results: Results) -> list[str]:
    """The titles of the results, in order."""
    titles_by_key = dict(Action.objects.values_list("pk", "title"))
    return [titles_by_key[pk] for pk in results[:]]


def find(typed: str = "", **kwargs) -> list[str]:
    return titles(ask(typed, **kwargs))
