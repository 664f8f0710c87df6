"""When the person named on a sheet is gone, its team hears of it, and chooses another contact."""

from actions.completeness import step_url
from actions.models import Action
from actions.workflows import team
from isic.lib.mail import absolute, send_later
from partners.consent import WITHDRAWALS
from partners.models import Contact


@WITHDRAWALS.add
def tell_teams(contact: Contact) -> None:
    """One mail to each person of the team of each sheet that still shows it; the name is in none."""
    sheets = contact.actions.exclude(editorial_state=Action.EditorialState.ARCHIVED)
    for action in sheets.order_by("pk"):
        context = {"title": action.title, "service": contact.label, "url": absolute(step_url(action, "contact"))}
        send_later("contact_withdrawn", team(action).order_by("pk").values_list("email", flat=True), context)
