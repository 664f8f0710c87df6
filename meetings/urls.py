"""The ISIC meetings. Every address needs an account, but that of a personal calendar and those of guests."""

from django.urls import path

from meetings.moves import CANCEL, CLOSE, HOLD, RESUME
from meetings.views import (
    agenda,
    calendar,
    documents,
    guests,
    meetings,
    minutes,
    outbox,
    outcomes,
    presences,
    presentation,
    proposals,
    tasks,
)

app_name = "meetings"

urlpatterns = [
    path("isic/", meetings.index, name="list"),
    path("isic/nouvelle/", meetings.create, name="create"),
    path("isic/nouvelle/annee/", meetings.create_year, name="create_year"),
    # isic/calendrier/, isic/invite/: addresses that are secrets (`token` is kept out of the log)
    path("isic/calendrier/renouveler/", calendar.renew, name="renew_feed"),
    path("isic/calendrier/<slug:token>.ics", calendar.feed, name="feed"),
    path("isic/invite/<str:token>/", guests.guest, name="guest"),
    path("isic/invite/<str:token>/ordre-du-jour.pdf", documents.guest_agenda, name="guest_agenda_pdf"),
    path("isic/invite/<str:token>/compte-rendu.pdf", documents.guest_minutes, name="guest_minutes_pdf"),
    # isic/<pk>/
    path("isic/<int:pk>/", meetings.meeting, name="meeting"),
    path("isic/<int:pk>/modifier/", meetings.edit, name="edit"),
    path("isic/<int:pk>/participants/", meetings.people, name="people"),
    path("isic/<int:pk>/presences/", presences.presences, name="presences"),
    path("isic/<int:pk>/preparer/", agenda.prepare, name="prepare"),
    path("isic/<int:pk>/ordre/", agenda.order, name="order"),
    path("isic/<int:pk>/ajouter/", agenda.add_action, name="add"),
    path("isic/<int:pk>/ajouter/<slug:slug>/", agenda.add_sheet, name="add_sheet"),
    path("isic/<int:pk>/inviter/<slug:slug>/", agenda.invite, name="invite"),
    path("isic/<int:pk>/sujet/", agenda.add_topic, name="add_topic"),
    path("isic/<int:pk>/passages/<int:item>/", agenda.item, name="item"),
    path("isic/<int:pk>/passages/<int:item>/retirer/", agenda.remove, name="remove"),
    path("isic/<int:pk>/approbation/", agenda.add_approval, name="add_approval"),
    path("isic/<int:pk>/propositions/<int:item>/remettre/", agenda.put_back, name="put_back"),
    path("isic/<int:pk>/propositions/<int:item>/ecarter/", agenda.discard, name="discard"),
    path("isic/<int:pk>/presentation/", presentation.presentation, name="presentation"),
    path("isic/<int:pk>/presentation/animation/", presentation.presenter, name="presenter"),
    path("isic/<int:pk>/reunion.ics", calendar.event, name="event"),
    path("isic/<int:pk>/avis/", outcomes.page, name="outcomes"),
    path("isic/<int:pk>/passages/<int:item>/avis/", outcomes.outcome, name="outcome"),
    path("isic/<int:pk>/communiquer/", outcomes.release, name="release"),
    path("isic/<int:pk>/diffuser/", outcomes.spread, name="spread"),
    path("isic/<int:pk>/suites/", tasks.page, name="tasks"),
    path("isic/<int:pk>/suites/<int:task>/", tasks.finish, name="finish"),
    path("isic/<int:pk>/courriers/", outbox.page, name="outbox"),
    path("isic/<int:pk>/courriers/<int:letter>/", outbox.letter, name="letter"),
    path("isic/<int:pk>/courriers/<int:letter>/abandonner/", outbox.discard, name="discard_letter"),
    path("isic/<int:pk>/ordre-du-jour.pdf", documents.agenda, name="agenda_pdf"),
    path("isic/<int:pk>/emargement.pdf", documents.attendance, name="attendance_pdf"),
    path("isic/<int:pk>/fiches.pdf", documents.sheets, name="sheets_pdf"),
    path("isic/<int:pk>/compte-rendu.pdf", documents.minutes_pdf, name="minutes_pdf"),
    path("isic/<int:pk>/compte-rendu.docx", documents.minutes_docx, name="minutes_docx"),
    path("isic/<int:pk>/compte-rendu/", minutes.minutes, name="minutes"),
    path("isic/<int:pk>/compte-rendu/corriger/", minutes.correct, name="correct"),
    path("isic/<int:pk>/tenir/", meetings.move, {"move": HOLD}, name="hold"),
    path("isic/<int:pk>/clore/", meetings.move, {"move": CLOSE}, name="close"),
    path("isic/<int:pk>/annuler/", meetings.move, {"move": CANCEL}, name="cancel"),
    path("isic/<int:pk>/revenir/", meetings.move, {"move": RESUME}, name="resume"),
    # actions/<slug>/isic/
    path("actions/<slug:slug>/isic/", proposals.passages, name="passages"),
    path("actions/<slug:slug>/isic/proposer/", proposals.create, name="propose"),
    path("actions/<slug:slug>/isic/<int:item>/retirer/", proposals.remove, name="withdraw"),
]
