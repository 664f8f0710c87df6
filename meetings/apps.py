from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Réunions ISIC"

    def ready(self):
        from actions.desk import add_due, add_recognition  # noqa: PLC0415 -- app ready
        from catalogue.installing.examples import MORE  # noqa: PLC0415 -- app ready
        from meetings import desk, examples  # noqa: PLC0415 -- app ready

        MORE.append((examples.load, examples.remove))
        add_due(desk.due)
        add_recognition(desk.recognition)
