"""What opens a page to whoever has it: neither in a log, nor on a page of refusal, nor in a Referer, whatever was asked."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.urls import URLResolver, get_resolver

from isic.lib.secret_links import HideSecrets, hide, is_secret
from partners.consent import withdrawal_path
from tests.factories import ContactFactory

SECRET = "1-s3cr3ts3cr3t"
_PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


def addresses(patterns, before: str = "/") -> Iterator[tuple[str, list[str]]]:
    """Every address of the site, with the names of its parameters."""
    for entry in patterns:
        route = before + re.sub(r"[\^$]|\\Z", "", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        else:
            yield route, [first or second for first, second in _PARAMETER.findall(route)]


def secret_addresses() -> list[str]:
    """« uidb36 » and what follows it make one secret."""
    routes = [
        route
        for route, names in addresses(get_resolver().url_patterns)
        if {"token", "uidb36"} & set(names) and not route.startswith("/admin/")
    ]
    return [_PARAMETER.sub(SECRET, re.sub(r"\(\?P<uidb36>[^)]*\)-", "", route)) for route in routes]


def asked(path: str) -> Iterator[tuple[str, str]]:
    """As it is, as mails break it, and as no page of ours asks for it."""
    yield "get", path
    yield "get", path.removesuffix("/")
    yield "get", f"{path}autre/"
    yield "get", path.replace(SECRET, f" {SECRET}")
    yield "get", path.replace(SECRET, f"\n{SECRET}")
    yield "get", path.replace(SECRET, f"{SECRET})")
    yield "get", f"{path}?q=%00"
    yield "post", path
    yield "post", path.removesuffix("/")
    yield "put", path


@pytest.fixture
def written():
    """What the log of a server holds."""
    (handler,) = [one for one in logging.getLogger().handlers if any(isinstance(f, HideSecrets) for f in one.filters)]
    before, stream = handler.setStream(io.StringIO()), handler.stream
    yield stream
    handler.setStream(before)


def test_every_secret_address_is_found():
    paths = secret_addresses()

    assert len(paths) > 7
    assert [path for path in paths if not is_secret(path)] == []
    assert not is_secret("/actions/")


@pytest.mark.parametrize("path", secret_addresses())
def test_secret_reaches_no_log_no_page_of_refusal_and_no_referer(path, client, db, written):
    client.handler.enforce_csrf_checks = True

    for method, address in asked(path):
        response = getattr(client, method)(address)

        assert "s3cr3t" not in written.getvalue(), (method, address)
        assert response.status_code in (301, 302) or "s3cr3t" not in response.text, (method, address)
        assert response["Referrer-Policy"] == "strict-origin"
    assert len(written.getvalue().splitlines()) >= 10


@pytest.mark.parametrize("path", secret_addresses())
@pytest.mark.parametrize("error", [ValueError, OperationalError])
def test_secret_is_not_in_the_log_of_a_failure(path, error, client, db, written, monkeypatch):
    def fail(*arguments):
        raise error(f"At http://testserver{path}")

    client.raise_request_exception = False
    monkeypatch.setattr("isic.lib.middleware.HostileInput.process_view", fail)

    response = client.get(path)

    assert response.status_code in (500, 503)
    assert error.__name__ in written.getvalue()
    assert "s3cr3t" not in written.getvalue() + response.text


def test_line_that_is_hidden_already_keeps_its_end():
    assert hide("GET /verifier/… 200 3.1 ms") == "GET /verifier/… 200 3.1 ms"
    assert hide("GET /actions/ 200 3.1 ms") == "GET /actions/ 200 3.1 ms"


def test_form_of_a_secret_page_passes_with_the_referer_that_is_left(client, db):
    path = withdrawal_path(ContactFactory(named=True))
    client.handler.enforce_csrf_checks = True
    page = client.get(path, secure=True)

    sent = {"csrfmiddlewaretoken": page.context["csrf_token"]}
    response = client.post(path, sent, secure=True, headers={"referer": "https://testserver/"})

    assert response.status_code != 403
