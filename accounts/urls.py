"""Signing in and out, one's password and second factor: the few of allauth's addresses that this site uses, under allauth's names."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from . import views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("login/", allauth.login, name="account_login"),
    path("logout/", login_not_required(views.SignOut.as_view()), name="account_logout"),
    path("sessions/", views.sign_ins, name="account_sign_ins"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    # Closed: the page says whom to ask for an account.
    path("signup/", allauth.signup, name="account_signup"),
    re_path(r"^invitation/(?P<uidb36>[0-9A-Za-z]+)-(?P<token>.+)/$", views.invitation, name="account_invitation"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/authenticate/", login_not_required(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/activate/", views.SecondFactorActivate.as_view(), name="mfa_activate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", views.DownloadRecoveryCodes.as_view(), name="mfa_download_recovery_codes"),
]
