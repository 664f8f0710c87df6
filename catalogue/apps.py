from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = "Catalogue"

    def ready(self):
        from catalogue.search.marks import connect  # noqa: PLC0415 -- app ready

        connect()
