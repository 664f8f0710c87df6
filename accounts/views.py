"""The page of one's own account, the invitation that opens it, the second factor that protects it."""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.password_reset import perform_password_reset_login
from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import FormView

from accounts import invitations
from accounts.forms import InvitationForm
from accounts.models import User


@require_safe
def home(request):
    """Who I am here, what I may do, in which units."""
    memberships = request.user.memberships.select_related("territory")
    roles = [(role.label, User.ROLE_HELP[role]) for role in User.Role]
    return render(request, "account/home.html", {"memberships": memberships, "roles": roles})


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
