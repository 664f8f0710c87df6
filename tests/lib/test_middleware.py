"""What every request goes through: links as mail programs make them."""

from urllib.parse import urlsplit

import pytest

from accounts import invitations
from tests.factories import ActionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("after", [")", ">", ").", "),", "»", ">)", "&gt;", "’", "\u00a0;", ")/", "%3E"])
@pytest.mark.parametrize("address", ["/actions/jardin/", "/actions/jardin", "/groupes/", "/contact"])
def test_link_of_a_mail_opens_with_what_followed_it(client, address, after):
    ActionFactory(published=True, title="Jardin")

    response = client.get(f"{address}{after}", follow=True)

    assert response.status_code == 200
    assert response.request["PATH_INFO"] == f"{address.rstrip('/')}/"


def test_link_that_opens_an_account_keeps_its_secret_and_its_parameters(client):
    path = urlsplit(invitations.link(UserFactory())).path

    assert client.get(f"{path})?a=%C3%A9+b")["Location"] == f"{path}?a=%C3%A9+b"
    assert client.get(f"{path.rstrip('/')}>").status_code == 302


@pytest.mark.parametrize("path", ["/rien-de-tel)", "/)", "//example.org)", "/actions/jardin/x)", "/" + "." * 5000])
def test_address_of_nothing_stays_of_nothing_and_leads_nowhere_else(client, path):
    response = client.get(path, follow=True)

    assert response.status_code in (200, 404)
    assert all(url.startswith("/") and not url.startswith("//") for url, _status in response.redirect_chain)


def test_form_sent_to_such_an_address_is_not_led_elsewhere(client):
    assert client.post("/contact/)").status_code == 404
