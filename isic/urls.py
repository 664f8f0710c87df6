"""Every address of the house, room by room."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from isic import pages
from isic.lib import errors

# One door: the admin's own sign-in form would know neither our throttle nor, later, the second factor.
admin.site.login = secure_admin_login(admin.site.login)

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler429 = errors.too_many_requests
handler500 = errors.server_error

urlpatterns = [
    path("compte/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("mentions-legales/", pages.page, {"name": "legal"}, name="legal"),
    path("donnees-personnelles/", pages.page, {"name": "privacy"}, name="privacy"),
    path("accessibilite/", pages.page, {"name": "accessibility"}, name="accessibility"),
    path("contact/", pages.page, {"name": "contact"}, name="contact"),
    path("plan-du-site/", pages.page, {"name": "site_map"}, name="site_map"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
    path("theme.css", pages.theme, name="theme"),
    path("favicon.ico", pages.favicon),
    path("editeur.js", pages.editor_words, name="editor_words"),
    path("", include("actions.urls")),
    path("", include("partners.urls")),
    path("", include("meetings.urls")),
    path("", include("catalogue.urls")),
]
