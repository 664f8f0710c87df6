"""Every address of the house, room by room."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("compte/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("catalogue.urls")),
]
