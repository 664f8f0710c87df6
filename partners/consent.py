"""The agreement of a named professional: what it says, how its person hears of it, and the link that takes it back."""

import datetime as dt
from collections.abc import Callable

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from isic.lib.background import background
from isic.lib.mail import absolute, compose
from isic.lib.registry import Registry
from partners.models import Contact

#: A wording is never changed: another one gets another version, and those who agreed agreed to theirs.
WORDINGS = {
    "": "Un accord écrit, recueilli avant le texte d’aujourd’hui.",
    "2026-12": "J’accepte que mon nom, mon adresse e-mail et mon téléphone professionnels paraissent sur les fiches des "
    "actions collectives, pour que l’on puisse me joindre à leur sujet. Cet accord vaut un an et se renouvelle chaque "
    "année. Je peux le retirer à tout moment, sans dire pourquoi\u00a0: mon nom, mon adresse et mon téléphone ne paraissent "
    "alors plus nulle part, aussitôt, et sont effacés pour de bon le surlendemain.",
}
WORDING = "2026-12"

#: Who hears that the person of a contact is gone, from the modules `withdrawals`.
WITHDRAWALS: Registry[Callable[[Contact], None]] = Registry("withdrawals")

_signer = Signer(salt="partners.withdrawal")


def withdrawal_path(contact: Contact) -> str:
    """Good for as long as the name is published, and the day after; and only for that."""
    return reverse("partners:withdraw", args=[_signer.sign(contact.pk)])


def find(token: str) -> Contact | None:
    """Whose link this is, also once the name is withdrawn; nobody's when it is forged or cut."""
    try:
        return Contact.objects.exclude(consent_given_on=None).filter(pk=_signer.unsign(token)).first()
    except BadSignature:
        return None


@transaction.atomic
def forget(today: dt.date) -> None:
    """Erase for good what was withdrawn, once nobody may put it back; the rooms above hear of each, once."""
    for contact in Contact.objects.to_forget(today).select_for_update():
        contact.withdrawn = None
        contact.save()
        for listen in WITHDRAWALS:
            listen(contact)


def tell(contact: Contact) -> None:
    """Write to the person whose name has just been recorded, at the address that is published."""
    if contact.person_name and contact.email:
        deliver.later(contact.pk)


@background("Accord d’une personne nommée")
def deliver(pk: int) -> None:
    """Build the link only when the mail is sent, so that the task table holds neither it nor the address."""
    contact = Contact.objects.publishable().exclude(person_name="").filter(pk=pk).first()
    if contact:
        context = {"service": contact.label, "wording": WORDINGS[contact.consent_wording]}
        compose("consent", contact.email, context | {"url": absolute(withdrawal_path(contact))}).send()
