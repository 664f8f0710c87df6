"""Why several sheets move: one sentence, that their teams will read."""

from django import forms

from actions.models import Action
from isic.lib.admin_forms import AdminForm


class ReasonForm(AdminForm, forms.Form):
    reason = forms.CharField(
        label="Motif",
        max_length=Action._meta.get_field("editorial_reason").max_length,
        help_text="En une phrase\u00a0: l’équipe de la fiche la lira. Ne nommez aucune personne accompagnée.",
    )
