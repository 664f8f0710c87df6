"""Who may open the photos and documents of the sheets."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from actions.models import Media
from tests.documents import pdf_bytes
from tests.factories import ActionFactory, MediaFactory

pytestmark = pytest.mark.django_db


def snapshot(action, **fields) -> Media:
    fields = {"file": ContentFile(pdf_bytes(), "bilan.pdf"), **fields}
    return MediaFactory(action=action, kind=Media.Kind.DOCUMENT, url="", **fields)


def get(client, url: str):
    """The answer, read to its end, which closes the file."""
    response = client.get(url)
    response.body = response.getvalue()
    return response


def test_photo_of_a_public_sheet_is_drawn_and_runs_nothing(client):
    photo = MediaFactory(action=ActionFactory(published=True), image=True)

    response = get(client, photo.file.url)

    with photo.file.open() as file:
        assert response.body == file.read()
    headers = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Cache-Control")
    assert [response[name] for name in headers] == [
        "image/jpeg",
        "default-src 'none'; sandbox",
        "nosniff",
        "private, max-age=3600",
    ]
    assert "attachment" not in response["Content-Disposition"]


@pytest.mark.parametrize("reader", ["client", "agent_client"])
def test_photo_of_a_public_sheet_is_asked_of_the_database_once_for_all(reader, request, django_assert_num_queries):
    """Forty browsers that open a deck ask for a thousand at once; and each keeps them, whoever signed in on it."""
    photo = MediaFactory(action=ActionFactory(published=True), image=True)
    reader = request.getfixturevalue(reader)
    get(reader, photo.file.url)

    with django_assert_num_queries(1):  # has the catalogue changed?
        response = get(reader, photo.file.url)

    assert (response.status_code, response["Cache-Control"]) == (200, "private, max-age=3600")
    assert "Cookie" not in response.get("Vary", "")


def test_photo_for_some_is_kept_by_no_browser(agent_client, unit):
    photo = MediaFactory(action=ActionFactory(carrier_unit=unit), image=True)

    assert get(agent_client, photo.file.url)["Cache-Control"] == "private, no-store"


@pytest.mark.engine
@pytest.mark.parametrize("change", [{"visibility": "agents"}, {"editorial_state": "archived"}])
def test_photo_that_was_public_is_gone_at_once(change, client, agent_client):
    action = ActionFactory(published=True)
    photo = MediaFactory(action=action, image=True)
    assert get(client, photo.file.url).status_code == 200

    for name, value in change.items():
        setattr(action, name, value)
    action.save()

    assert get(client, photo.file.url).status_code == 404


def test_photo_taken_away_is_gone_at_once(client):
    photo = MediaFactory(action=ActionFactory(published=True), image=True)
    assert get(client, photo.file.url).status_code == 200

    with transaction.atomic():
        photo.delete()

    assert get(client, photo.file.url).status_code == 404


def test_photo_that_a_page_lends_is_seen_without_a_question_while_its_rights_hold(
    client, unit, django_assert_num_queries
):
    photo, other = (MediaFactory(action=ActionFactory(carrier_unit=unit), image=True) for _ in range(2))
    photo.lend()
    lent = photo.address()
    get(client, lent)

    with django_assert_num_queries(2):  # has the catalogue changed? is it still there?
        response = get(client, lent)

    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    swapped = lent.replace(photo.file.name, other.file.name)
    assert [get(client, url).status_code for url in (photo.file.url, swapped)] == [404, 404]
    photo.rights_until = timezone.localdate() - dt.timedelta(days=1)
    with transaction.atomic():
        photo.save()
    assert get(client, lent).status_code == 404


def test_files_of_a_draft_exist_for_those_who_see_it(client, unit, agent_client, stranger_client):
    photo = MediaFactory(action=ActionFactory(carrier_unit=unit), image=True)

    statuses = [get(c, photo.file.url).status_code for c in (client, stranger_client, agent_client)]

    assert statuses == [404, 404, 200]


def test_photo_is_gone_the_day_after_its_rights_end(client):
    action, today = ActionFactory(published=True), timezone.localdate()
    held = MediaFactory(action=action, image=True, rights_until=today)
    expired = MediaFactory(action=action, image=True, rights_until=today - dt.timedelta(days=1))

    assert [get(client, photo.file.url).status_code for photo in (held, expired)] == [200, 404]


def test_document_is_downloaded_under_its_title(client):
    item = snapshot(ActionFactory(published=True), title="Bilan de l’été / 2026")

    assert get(client, item.file.url)["Content-Disposition"] == 'attachment; filename="bilan-de-l-ete-2026.pdf"'


@pytest.mark.parametrize("name", ["page.html", "dessin.svg", "jeu", "photo.jpg.html"])
def test_file_put_there_by_another_hand_is_downloaded(client, name):
    item = snapshot(ActionFactory(published=True))
    item.file.storage.save(name, ContentFile(b"<script>alert(1)</script>"))
    Media.objects.update(file=name)

    assert get(client, f"/media/{name}")["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path", ["actions/2026/rien.jpg", "../db.sqlite3", "/etc/passwd", "%00", "..%2f..%2fetc/passwd"]
)
def test_only_files_of_sheets_are_served(client, path):
    assert client.get(f"/media/{path}").status_code in (400, 404)


def test_a_file_that_is_lost_is_not_found(client):
    item = snapshot(ActionFactory(published=True))
    item.file.storage.delete(item.file.name)

    assert client.get(item.file.url).status_code == 404


def test_files_are_only_read(client):
    photo = MediaFactory(action=ActionFactory(published=True), image=True)

    assert client.post(photo.file.url).status_code == 405
