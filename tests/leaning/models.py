"""A room above `actions`, for tests only."""

from django.db import models

from actions.models import Criterion, Goal, Media


class Assessment(models.Model):
    """Leans on a goal or a photo, and on a criterion that goes only with its whole sheet."""

    title = models.CharField("titre", max_length=40)
    goal = models.ForeignKey(Goal, null=True, on_delete=models.PROTECT, related_name="assessments")
    criterion = models.ForeignKey(Criterion, null=True, on_delete=models.RESTRICT, related_name="assessments")
    media = models.ForeignKey(Media, null=True, on_delete=models.PROTECT, related_name="assessments")

    class Meta:
        verbose_name = "bilan"
        ordering = ["pk"]

    def __str__(self):
        return self.title
