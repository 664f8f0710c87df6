"""The three ways of the CNIL to a password that is hard to guess, and the failures that a person hears of."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError

from accounts.passwords import HELP, WAYS, WEAK
from tests.factories import PASSWORD, UserFactory

NEW = "Violon, marmite et 3 nuages"


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("Violon-mar12", True),  # 12, four classes
        ("Violon-mar1", False),  # 11
        ("Violon-marmi", False),  # 12, three classes
        ("Violon-marmite", True),  # 14, three classes
        ("Violonmarmite3", True),
        ("violonmarmitenuagetrottoir", False),  # one class, however long
        ("violon marmite nuage trottoir", False),  # two classes, four words
        ("le chat boit du lait chaud demain", True),  # seven words
        ("le chat boit le lait chaud demain", False),  # six different ones
        ("a b c d e f g", False),  # letters are no phrase
        ("a b c d e f gggggggggggggg", False),
        ("ab cd ef gh ij kl mn op", False),
        ("aaaa bbbb cccc dddd eeee ffff gggg", False),
        ("lundi mardi mercredi jeudi vendredi samedi dimanche", False),  # recited, not invented
        ("Azerty123456!", False),  # enough characters of every class, and among the first that are tried
        ("Motdepasse2026!", False),
        ("Bonjour123456!", False),
        ("Azertyuiop1234", False),
        ("Collectives-01!", False),  # the name of the site
        ("aaaaaaaaaaaaA1!", False),
        ("Élève-à-l’école1", True),  # accents are letters
        ("", False),
    ],
)
def test_password_is_accepted_by_length_and_classes_or_as_a_phrase(password, accepted):
    if accepted:
        validate_password(password)
        return
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)
    assert WEAK in refusal.value.messages


def test_password_that_is_the_name_or_a_common_one_is_refused():
    user = UserFactory.build(email="c@example.org", full_name="Camille Exemple-Dupont")

    with pytest.raises(ValidationError, match="trop semblable"):
        validate_password("Camille Exemple-Dupont 1", user)
    with pytest.raises(ValidationError, match="trop courant"):
        validate_password("password123", user)


def test_password_made_of_what_is_known_of_its_owner_is_refused():
    user = UserFactory.build(email="claude@example.org", full_name="Philomène Trastevere")

    validate_password("Trastevere-64!", UserFactory.build(email="c@example.org", full_name="Camille"))
    with pytest.raises(ValidationError):
        validate_password("Trastevere-64!", user)


def test_help_says_what_is_accepted(agent_client):
    assert HELP in password_validators_help_texts()
    text = agent_client.get("/compte/password/change/").text
    assert [way for way in WAYS if f"<li>{way}</li>" not in text] == []


@pytest.mark.django_db(transaction=True)
def test_changed_password_is_told_by_a_mail_that_writes_nothing(agent_client, agent, mailoutbox):
    agent_client.post("/compte/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([agent.email], "Votre mot de passe a changé")
    assert "/compte/" not in mail.body


@pytest.mark.django_db(transaction=True)
def test_tenth_failure_of_a_day_is_told_once(client, agent, mailoutbox):
    cache.clear()
    for attempt in range(12):
        where = f"127.0.1.{attempt}"  # elsewhere each time: the throttle of one address does not see it
        client.post("/compte/login/", {"login": "Agent@example.org", "password": "faux"}, REMOTE_ADDR=where)
        assert len(mailoutbox) == (attempt >= 9)

    assert mailoutbox[0].to == [agent.email]
    assert mailoutbox[0].subject == "Des essais de connexion manqués"


@pytest.mark.django_db(transaction=True)
def test_wrong_codes_count_too(client, manager, mailoutbox):
    cache.clear()
    for attempt in range(5):
        where = f"127.0.1.{attempt}"
        client.post("/compte/login/", {"login": manager.email, "password": "faux"}, REMOTE_ADDR=where)
    client.post("/compte/login/", {"login": manager.email, "password": PASSWORD})
    for _ in range(5):
        assert mailoutbox == []
        client.post("/compte/2fa/authenticate/", {"code": "abc"})

    assert [mail.to for mail in mailoutbox] == [[manager.email]]


@pytest.mark.django_db(transaction=True)
def test_failures_of_no_account_write_to_nobody(client, mailoutbox):
    cache.clear()
    for attempt in range(11):
        client.post("/compte/login/", {"login": "x@example.org", "password": "faux"}, REMOTE_ADDR=f"127.0.1.{attempt}")

    assert mailoutbox == []
