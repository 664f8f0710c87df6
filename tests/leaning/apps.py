from django.apps import AppConfig


class LeaningConfig(AppConfig):
    """What a room above will have: rows that point to the rows of a sheet."""

    name = "tests.leaning"
    default_auto_field = "django.db.models.BigAutoField"
