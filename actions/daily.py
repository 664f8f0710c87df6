"""What is done once a day for the sheets."""

from datetime import date

from actions import history
from isic.lib.background import daily


@daily("Historiques allégés des retouches anciennes")
def thin_histories(today: date) -> None:
    history.thin(today)
