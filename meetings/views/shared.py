"""The page of a form that two people may send at once (meetings.forms.shared): shown, judged, saved, or asked about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from isic.lib.merge import read_base
from isic.lib.rows import after_operation, operation
from isic.lib.two_texts import Choice, ask
from meetings.forms.shared import SharedForm, WrongTogether
from meetings.workflows import Asked


@dataclass(frozen=True)
class SharedPage:
    """`stored`: the values of now, in the names of the form."""

    request: HttpRequest
    form: type[SharedForm]
    stored: Mapping
    template: str
    #: Of both pages; `head` and `title` are for the page of two texts.
    context: Mapping
    #: Further keyword arguments of the form.
    kwargs: Mapping = field(default_factory=dict)

    def answer(self, save: Callable, next_page: str) -> HttpResponse:
        """`save(form, base=…, leave=…)` writes; it may raise Asked, ValidationError or WrongTogether, and say what is done."""
        request = self.request
        if request.method != "POST":
            return self.show(self.make())
        if operation(request.POST, self.form.row_sets):
            return self.show(after_operation(self.form, request.POST, stored=self.stored, **self.kwargs))
        choice = Choice.read(request.POST)
        form = self.make(choice.join(request.POST, self.stored))
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            done = save(form, base=read_base(form.data), leave=choice.theirs)
        except Asked as asked:
            return self.compare(form, asked)
        except WrongTogether as wrong:
            return self.show(self.make(initial=wrong.values), error=" ".join(wrong.messages), status=409)
        except ValidationError as error:
            return self.show(form, error=" ".join(error.messages), status=409)
        messages.success(request, done or "C’est enregistré.")
        return HttpResponseRedirect(next_page)

    def make(self, data=None, **more) -> SharedForm:
        return self.form(data, stored=self.stored, **self.kwargs, **more)

    def show(self, form: SharedForm, *, error: str = "", status: int = 200) -> HttpResponse:
        return render(self.request, self.template, {**self.context, "form": form, "error": error}, status=status)

    def compare(self, form: SharedForm, asked: Asked) -> HttpResponse:
        """Both texts side by side; nothing is saved yet."""
        return ask(
            self.request,
            asked.saved,
            label=form.label_of,
            words=form.words_of,
            texts=form.texts,
            can_resume=True,
            **self.context,
        )
