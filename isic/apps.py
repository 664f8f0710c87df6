"""Django's admin, with our site in place of its own."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "isic.lib.admin.Site"
