"""Mails of the house: plain French text, one message a person, sent in the background.

`templates/mail/<template>.txt` is the body, from « Bonjour » to the last sentence; its partial `subject` is the subject.
The signature follows by itself.
"""

import re
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template

from isic.lib.background import background


def absolute(path: str) -> str:
    """The address of a page for someone who is not on the site."""
    return settings.SITE_URL + path


def send_later(template: str, to: Iterable[str], context: dict, unsubscribe: str = "") -> None:
    """One message for each address, so that nobody sees those of the others.

    The context is what JSON can say; the table of tasks keeps it for a while, so no body and no secret goes there.
    """
    for address in dict.fromkeys(filter(None, to)):
        deliver.later(template, address, context, unsubscribe)


@background("Courriel")
def deliver(template: str, address: str, context: dict, unsubscribe: str) -> None:
    compose(template, address, context, unsubscribe).send()


def written(template: str, context: dict) -> tuple[str, str]:
    """Subject, on one line whatever a title holds, and body, as somebody may read them before they leave."""
    subject = re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", _render(f"mail/{template}.txt#subject", context))
    return subject.strip(), _render(f"mail/{template}.txt", context).strip()


def compose(template: str, address: str, context: dict, unsubscribe: str = "") -> EmailMessage:
    subject, body = written(template, context)
    signature = _render("mail/signature.txt", {})
    headers = {"Auto-Submitted": "auto-generated"}
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
    return EmailMessage(
        subject=subject,
        body=f"{body}\n\n-- \n{signature}",
        to=[address],
        reply_to=[settings.SERVICE_EMAIL] if settings.SERVICE_EMAIL else [],
        headers=headers,
    )


def _render(name: str, context: dict) -> str:
    """Text, not HTML: nothing is escaped."""
    site = {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "SERVICE_NAME": settings.SERVICE_NAME,
        "SERVICE_EMAIL": settings.SERVICE_EMAIL or settings.SERVICE_NAME,
    }
    return get_template(name).template.render(Context(site | context, autoescape=False))
