"""What the tests of the meetings share."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.pages import assert_valid_html


@pytest.fixture
def cost_of():
    """`cost_of(client, path, fill)`: the queries of the page, the same once `fill` was called once and three times."""

    def cost(client, path: str, fill) -> int:
        counts = []
        for times in (1, 2):
            for _ in range(times):
                fill()
            client.get(path)  # the catalogue hears of the new sheets, the session of its reader
            with CaptureQueriesContext(connection) as context:
                response = client.get(path)
            assert response.status_code == 200
            assert_valid_html(response.text)
            counts.append(len(context))
        assert counts[0] == counts[1]
        return counts[0]

    return cost
