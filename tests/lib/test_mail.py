"""Mails: one a person, readable, on the right address; one that cannot leave waits and undoes nothing."""

import socket

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from isic.lib.mail import absolute, send_later
from isic.models import FailedTask

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]

TEMPLATE = (
    "{% partialdef subject %}À relire\u00a0: {{ title }}{% endpartialdef %}\n"
    "Bonjour,\n\n« {{ title }} » attend d’être relue\u00a0:\n{{ url }}\n"
)


@pytest.fixture(autouse=True)
def template(settings, tmp_path):
    """`mail/essai.txt`, beside the templates of the house."""
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/essai.txt").write_text(TEMPLATE)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]


@pytest.fixture
def smtp(settings):
    """`smtp(port)`: mails go to this port of this machine, by the settings of the house."""

    def use(port: int) -> None:
        options = {"host": "127.0.0.1", "port": port, "timeout": 1}
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}

    return use


def test_each_person_has_a_message_of_his_own(settings):
    settings.SITE_URL, settings.SITE_NAME = "https://actions.example.org", "Actions"
    settings.SERVICE_NAME, settings.SERVICE_EMAIL = "Service social", "service@example.org"

    send_later(
        "essai",
        ["a@example.org", "b@example.org", "", "a@example.org"],
        {"title": "Jeux & cie", "url": absolute("/a/")},
    )

    assert [message.recipients() for message in mail.outbox] == [["a@example.org"], ["b@example.org"]]
    assert mail.outbox[0].subject == "À relire\u00a0: Jeux & cie"
    assert mail.outbox[0].body == (
        "Bonjour,\n\n« Jeux & cie » attend d’être relue\u00a0:\nhttps://actions.example.org/a/\n\n-- \n"
        "Service social\nActions – https://actions.example.org\nUne question\u00a0? service@example.org\n"
    )
    assert mail.outbox[0].reply_to == ["service@example.org"]
    assert mail.outbox[0].extra_headers == {"Auto-Submitted": "auto-generated"}


def test_way_out_is_given_where_there_is_one():
    send_later("essai", ["a@example.org"], {"title": "", "url": ""}, unsubscribe="https://example.org/non/")

    assert mail.outbox[0].message()["List-Unsubscribe"] == "<https://example.org/non/>"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_title_cannot_add_a_header(end):
    send_later("essai", ["a@example.org"], {"title": f"Jeux{end}Bcc: z@example.org", "url": ""})

    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert message["Subject"] == "À relire\u00a0: Jeux Bcc: z@example.org"
    assert mail.outbox[0].recipients() == ["a@example.org"]


def test_address_cannot_add_a_header():
    send_later("essai", ["a@example.org\nBcc: z@example.org"], {"title": "", "url": ""})

    assert mail.outbox == []
    assert FailedTask.objects.count() == 1


def test_table_of_tasks_holds_no_body():
    send_later("essai", ["a@example.org"], {"title": "Jeux", "url": "/a/"})

    assert DBTaskResult.objects.get().args_kwargs["args"] == [
        "essai",
        "a@example.org",
        {"title": "Jeux", "url": "/a/"},
        "",
    ]


def test_server_that_refuses_undoes_nothing_and_is_shown(smtp, manager_client):
    smtp(1)

    send_later("essai", ["a@example.org", "b@example.org"], {"title": "Jeux", "url": ""})

    panel = next(p for p in manager_client.get("/admin/").context["panels"] if p.title == "Envois et tâches en échec")
    assert [line.text for line in panel.lines] == ["Courriel", "Courriel"]
    assert FailedTask.objects.first().error == "ConnectionRefusedError [Errno 111] Connection refused"


def test_server_that_never_answers_costs_its_time_out_once(smtp):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        smtp(silent.getsockname()[1])
        silent.setblocking(False)

        send_later("essai", [f"{name}@example.org" for name in "abcde"], {"title": "Jeux", "url": ""})

        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):  # one connection was tried, and no other
            silent.accept()
    assert FailedTask.objects.count() == 5


def test_mail_leaves_when_the_server_is_back(smtp, settings, manager_client):
    before = settings.MAILERS
    smtp(1)
    send_later("essai", ["a@example.org"], {"title": "Jeux", "url": ""})
    settings.MAILERS = before

    data = {"action": "retry", "_selected_action": [str(FailedTask.objects.get().pk)]}
    manager_client.post("/admin/isic/failedtask/", data)

    assert [message.subject for message in mail.outbox] == ["À relire\u00a0: Jeux"]
    assert not FailedTask.objects.exists()
