"""The ISIC meetings. Every address needs an account, but that of a personal calendar and those of guests."""

from django.urls import path

from meetings.views import agenda, calendar, meetings

app_name = "meetings"

urlpatterns = [
    path("isic/", meetings.index, name="list"),
    path("isic/nouvelle/", meetings.create, name="create"),
    # isic/calendrier/, isic/invite/: addresses that are secrets (`token` is kept out of the log)
    path("isic/calendrier/renouveler/", calendar.renew, name="renew_feed"),
    path("isic/calendrier/<slug:token>.ics", calendar.feed, name="feed"),
    # isic/<pk>/
    path("isic/<int:pk>/", meetings.meeting, name="meeting"),
    path("isic/<int:pk>/modifier/", meetings.edit, name="edit"),
    path("isic/<int:pk>/participants/", meetings.people, name="people"),
    path("isic/<int:pk>/preparer/", agenda.prepare, name="prepare"),
    path("isic/<int:pk>/reunion.ics", calendar.event, name="event"),
    *(
        path(f"isic/<int:pk>/{name}/", meetings.move, {"name": name}, name=move.name)
        for name, move in meetings.MOVES.items()
    ),
]
