"""The sheets and the vocabularies, for the managers. Django finds the admin of an app through this package."""

from actions.admin import dashboard, flags, sheet, vocabularies

__all__ = ["dashboard", "flags", "sheet", "vocabularies"]
