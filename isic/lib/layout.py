"""The pieces of a form's page, for a crispy `Layout`: sections, fields side by side, rows."""

from crispy_forms.layout import LayoutObject
from django.template.loader import render_to_string


class Section(LayoutObject):
    """Fields under a heading: one idea."""

    def __init__(self, title: str, *fields, help: str = "", id: str = ""):  # noqa: A002 -- the words of HTML
        self.title, self.help, self.id = title, help, id
        self.fields = list(fields)

    def render(self, form, context, **kwargs):
        html = self.get_rendered_fields(form, context, **kwargs)
        return render_to_string("isic/layout/section.html", {"section": self, "html": html})


class Pair(LayoutObject):
    """Fields side by side where there is room; with a legend, one question in several fields."""

    def __init__(self, *fields, legend: str = "", help: str = ""):  # noqa: A002 -- the word of the fields
        self.legend, self.help = legend, help
        self.fields = list(fields)

    def render(self, form, context, **kwargs):
        html = self.get_rendered_fields(form, context, **kwargs)
        return render_to_string("isic/layout/pair.html", {"pair": self, "html": html})


class Rows:
    """The rows of this name (`FrontForm.row_sets`)."""

    def __init__(self, name: str):
        self.name = name

    def render(self, form, context, **kwargs):
        formset = form.rows[self.name]
        rows = [(row, row.helper.render_layout(row, context)) for row in formset]
        blank = formset.empty_form
        template = (blank, blank.helper.render_layout(blank, context))
        return render_to_string("isic/layout/rows.html", {"formset": formset, "rows": rows, "blank": template})
