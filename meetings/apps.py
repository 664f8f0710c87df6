from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Réunions ISIC"

    def ready(self):
        from catalogue.examples import MORE  # noqa: PLC0415 -- app ready
        from meetings import examples  # noqa: PLC0415 -- app ready

        MORE.append((examples.load, examples.remove))
