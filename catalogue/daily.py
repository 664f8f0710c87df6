"""What is done once a day for those who search."""

from datetime import date

from catalogue import fruitless
from isic.lib.background import daily


@daily("Recherches sans résultat de plus de trente jours")
def forget_searches(today: date) -> None:
    fruitless.forget(today)
