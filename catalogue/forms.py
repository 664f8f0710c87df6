"""The bound forms through which a page reads its parameters."""

from django import forms
from django.utils.functional import cached_property

from isic.lib.names import Name
from isic.lib.parameters import with_parameters
from territories.fields import name_of, names_of, unknown
from territories.finding import Answer, Candidate, Gazetteer

COMMUNE = frozenset(("commune",))


class GroupSearchForm(forms.Form):
    """« Je cherche un groupe » : near which commune, and whether one would go far."""

    commune = forms.CharField(required=False, max_length=120)
    loin = forms.BooleanField(required=False)
    page = forms.CharField(required=False, max_length=40)

    def __init__(self, data, *, gazetteer: Gazetteer):
        self._gazetteer = gazetteer
        super().__init__(data)

    @property
    def typed(self) -> str:
        """What was asked, to be shown again."""
        return self.data.get("commune", "")[:120]

    @cached_property
    def answer(self) -> Answer:
        """Which commune was asked for."""
        return self._gazetteer.find(self.typed, COMMUNE)

    @property
    def key(self) -> int | None:
        """The commune asked for, when it is one we know."""
        return self.answer.place.pk if self.is_valid() and self.answer.place else None

    @property
    def offered(self) -> list[dict]:
        """The communes that may be meant, each with its address."""
        names = names_of(self.answer.choices or self.answer.suggestions)
        return [{"name": name, "url": with_parameters(self.data, commune=name.value)} for name in names]

    @property
    def read_as(self) -> Name | None:
        """The commune understood, where what was asked is not its name."""
        answer = self.answer
        return name_of(Candidate(answer.place, answer.reading)) if answer.place and answer.reading else None

    def clean_commune(self) -> str:
        asked = self.cleaned_data["commune"].strip()
        if not asked or self.answer.place:
            return asked
        shown = f"«\u00a0{asked[:60]}\u00a0»"
        if self.answer.choices:
            raise forms.ValidationError(f"{shown} peut être plusieurs communes. Laquelle\u00a0?")
        if self.answer.suggestions:
            raise forms.ValidationError(f"Nous ne connaissons pas la commune {shown}. Vouliez-vous dire\u00a0:")
        raise forms.ValidationError(unknown(asked, self.answer))
