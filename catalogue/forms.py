"""The bound forms through which a page reads its parameters."""

from django import forms

from isic.lib.ordering import sort_key


class GroupSearchForm(forms.Form):
    """« Je cherche un groupe » : near which commune, and whether one would go far."""

    commune = forms.CharField(required=False, max_length=120)
    loin = forms.BooleanField(required=False)
    page = forms.CharField(required=False, max_length=40)

    def __init__(self, data, *, communes: list[dict]):
        self._communes = communes
        super().__init__(data)

    @property
    def typed(self) -> str:
        """What was asked, to be shown again."""
        return self.data.get("commune", "")[:120]

    @property
    def place(self) -> dict | None:
        """The commune asked for, when it is one we know."""
        return self.cleaned_data["commune"] if self.is_valid() else None

    def clean_commune(self) -> dict | None:
        """By official code or by name, whatever the accents and hyphens."""
        asked = self.cleaned_data["commune"].strip()
        if not asked:
            return None
        key = sort_key(asked)
        matches = [row for row in self._communes if row["code"] == asked or sort_key(row["name"]) == key]
        if not matches:
            raise forms.ValidationError(
                f"Nous ne connaissons pas la commune «\u00a0{asked[:60]}\u00a0». Choisissez-la dans la liste."
            )
        return matches[0]
