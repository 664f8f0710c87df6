"""The server is killed while somebody writes, and comes back: nothing typed is lost."""

from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import expect

from actions.models import Action
from tests.actions.filing import address
from tests.factories import ActionFactory
from tests.forks import serving


def test_text_typed_without_a_server_is_saved_when_it_comes_back(page, client_of, agent, unit):
    draft = ActionFactory(carrier_unit=unit)
    session = client_of(agent).cookies[settings.SESSION_COOKIE_NAME].value
    state = page.locator("[data-state]")
    with serving() as url:
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
        page.goto(url + address(draft, "identite"))
        page.get_by_label("En une phrase").press_sequentially("On cuisine")
        expect(state).to_contain_text("Enregistré")

    page.get_by_label("En une phrase").press_sequentially(" et on parle.")
    expect(state).to_contain_text("Votre texte attend dans ce navigateur.")
    assert Action.objects.get().summary == "On cuisine"

    with serving(port=urlsplit(url).port):
        page.get_by_role("button", name="Essayer maintenant").click()
        expect(state).to_contain_text("Enregistré", timeout=30_000)
        assert Action.objects.get().summary == "On cuisine et on parle."
