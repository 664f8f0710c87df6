"""Texts that seem to tell of a person: a manager finds them on the dashboard, and looks at each once."""

import pytest
from django.urls import reverse

from actions.models import PrivacyFlag
from tests.factories import ActionFactory, PrivacyFlagFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/actions/privacyflag/"


def test_dashboard_leads_to_the_text(manager_client):
    flag = PrivacyFlagFactory(action=ActionFactory(title="Cuisine", slug="cuisine"), field="goals", kinds="téléphone")

    page = manager_client.get(reverse("admin:index")).text

    assert "Textes à regarder" in page
    assert f'href="/actions/{flag.action.slug}/modifier/pourquoi/#goals"' in page


def test_flag_looked_at_leaves_the_dashboard(manager_client, manager):
    flag, other = PrivacyFlagFactory(), PrivacyFlagFactory()

    manager_client.post(LIST, {"action": "mark_as_reviewed", "_selected_action": flag.pk})

    flag.refresh_from_db()
    assert flag.reviewed_by == manager
    assert list(PrivacyFlag.objects.waiting()) == [other]
