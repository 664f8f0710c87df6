"""What the link of a reminder asks: one choice, none made beforehand."""

from django import forms

from actions.freshness import Question
from isic.lib.forms import FrontForm


class AnswerForm(FrontForm, forms.Form):
    answer = forms.ChoiceField(
        label="Votre réponse", widget=forms.RadioSelect, error_messages={"required": "Choisissez une réponse."}
    )

    def __init__(self, *args, question: Question, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = question.answers.items()


class CancelForm(FrontForm, forms.Form):
    cancel = forms.BooleanField(
        label="Oui, annuler cette réponse",
        error_messages={"required": "Cochez la case pour annuler la réponse\u00a0: rien n’est changé."},
    )
