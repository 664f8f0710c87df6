"""What a reader meets when something is refused or fails: one French page that says what to do next."""

import errno
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.test import RequestFactory

from isic.lib.errors import server_error
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.engine

UNREADABLE = "Cette demande n’est pas lisible"
TOO_LONG = "Cette recherche est trop longue"


def assert_page(response, status: int, heading: str) -> None:
    assert response.status_code == status
    assert first_headings(response.text) == [heading]
    assert_valid_html(response.text)


def test_unknown_address_offers_a_search(client, db):
    response = client.get("/nulle-part/")

    assert_page(response, 404, "Cette page n’existe pas ou n’existe plus")
    assert 'name="q"' in response.text


@pytest.mark.parametrize("path", ["/?q=%00", "/?%00=1", "/%00/", "/?q=%ff", "/?q=%c3%28", "/actions/?page=1%00"])
def test_unreadable_address_is_refused(client, path):
    assert_page(client.get(path), 400, UNREADABLE)


@pytest.mark.parametrize("value", ["é", "😀", "\u202e", "%", "100 % « gratuit »"])
def test_any_written_text_is_read(client, db, value):
    assert client.get(f"/plan-du-site/?q={quote(value)}").status_code == 200


@pytest.mark.parametrize("body", [b"login=a%00b", b"login%00=a", b"login=%ff"])
def test_unreadable_form_is_refused(client, db, body):
    response = client.post("/compte/login/", body, content_type="application/x-www-form-urlencoded")

    assert_page(response, 400, UNREADABLE)


def test_two_hundred_parameters_are_the_most(client, db):
    accepted = "&".join(["a=1"] * 200)

    assert client.get(f"/contact/?{accepted}").status_code == 200
    assert_page(client.get(f"/contact/?{accepted}&a=1"), 414, TOO_LONG)


def test_long_query_is_refused(client, db):
    assert client.get("/contact/?q=" + "a" * 5_998).status_code == 200
    assert_page(client.get("/contact/?q=" + "a" * 5_999), 414, TOO_LONG)


def test_foreign_host_is_refused(client):
    assert_page(client.get("/contact/", headers={"host": "evil.example.org"}), 400, UNREADABLE)


def test_trace_is_refused(client):
    assert client.trace("/contact/").status_code == 405


def test_pages_of_reading_refuse_to_be_written(client, db):
    assert client.post("/contact/").status_code == 405


def test_heavy_form_is_refused(client, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = client.post("/compte/login/", {"login": "x" * 200})

    assert_page(response, 413, "C’est trop lourd")


def test_heavy_upload_is_refused_before_it_is_read(client, db, settings):
    settings.MAX_BODY_LENGTH = 100

    response = client.post("/contact/", {"file": SimpleUploadedFile("film.mp4", b"x" * 200)})

    assert_page(response, 413, "C’est trop lourd")


def test_form_with_too_many_fields_is_refused(client, db, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    assert_page(client.post("/compte/login/", {str(n): "x" for n in range(4)}), 400, UNREADABLE)


def test_form_without_token_is_refused(agent_client):
    agent_client.handler.enforce_csrf_checks = True

    assert_page(agent_client.post("/compte/logout/"), 403, "Ce formulaire n’est plus valable")
    assert agent_client.get("/compte/").status_code == 200


def test_agent_is_told_that_the_administration_is_closed_to_him(agent_client):
    assert_page(agent_client.get("/admin/login/"), 403, "Cette page ne vous est pas ouverte")


@pytest.mark.parametrize("failure", [OperationalError("gone"), InterfaceError("closed")])
def test_silent_database_is_a_passing_failure(client, db, failure):
    def refuse(*arguments):
        raise failure

    client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        response = client.get("/")

    assert_page(response, 503, "Le site est momentanément indisponible")
    assert response["Retry-After"] == "30"


def test_failure_is_told_without_its_cause(client, db):
    def fail(*arguments):
        raise RuntimeError("the cause")

    client.raise_request_exception = False
    with connection.execute_wrapper(fail):
        response = client.get("/")

    assert_page(response, 500, "Le site a rencontré une erreur")
    assert "cause" not in response.text


def test_full_disk_is_told(client, db):
    def fail(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    client.raise_request_exception = False
    with connection.execute_wrapper(fail):
        response = client.get("/")

    assert_page(response, 507, "Le site n’a plus de place")


@pytest.mark.parametrize("method", ["get", "put"])
def test_address_of_a_button_says_so_when_it_is_opened(agent_client, method):
    response = getattr(agent_client, method)("/isic/3/ordre/")

    assert_page(response, 405, "Cette adresse ne s’ouvre pas seule")
    assert response["Allow"] == "POST"


def test_form_sent_after_the_session_ended_leads_back_to_its_page(client, db):
    def led_to(referer):
        return client.post("/isic/3/ordre/", {}, HTTP_REFERER=referer).url

    assert led_to("http://testserver/isic/3/preparer/?a=1#b") == "/compte/login/?next=/isic/3/preparer/%3Fa%3D1"
    assert led_to("http://elsewhere.example/") == led_to("") == "/compte/login/?next=/isic/3/ordre/"


def test_page_of_failures_outlives_its_own_template(settings):
    settings.TEMPLATES = []

    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert response.text.startswith("Le site a rencontré une erreur.")
