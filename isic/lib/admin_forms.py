"""The forms of the admin, under the rules of every other: they ask before they keep what tells of a person."""

from django.utils.html import format_html

from isic.lib.people import AsksAboutPeople


class AdminForm(AsksAboutPeople):
    """The admin shows a field's errors and nothing else of it: the box is beside the words of the error."""

    def refuse(self, name: str, words: str) -> None:
        box, label = self.confirmations[name]
        question = '{} <label><input type="checkbox" name="{}"> {}</label><input type="hidden" name="{}" value="oui">'
        self.add_error(name, format_html(question, words, box, label, self.askings[name]))


class AsksForms:
    """Before a ModelAdmin or an inline: its forms, those that a subclass names included."""

    #: Name of a field → kinds in their place there.
    belongs: dict[str, frozenset[str]] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("form", "add_form"):
            if form := getattr(self, name, None):
                bases = (form,) if issubclass(form, AdminForm) else (AdminForm, form)
                setattr(
                    self, name, type(form.__name__, bases, {"belongs": self.belongs, "__module__": form.__module__})
                )
