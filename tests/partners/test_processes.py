"""Real servers on one database: fifty equal forms at once make one contact, in the pages and in the admin."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import reverse

from partners.models import Contact
from tests.actions.test_filing_processes import Sender
from tests.forks import serving

pytestmark = [pytest.mark.engine, pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("page", ["pages", "admin"])
def test_fifty_equal_forms_at_once_make_one_contact(page, agent_client, admin_client, unit):
    sent = {"label": "Accueil", "email": "accueil@example.org"}
    sent |= {"submission": str(uuid.uuid4()), "page_key": str(uuid.uuid4())}
    client, path = {
        "pages": (agent_client, f"{reverse('partners:create')}?unite={unit.slug}"),
        "admin": (admin_client, reverse("admin:partners_contact_add")),
    }[page]
    sender, before = Sender(client), Contact.objects.count()

    with serving() as url, ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda _: sender(url + path, sent), range(50)))

    assert set(statuses) == {200}  # of the page that a redirect leads to
    assert Contact.objects.count() == before + 1
