"""Why a sheet moves: one sentence, that its team will read."""

from django import forms

from actions.models import Action
from actions.workflows import Move


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        max_length=Action._meta.get_field("editorial_reason").max_length,
        help_text="En une phrase\u00a0: l’équipe de la fiche la lira. Ne nommez aucune personne accompagnée.",
    )


class MoveForm(ReasonForm):
    """The question of a move, if it asks one."""

    def __init__(self, *args, move: Move, **kwargs):
        super().__init__(*args, **kwargs)
        if not move.asks:
            del self.fields["reason"]
            return
        field = self.fields["reason"]
        field.label, field.required = move.asks, move.is_reason_needed
        if not move.managers_only:
            field.help_text = "En une phrase, si vous le souhaitez. Ne nommez aucune personne accompagnée."
