"""Django's admin, with our site in place of its own."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "isic.lib.admin.Site"


class HouseConfig(AppConfig):
    """The commands and the admin of no room."""

    name = "isic"
    verbose_name = "Fonctionnement"

    def ready(self):
        from isic import checks  # noqa: F401, PLC0415 - registers the deployment check
