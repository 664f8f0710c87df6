"""The page of one's own account, the invitation that opens it, the second factor that protects it."""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.password_reset import perform_password_reset_login
from allauth.account.views import LogoutView
from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import FormView

from accounts import invitations
from accounts.forms import InvitationForm
from accounts.models import SignIn, User
from isic.lib.words import counted


@require_safe
def home(request):
    """Who I am here, what I may do, in which units."""
    memberships = request.user.memberships.select_related("territory")
    roles = [(role.label, User.ROLE_HELP[role]) for role in User.Role]
    return render(request, "account/home.html", {"memberships": memberships, "roles": roles})


@require_http_methods(["GET", "HEAD", "POST"])
def sign_ins(request):
    """Where one is signed in; a POST ends one of them, or all the others."""
    request.session.save()  # this one too is read from the table
    standing = SignIn.objects.standing_of(request.user)
    here = request.session.session_key
    if request.method == "POST":
        ended = [one for one in standing if _is_asked_to_end(request.POST, one, here)]
        for one in ended:
            one.delete()
        if ended:
            messages.success(request, f"{counted(len(ended), 'connexion')} fermée{'s' if len(ended) > 1 else ''}.")
        else:
            messages.info(request, "Il n’y avait plus rien à fermer.")
        return HttpResponseRedirect(request.path)
    return render(request, "account/sign_ins.html", {"sign_ins": standing, "here": here})


def _is_asked_to_end(data, sign_in: SignIn, here: str) -> bool:
    """Never the one that asks: signing out is for that."""
    return sign_in.session_key != here and ("others" in data or data.get("sign_in") == sign_in.handle)


class SignOut(LogoutView):
    """What the browser kept of the pages goes; the texts that wait in it are its owner's, who says whether they go too."""

    def post(self, *args, **kwargs):
        response = super().post(*args, **kwargs)
        # Another account may have texts here: static/js/sign-out.js takes one's own away, and says when none is left.
        stores = '"cache", "storage"' if self.request.POST.get("storage") == "clear" else '"cache"'
        response["Clear-Site-Data"] = stores
        return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="invitation")
def invitation(request, uidb36, token):
    """The page that a mail of invitation opens: only its form writes."""
    user = invitations.find(uidb36, token)
    if user is None:
        return render(request, "account/invitation_spent.html", {"days": invitations.LIFETIME.days}, status=410)
    form = InvitationForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        form.save()
        return perform_password_reset_login(request, user)
    return render(request, "account/invitation.html", {"form": form, "invited": user})


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class SecondFactorActivate(ActivateTOTPView):
    """Activate, or replace: the former phone works until the new one has given its code."""

    def dispatch(self, request, *args, **kwargs):
        # That of the library sends away whoever has one already.
        return FormView.dispatch(self, request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form):
        Authenticator.objects.filter(user=self.request.user).delete()  # new recovery codes come with the new phone
        return super().form_valid(form)


class DownloadRecoveryCodes(DownloadRecoveryCodesView):
    def render_to_response(self, context, **response_kwargs):
        response = super().render_to_response(context, **response_kwargs)
        response["Content-Disposition"] = 'attachment; filename="codes-de-secours.txt"'
        return response
