"""What is done once a day for the contacts."""

from datetime import date

from isic.lib.background import daily
from partners import consent


@daily("Noms retirés, effacés pour de bon")
def forget_withdrawn(today: date) -> None:
    consent.forget(today)
