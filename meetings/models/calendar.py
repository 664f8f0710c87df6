"""What makes the address of somebody's calendar his own."""

import uuid

from django.conf import settings
from django.db import models


class CalendarKey(models.Model):
    """Part of the secret of a personal calendar address: another key, and the address that was given away is dead."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="compte", on_delete=models.CASCADE, related_name="calendar_key"
    )
    key = models.UUIDField("clé", default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = "adresse de calendrier"
        verbose_name_plural = "adresses de calendrier"
        ordering = ["pk"]

    def __str__(self):
        return str(self.user)
