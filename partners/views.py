"""Contacts: a unit writes its own; a person named in one takes the name back, without signing in."""

from contextlib import nullcontext
from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from isic.lib.merge import base_of, merge, read_base
from isic.lib.submissions import Submission
from isic.lib.two_texts import Choice, ask
from partners.consent import find
from partners.forms import ContactForm, RestoreForm, WithdrawalForm
from partners.models import Contact
from territories.models import Territory


@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    """For the unit that the address names, one of the person's own."""
    units = Territory.objects.local_units().offered_to(request.user, None)
    unit = get_object_or_404(units, slug=request.GET.get("unite", ""))
    with transaction.atomic() if request.method == "POST" else nullcontext():
        return _page(request, Contact(unit=unit))


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit(request, pk):
    """A save holds the row from its first look: it cannot write again a name withdrawn meanwhile."""
    contacts = Contact.objects.editable_by(request.user)
    if request.method == "POST":
        contacts = contacts.select_for_update()
    return _page(request, get_object_or_404(contacts, pk=pk))


def _page(request, contact: Contact):
    # The form writes what was typed into its own.
    form = ContactForm(request.POST if request.method == "POST" else None, instance=copy(contact), user=request.user)
    if form.is_bound and not contact.consent_withdrawn_on and form.is_valid():
        base, stored = read_base(request.POST), ContactForm.words_of(contact)
        if not contact.pk:
            base = base_of(stored)  # nobody else writes it
        saved = merge(base, form.mine(), stored, leave=Choice.read(request.POST).theirs)
        if saved.conflicts:
            words = {"label": form.label_of, "words": lambda name, value: value}
            return ask(request, saved.unwritten(base), **words, title=f"{contact.label} – Contact")
        once = Submission("") if contact.pk else Submission.of(request, {"unit": contact.unit_id, **form.mine()})
        if once.made:
            return _saved(request, once.made)
        if _save(form, contact, saved.values):
            once.keep(contact)
            return _saved(request, contact.pk)
        once.drop()
    context = {"contact": contact, "form": form}
    return render(request, "partners/contact.html", context, status=422 if form.is_bound else 200)


def _saved(request, pk) -> HttpResponseRedirect:
    messages.success(request, "Le contact est enregistré.")
    return HttpResponseRedirect(reverse("partners:contact", args=[pk]))


def _save(form: ContactForm, contact: Contact, names) -> bool:
    """False where the changes of two people, each right alone, are wrong together."""
    try:
        form.save(contact, names)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@require_POST
def withdraw_name(request, pk):
    """In one click, from the page of the contact, where it may be put back until the next day."""
    with transaction.atomic():
        contacts = Contact.objects.editable_by(request.user).exclude(consent_given_on=None).select_for_update()
        get_object_or_404(contacts, pk=pk).withdraw_consent(by=request.user)
    messages.success(request, "Le nom, l’adresse et le téléphone de la personne ne paraissent plus nulle part.")
    return HttpResponseRedirect(reverse("partners:contact", args=[pk]))


@require_POST
def restore_name(request, pk):
    """What somebody of the house withdrew; never what the person did."""
    with transaction.atomic():
        contacts = Contact.objects.editable_by(request.user).exclude(consent_withdrawn_by=None).select_for_update()
        contact = get_object_or_404(contacts, pk=pk)
        contact.restore_consent()
    if contact.person_name:
        messages.success(request, "Le nom est remis.")
    else:
        messages.error(request, "Il est trop tard\u00a0: le nom est effacé pour de bon.")
    return HttpResponseRedirect(reverse("partners:contact", args=[pk]))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, token):
    """Where the mail to the person leads: a choice and its button; then, until the next day, a way back."""
    contact = find(token)
    if contact is None:
        return render(request, "partners/withdraw_unknown.html", status=410)
    data = request.POST if request.method == "POST" else None
    form = WithdrawalForm(data) if contact.person_name else RestoreForm(data)
    if form.is_valid():
        with transaction.atomic():
            held = Contact.objects.select_for_update().get(pk=contact.pk)
            _answer(request, held, form)
        return HttpResponseRedirect(request.path)
    context = {"contact": contact, "form": form}
    return render(request, "partners/withdraw.html", context, status=422 if form.is_bound else 200)


def _answer(request, contact: Contact, form: WithdrawalForm | RestoreForm) -> None:
    if isinstance(form, RestoreForm):
        contact.restore_consent()
    elif form.withdraws:
        contact.withdraw_consent()
    else:
        messages.success(request, "Rien n’est changé\u00a0: votre nom reste sur les fiches.")
