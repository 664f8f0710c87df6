"""Contacts, for those who write them and those who are named in them."""

from django.urls import path

from partners import views

app_name = "partners"

urlpatterns = [
    path("contacts/nouveau/", views.create, name="create"),
    path("contacts/<int:pk>/", views.edit, name="contact"),
    path("contacts/<int:pk>/retirer/", views.withdraw_name, name="withdraw_name"),
    path("contacts/<int:pk>/remettre/", views.restore_name, name="restore_name"),
    path("contacts/retrait/<str:token>/", views.withdraw, name="withdraw"),
]
