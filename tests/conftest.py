"""The cast (agent, colleague, stranger, manager, admin_user), their clients, the browser, and what no test may do."""

import gc
import ipaddress
import os
import shutil
import socket
from collections.abc import Callable
from functools import partial

import hypothesis
import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase

from catalogue.caching import CACHED_PAGES
from catalogue.search import current
from catalogue.views.files import public_item
from tests.contents import Contents
from tests.factories import MembershipFactory, TerritoryFactory, UserFactory
from tests.pages import refuse_what_the_policy_blocks

# A slow machine is no fault of the code: examples are bounded in number, never in time.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("house")

#: The first is the same browser without its windows, which costs half the time.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


# --- What runs ----------------------------------------------------------------------------------------------------
def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="the matrices in full, as `make test-all` runs them")


def pytest_collection_finish(session):
    """Code and tests stay until the end: looking for garbage among them again and again takes a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def is_whole(request) -> bool:
    return request.config.getoption("--whole")


@pytest.fixture(scope="session")
def whose_turn(is_whole):
    """`whose_turn(items, turn)`: one of them, another at each turn; all of them with --whole."""
    return lambda items, turn: list(items) if is_whole else [list(items)[turn % len(items)]]


# --- What the tables hold -----------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test that commits leaves the tables as the migrations made them.

    Django would empty every table and send `post_migrate`: on PostgreSQL that takes longer than most tests.
    """
    with django_db_blocker.unblock():
        migrated = Contents.read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: migrated.put_back())
        yield


@pytest.fixture(scope="session")
def loaded(django_db_setup, django_db_blocker):
    """`loaded(base, fill)`: the tables once this function has filled the base; they are as before afterwards."""

    def load(base: Contents | None, fill: Callable[[], None]) -> Contents:
        with django_db_blocker.unblock():
            before = Contents.read()
            (base or before).put_back()
            fill()
            current.catalogue()  # drains what is marked
            contents = Contents.read()
            before.put_back()
        current.forget()
        CACHED_PAGES.clear()
        return contents

    return load


@pytest.fixture(scope="session")
def ain_tables(loaded) -> Contents:
    return loaded(None, partial(call_command, "start_department", "01", verbosity=0))


@pytest.fixture(scope="session")
def example_tables(loaded, ain_tables) -> Contents:
    return loaded(ain_tables, partial(call_command, "load_examples", verbosity=0))


@pytest.fixture(scope="session")
def demonstration_tables(loaded, example_tables) -> Contents:
    return loaded(example_tables, partial(call_command, "load_examples", with_accounts=True, verbosity=0))


@pytest.fixture
def ain(ain_tables, db) -> None:
    """The département as `start_department` makes it; loaded once a worker, like those below."""
    ain_tables.put_back()


@pytest.fixture
def examples(example_tables, db) -> None:
    example_tables.put_back()


@pytest.fixture
def demonstration(demonstration_tables, db) -> None:
    """The examples and the demo accounts, each with its desk."""
    demonstration_tables.put_back()


# --- What no test may do ------------------------------------------------------------------------------------------
@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Sockets reach this machine only. (PostgreSQL is reached by its own library, which this leaves alone.)"""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX:
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise RuntimeError(f"A test tried to reach {host}.")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


class HouseClient(Client):
    """Refuses a page that the content security policy would break, or whose template leaks."""

    def request(self, **request):
        response = super().request(**request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            refuse_what_the_policy_blocks(response.text)
        return response


@pytest.fixture(scope="session", autouse=True)
def transactions_of_tests_do_not_count():
    """The catalogue is never filled in a transaction, but for the one that Django opens around each test."""

    def is_in_transaction() -> bool:
        return any(not block._from_testcase for block in connection.atomic_blocks)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(current, "is_in_transaction", is_in_transaction)
        yield


@pytest.fixture(autouse=True)
def forget_catalogue():
    """The catalogue of one test is not that of the next."""
    yield
    current.forget()
    CACHED_PAGES.clear()
    public_item.cache_clear()


# --- The cast -----------------------------------------------------------------------------------------------------
@pytest.fixture
def unit(db):
    return TerritoryFactory(local_unit=True, name="MDS du Lac")


@pytest.fixture
def other_unit(db):
    return TerritoryFactory(local_unit=True, name="MDS du Bois")


@pytest.fixture
def agent(unit):
    return MembershipFactory(user__email="agent@example.org", territory=unit).user


@pytest.fixture
def colleague(unit):
    """Works in the agent's unit."""
    return MembershipFactory(user__email="collegue@example.org", territory=unit).user


@pytest.fixture
def stranger(other_unit):
    """Has an account, and works in another unit."""
    return MembershipFactory(user__email="ailleurs@example.org", territory=other_unit).user


@pytest.fixture
def manager(db):
    return UserFactory(manager=True, email="responsable@example.org")


@pytest.fixture
def admin_user(db):
    return UserFactory(administrator=True, email="admin@example.org")


@pytest.fixture
def client():
    return HouseClient()


@pytest.fixture
def client_of():
    """`client_of(user)`: a client signed in as this person."""

    def signed_in(user) -> HouseClient:
        client = HouseClient()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def agent_client(client_of, agent):
    return client_of(agent)


@pytest.fixture
def stranger_client(client_of, stranger):
    return client_of(stranger)


@pytest.fixture
def manager_client(client_of, manager):
    return client_of(manager)


@pytest.fixture
def admin_client(client_of, admin_user):
    return client_of(admin_user)


# --- The browser --------------------------------------------------------------------------------------------------
def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_collection_modifyitems(config, items):
    """Some tests need a browser; without one these tests are left out, except where CI is set."""
    browser = [item for item in items if "browser" in item.fixturenames]
    for item in browser:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db(transaction=True))
    if browser and not find_chromium():
        if os.environ.get("CI"):
            raise pytest.UsageError("Chromium is missing: the tests in a browser cannot be left out where CI is set.")
        for item in browser:
            item.add_marker(pytest.mark.skip(reason="Chromium is missing: install it or give its path in CHROMIUM."))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    flags = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
        " --disable-component-update --disable-sync --disable-dev-shm-usage"
    )
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": flags.split()}


@pytest.fixture(scope="session")
def base_url(live_server):
    """So that a test says `page.goto("/actions/")`."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def axe():
    """`axe(page, rules=…)`: the page, as it now stands, breaks no accessibility rule that a machine can see.

    It looks once what moves has arrived: contrast measured halfway through a panel that rises is nobody's reading.
    """
    settled = "() => document.getAnimations().every((one) => one.playState !== 'running' && !one.pending)"

    reader = Axe()

    def check(page, **options) -> None:
        page.wait_for_function(settled)
        if not page.evaluate("'axe' in window"):
            page.evaluate(reader.axe_script)
        # Of what passes, the whole list would be made and sent too.
        report = AxeResults(page.evaluate("(options) => axe.run(options)", {"resultTypes": ["violations"], **options}))
        assert report.violations_count == 0, report.generate_report()

    return check
