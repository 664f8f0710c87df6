"""The sheets and the vocabularies, for the managers. Django finds the admin of an app through this package."""

from actions.admin import flags, replacements, sheet, vocabularies

__all__ = ["flags", "replacements", "sheet", "vocabularies"]
