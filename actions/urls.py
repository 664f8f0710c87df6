"""Filing: every address of a person who writes. Reading is the catalogue's."""

from django.urls import path

from actions.freshness import NEWCOMERS, REVIEW
from actions.views import desk, filing, freshness, history, lineage, media, moves, queue, sessions
from actions.workflows import ARCHIVE, PROPOSE, PUBLISH, REOPEN, SEND_BACK

app_name = "actions"

urlpatterns = [
    path("mes-actions/", desk.desk, name="desk"),
    path("a-relire/", queue.queue, name="queue"),
    path("actions/nouvelle/", filing.create, name="create"),
    path("actions/suggestions/<slug:what>/", filing.suggest, name="suggestions"),
    path("actions/<slug:slug>/modifier/", filing.overview, name="edit"),
    path("actions/<slug:slug>/modifier/<slug:step>/", filing.step, name="step"),
    path("actions/<slug:slug>/proposer/", moves.move, {"move": PROPOSE}, name="propose"),
    path("actions/<slug:slug>/renvoyer/", moves.move, {"move": SEND_BACK}, name="send_back"),
    path("actions/<slug:slug>/publier/", moves.move, {"move": PUBLISH}, name="publish"),
    path("actions/<slug:slug>/archiver/", moves.move, {"move": ARCHIVE}, name="archive"),
    path("actions/<slug:slug>/rouvrir/", moves.move, {"move": REOPEN}, name="reopen"),
    path("verifier/<str:token>/", freshness.verify, {"question": REVIEW}, name="verify"),
    path("verifier/accueil/<str:token>/", freshness.verify, {"question": NEWCOMERS}, name="verify_newcomers"),
    path("actions/<slug:slug>/historique/", history.history, name="history"),
    path("actions/<slug:slug>/historique/<int:number>/", history.version, name="version"),
    path("actions/<slug:slug>/historique/<int:number>/restaurer/", history.restore_version, name="restore"),
    path("actions/<slug:slug>/refaire/", lineage.redo, name="redo"),
    path("actions/<slug:slug>/seances/", sessions.index, name="sessions"),
    path("actions/<slug:slug>/seances/ajouter/", sessions.add, name="session_add"),
    path("actions/<slug:slug>/seances/<uuid:session>/", sessions.edit, name="session_edit"),
    path("actions/<slug:slug>/seances/<uuid:session>/annuler/", sessions.cancel, name="session_cancel"),
    path("actions/<slug:slug>/seances/<uuid:session>/retablir/", sessions.reinstate, name="session_reinstate"),
    path("actions/<slug:slug>/medias/", media.index, name="media"),
    path("actions/<slug:slug>/medias/ajouter/", media.add, name="media_add"),
    path("actions/<slug:slug>/medias/fichier/", media.receive, name="media_receive"),
    path("actions/<slug:slug>/medias/<uuid:key>/", media.edit, name="media_edit"),
    path("actions/<slug:slug>/medias/<uuid:key>/supprimer/", media.remove, name="media_remove"),
]
