"""What is done once a day for the accounts."""

from datetime import date

from accounts import requests
from accounts.sessions import SessionStore
from isic.lib.background import daily


@daily("Comptes demandés restés sans réponse")
def forget_requests(today: date) -> None:
    requests.forget(today)


@daily("Comptes demandés la veille, pour l’administration")
def tell_requests(today: date) -> None:
    requests.tell(today)


@daily("Connexions terminées")
def clear_sessions(today: date) -> None:
    SessionStore.clear_expired()
