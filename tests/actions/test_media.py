"""The photos, documents and films of a sheet: added, worded, ordered and removed by its editors."""

import datetime as dt
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions import files
from actions.forms.media import GONE
from actions.models import Media
from isic.lib import uploads
from tests.actions.filing import page_fields
from tests.documents import pdf_bytes
from tests.factories import ActionFactory, MediaFactory
from tests.images import image_bytes, two_images

pytestmark = pytest.mark.django_db

PHOTO = {"title": "La table", "alt": "Huit personnes à table", "consent": "agreed"}
CLIENTS = ["client", "agent_client", "stranger_client", "manager_client", "admin_client"]


@pytest.fixture
def sheet(unit):
    return ActionFactory(title="Cuisine", carrier_unit=unit)


def address(sheet, *more) -> str:
    return "/".join([f"/actions/{sheet.slug}/medias", *map(str, more), ""])


def sent(content: bytes | None = None, name: str = "table.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or image_bytes("JPEG", size=(1000, 750)))


def add(client, sheet, **typed):
    return client.post(address(sheet, "ajouter"), {"row": uuid.uuid4(), **typed})


def errors(response) -> dict:
    return {name: list(words) for name, words in response.context["form"].errors.items()}


def stored() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# --- Adding -------------------------------------------------------------------------------------------------------
def test_photo_is_added_at_the_end_with_its_measures_and_a_line_of_history(
    agent_client, agent, sheet, django_capture_on_commit_callbacks
):
    MediaFactory(action=sheet)

    with django_capture_on_commit_callbacks(execute=True):
        response = add(agent_client, sheet, file=sent(), **PHOTO, credit="MDS du Lac", rights_until="2099-12-31")

    assert (response.status_code, response["Location"]) == (302, address(sheet))
    media = sheet.media.last()
    assert (media.kind, media.title, media.alt, media.credit) == ("image", "La table", PHOTO["alt"], "MDS du Lac")
    assert (media.consent, media.rights_until, media.added_by) == ("agreed", dt.date(2099, 12, 31), agent)
    assert (media.position, media.width, media.height, media.widths) == (1, 1000, 750, [480, 960, 1000])
    assert media.weight == Path(media.file.path).stat().st_size
    sheet.refresh_from_db()
    line = sheet.versions.first()
    assert (sheet.version, line.kind, line.by) == (2, "edited", agent)
    assert [row["title"] for row in line.content["media"]] == ["Le film", "La table"]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ({"file": pdf_bytes(), "title": "Le bilan"}, "document"),
        ({"url": "https://example.org/film", "title": "Le film"}, "link"),
    ],
)
def test_document_and_film_ask_no_rights_and_keep_no_word_of_a_photo(typed, kind, agent_client, sheet):
    if "file" in typed:
        typed["file"] = sent(typed["file"], "bilan.pdf")

    add(agent_client, sheet, **typed, alt="Rien", is_decorative="on", consent="agreed", rights_until="2001-01-01x")

    media = sheet.media.get()
    assert (media.kind, media.alt, media.is_decorative, media.consent) == (kind, "", False, "")


def test_decorative_photo_has_no_words(agent_client, sheet):
    add(agent_client, sheet, file=sent(), **PHOTO, is_decorative="on")

    media = sheet.media.get()
    assert (media.is_decorative, media.alt) == (True, "")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"title": "Rien"}, {"file": ["Joignez un fichier, ou indiquez l’adresse du film ou de la page."]}),
        (
            {"file": True, "title": "La table"},
            {
                "alt": ["Décrivez ce que l’image montre, ou dites qu’elle est décorative."],
                "consent": [
                    "Dites si quelqu’un est reconnaissable\u00a0: sans l’accord écrit de chacun, la photo ne se publie pas."
                ],
            },
        ),
        ({"file": True, "alt": "Huit", "consent": "agreed"}, {"title": ["Ce champ est obligatoire."]}),
        (
            {"file": True, **PHOTO, "rights_until": "2001-01-01"},
            {"rights_until": ["Cette date est passée\u00a0: la photo ne se verrait pas."]},
        ),
        (
            {"file": True, **PHOTO, "url": "https://example.org/"},
            {"url": ["Un fichier ou une adresse, pas les deux\u00a0: videz ce champ, ou ajoutez en deux fois."]},
        ),
        ({"title": "Film", "url": "ftp://example.org/"}, {"url": ["L’adresse commence par https:// ou http://."]}),
        (
            {"file": True, **PHOTO, "alt": "Écrire à jeanne.martin@orange.fr"},
            {"alt": ["Ce texte semble contenir\u00a0: adresse e-mail"]},
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_adds_nothing(typed, expected, agent_client, sheet):
    if typed.pop("file", None):
        typed = {**typed, "file": sent()}

    response = add(agent_client, sheet, **typed)

    shown = errors(response)
    assert response.status_code == 422
    assert shown.keys() == expected.keys()
    assert all(shown[name][0].startswith(words[0]) for name, words in expected.items())
    assert not sheet.media.exists()


def test_confirmed_words_are_kept_and_shown_to_a_manager(agent_client, sheet):
    typed = {"file": sent(), **PHOTO, "alt": "Écrire à jeanne.martin@orange.fr"}
    page = add(agent_client, sheet, **typed)
    box = re.search(r'name="(alt-oui-\w+)"', page.text)[1]

    add(agent_client, sheet, **typed | {"file": sent(), box: "on"})

    assert sheet.media.get().alt == "Écrire à jeanne.martin@orange.fr"
    assert [flag.field for flag in sheet.privacy_flags.all()] == ["media"]


def test_file_received_is_not_asked_again_when_something_else_is_wrong(
    agent_client, sheet, django_capture_on_commit_callbacks
):
    page = add(agent_client, sheet, file=sent(name="Été à Bâgé.jpg"))
    token = page.context["form"].data["token"]
    assert "Été à Bâgé.jpg" in page.text
    assert len(stored()) == 1

    page = add(agent_client, sheet, token=token, title="La table")
    assert errors(page).keys() == {"alt", "consent"}

    with django_capture_on_commit_callbacks(execute=True):
        add(agent_client, sheet, token=page.context["form"].data["token"], **PHOTO)

    media = sheet.media.get()
    assert (media.width, media.kind) == (1000, "image")
    assert stored() == {media.file.name, *(media.file.name.replace(".jpg", f"-{w}.webp") for w in media.widths)}


def test_another_file_replaces_the_one_that_waits(agent_client, sheet):
    token = add(agent_client, sheet, file=sent()).context["form"].data["token"]

    add(agent_client, sheet, token=token, file=sent(pdf_bytes(), "bilan.pdf"), title="Le bilan")

    assert sheet.media.get().kind == "document"


def test_token_of_another_person_or_forged_or_spent_is_refused(agent_client, manager_client, sheet, agent):
    token = add(agent_client, sheet, file=sent()).context["form"].data["token"]
    waiting = files.waiting(token, by=agent)

    refusals = [add(manager_client, sheet, token=token, **PHOTO), add(agent_client, sheet, token="faux", **PHOTO)]
    files.storage.delete(waiting.stored)
    refusals.append(add(agent_client, sheet, token=token, **PHOTO))

    assert [errors(refusal) for refusal in refusals] == [{"file": [GONE]}] * 3
    assert not sheet.media.exists()


def test_token_ages(agent, monkeypatch):
    token = files.keep(uploads.receive(sent()), called="x.jpg", by=agent).token
    assert files.waiting(token, by=agent).called == "x.jpg"
    assert dt.timedelta(hours=24) == files.PATIENCE

    monkeypatch.setattr(files, "PATIENCE", dt.timedelta(seconds=-1))

    assert files.waiting(token, by=agent) is None


def test_form_sent_twice_adds_once(agent_client, sheet):
    typed = {"row": uuid.uuid4(), **PHOTO}

    answers = [agent_client.post(address(sheet, "ajouter"), {**typed, "file": sent()}) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [address(sheet)] * 2
    assert sheet.media.count() == 1
    sheet.refresh_from_db()
    assert sheet.version == 2


def test_fields_of_the_server_are_not_taken_from_the_form(agent_client, agent, manager, sheet):
    other = ActionFactory()
    forged = {"action": other.pk, "added_by": manager.pk, "weight": 0, "widths": "[1]", "kind": "link", "position": 9}

    add(agent_client, sheet, file=sent(), **PHOTO, **forged)

    media = sheet.media.get()
    assert (media.added_by, media.kind, media.position, media.widths) == (agent, "image", 0, [])
    assert media.weight > 0


# --- Limits -------------------------------------------------------------------------------------------------------
def test_twenty_a_sheet_at_most(agent_client, sheet):
    MediaFactory.create_batch(files.MOST_A_SHEET, action=sheet)

    answers = [add(agent_client, sheet, file=sent(), **PHOTO), add(agent_client, sheet, title="x", url="https://a.fr")]

    assert [errors(answer) for answer in answers] == [{"file": [files.TOO_MANY]}] * 2
    assert "Ajouter une photo" not in agent_client.get(address(sheet)).text


def test_five_hundred_megabytes_a_person_counting_what_waits(agent_client, agent, sheet, monkeypatch):
    add(agent_client, sheet, file=sent(), **PHOTO)
    add(agent_client, sheet, file=sent())
    weight = sheet.media.get().weight
    assert files.weight_of(agent) == 2 * weight
    monkeypatch.setattr(files, "MOST_A_PERSON", 2 * weight + 100)

    refusal = add(agent_client, sheet, file=sent(), **PHOTO)

    assert errors(refusal) == {"file": [files.TOO_MUCH]}


def test_nearly_full_disk_refuses_files_with_a_sentence(agent_client, sheet, monkeypatch):
    monkeypatch.setattr(uploads, "FREE_SHARE", 1.01)

    form = add(agent_client, sheet, file=sent(), **PHOTO)
    alone = agent_client.post(address(sheet, "fichier"), {"file": sent()})

    assert errors(form) == {"file": [files.FULL_DISK]}
    assert (alone.status_code, alone.json()) == (507, {"error": files.FULL_DISK})
    assert stored() == set()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "ni une photo"),
        (image_bytes("JPEG", size=(640, 480))[:2000], "abîmée"),
        (image_bytes("PNG") + b" " * uploads.LARGEST_IMAGE, "40\u00a0Mo"),
        (b"%PDF" + b" " * uploads.LARGEST_DOCUMENT, "20\u00a0Mo"),
        (b"", "vide"),
    ],
    ids=["svg", "broken", "heavy photo", "heavy document", "empty"],
)
def test_hostile_file_is_refused_with_a_sentence_and_leaves_nothing(content, sentence, agent_client, sheet):
    file = SimpleUploadedFile("../../\u202egpj.exe" + "x" * 300, content)

    response = add(agent_client, sheet, file=file, **PHOTO)

    assert response.status_code == 422
    assert sentence in errors(response)["file"][0]
    assert stored() == set()
    assert not sheet.media.exists()


# --- The file sent alone, by the script ---------------------------------------------------------------------------
def test_file_sent_alone_waits_for_its_words(agent_client, agent, sheet):
    response = agent_client.post(address(sheet, "fichier"), {"file": sent()})

    answer = response.json()
    assert (response.status_code, answer["name"], answer["photo"]) == (201, "table.jpg", True)
    add(agent_client, sheet, token=answer["token"], **PHOTO)
    assert sheet.media.get().width == 1000


def test_photo_that_a_phone_makes_of_two_images_comes_in_by_both_ways(agent_client, sheet):
    add(agent_client, sheet, file=sent(two_images()), **PHOTO)
    alone = agent_client.post(address(sheet, "fichier"), {"file": sent(two_images())})

    assert sheet.media.get().width == 8
    assert (alone.status_code, alone.json()["photo"]) == (201, True)


@pytest.mark.parametrize("data", [{}, {"file": "words"}, {"file": b"<html>"}])
def test_file_sent_alone_may_be_refused(data, agent_client, sheet):
    data = {name: sent(value) if isinstance(value, bytes) else value for name, value in data.items()}

    response = agent_client.post(address(sheet, "fichier"), data)

    assert response.status_code == 422
    assert response.json()["error"].endswith(".")
    assert stored() == set()


# --- Words, order, removal ----------------------------------------------------------------------------------------
def test_words_are_changed_and_the_file_stays(agent_client, sheet):
    photo = MediaFactory(action=sheet, image=True, rights_until=dt.date(2001, 1, 1))
    page = agent_client.get(address(sheet, photo.key))

    response = agent_client.post(
        address(sheet, photo.key),
        {**PHOTO, "title": "Le jardin", "rights_until": "2001-01-01", "base": page.context["form"]["base"].value()},
    )

    assert response["Location"] == f"{address(sheet)}#media-{photo.key}"
    changed = sheet.media.get()
    assert (changed.title, changed.alt, changed.file, changed.weight) == (
        "Le jardin",
        PHOTO["alt"],
        photo.file,
        photo.weight,
    )
    assert sheet.versions.first().number == 2


def test_saving_the_same_words_makes_no_version(agent_client, sheet):
    film = MediaFactory(action=sheet)
    base = agent_client.get(address(sheet, film.key)).context["form"]["base"].value()

    response = agent_client.post(address(sheet, film.key), {"title": film.title, "url": film.url, "base": base})

    assert response.status_code == 302

    assert not sheet.versions.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("url", ""), ("url", "data:text/html,x"), ("title", "x" * 151)]
)
def test_wrong_words_change_nothing(field, value, agent_client, sheet):
    film = MediaFactory(action=sheet)
    base = agent_client.get(address(sheet, film.key)).context["form"]["base"].value()

    typed = {"title": "Le film", "url": film.url, "base": base, field: value}
    response = agent_client.post(address(sheet, film.key), typed)

    assert response.status_code == 422
    film.refresh_from_db()
    assert (film.title, film.url) == ("Le film", "https://example.org/film")


@pytest.mark.parametrize(("choice", "kept"), [("mien", "Notre film"), ("autre", "Le film du service")])
def test_words_of_two_editors_are_both_shown_and_none_is_lost(choice, kept, agent_client, manager_client, sheet):
    film = MediaFactory(action=sheet)
    base = agent_client.get(address(sheet, film.key)).context["form"]["base"].value()
    typed = {"url": film.url, "base": base}
    manager_client.post(address(sheet, film.key), {**typed, "title": "Le film du service"})

    asked = agent_client.post(address(sheet, film.key), {**typed, "title": "Notre film", "credit": "MDS du Lac"})

    assert asked.status_code == 409
    assert "Le film du service" in asked.text
    assert "Notre film" in asked.text
    assert sheet.media.get().credit == ""
    again = page_fields(asked.text) | {"garder-title": [choice]}
    assert agent_client.post(address(sheet, film.key), again).status_code == 302
    assert (sheet.media.get().title, sheet.media.get().credit) == (kept, "MDS du Lac")


def test_two_editors_of_two_words_keep_both(agent_client, manager_client, sheet):
    film = MediaFactory(action=sheet)
    base = agent_client.get(address(sheet, film.key)).context["form"]["base"].value()
    typed = {"title": film.title, "url": film.url, "base": base}
    manager_client.post(address(sheet, film.key), {**typed, "title": "Le film du service"})

    assert agent_client.post(address(sheet, film.key), {**typed, "credit": "MDS du Lac"}).status_code == 302
    assert (sheet.media.get().title, sheet.media.get().credit) == ("Le film du service", "MDS du Lac")


def test_words_that_are_wrong_together_are_not_written(agent_client, manager_client, sheet):
    photo = MediaFactory(action=sheet, image=True)
    base = agent_client.get(address(sheet, photo.key)).context["form"]["base"].value()
    typed = {**PHOTO, "title": photo.title, "alt": photo.alt, "base": base}
    decorative = {**typed, "alt": "", "is_decorative": "on"}
    sheet.media.update(is_decorative=True)
    base = agent_client.get(address(sheet, photo.key)).context["form"]["base"].value()
    manager_client.post(address(sheet, photo.key), {**typed, "base": base})

    response = agent_client.post(address(sheet, photo.key), {**decorative, "base": base})

    assert response.status_code == 422
    assert "Décrivez ce que l’image montre" in response.text
    assert sheet.media.get().alt == photo.alt


def test_rows_are_moved_by_buttons_and_the_same_press_twice_moves_once(agent_client, sheet):
    rows = [MediaFactory(action=sheet, title=title, position=rank) for rank, title in enumerate("abc")]
    page = agent_client.get(address(sheet))
    moves = re.findall(r'name="move" value="([^"]+)"', page.text)
    assert len(moves) == 4
    assert f"{rows[0].key}:1" in moves

    for _ in range(2):
        response = agent_client.post(address(sheet), {"move": f"{rows[0].key}:1"})

    assert response["Location"] == f"{address(sheet)}#media-{rows[0].key}"
    assert [row.title for row in sheet.media.all()] == ["b", "a", "c"]
    assert sheet.versions.first().number == 2
    assert [row["title"] for row in sheet.versions.first().content["media"]] == ["b", "a", "c"]


@pytest.mark.parametrize("move", ["", "x", f"{uuid.UUID(int=1)}:0", "{key}:", "{key}:-1", "{key}:" + "9" * 5000])
def test_move_that_no_button_sends_changes_nothing(move, agent_client, sheet):
    rows = [MediaFactory(action=sheet, title=title, position=rank) for rank, title in enumerate("ab")]

    response = agent_client.post(address(sheet), {"move": move.format(key=rows[0].key)})

    assert response.status_code == 302
    assert not sheet.versions.exists()


def test_removal_asks_first_then_takes_row_and_files_and_a_second_one_does_nothing(
    agent_client, sheet, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        add(agent_client, sheet, file=sent(), **PHOTO)
    photo = sheet.media.get()
    assert len(stored()) == 4
    assert agent_client.get(address(sheet, photo.key, "supprimer")).status_code == 200
    assert sheet.media.exists()

    with django_capture_on_commit_callbacks(execute=True):
        answers = [agent_client.post(address(sheet, photo.key, "supprimer")) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [address(sheet)] * 2
    assert not sheet.media.exists()
    assert stored() == set()
    sheet.refresh_from_db()
    assert sheet.version == 3


# --- Pages --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(number, agent_client, sheet, django_assert_num_queries):
    MediaFactory.create_batch(number, action=sheet, image=True)

    agent_client.get("/compte/")  # the first page of a session writes it

    with django_assert_num_queries(4):
        page = agent_client.get(address(sheet))

    assert page.text.count('class="media-row"') == number


def test_list_says_that_a_photo_hid_itself(agent_client, sheet):
    MediaFactory(action=sheet, image=True, rights_until=timezone.localdate() - dt.timedelta(days=1))

    page = agent_client.get(address(sheet)).text

    assert "Cachée&nbsp;: les autorisations valaient jusqu’au" in page
    assert "<img" not in page


def test_pages_exist_for_editors_only_and_by_their_methods(sheet, request):
    film = MediaFactory(action=sheet)
    pages = [address(sheet, *more) for more in ((), ("ajouter",), (film.key,), (film.key, "supprimer"))]
    clients = [request.getfixturevalue(name) for name in CLIENTS]

    assert [[client.get(path).status_code for client in clients] for path in pages] == [[302, 200, 404, 200, 200]] * 4
    pages.append(address(sheet, "fichier"))
    assert [[client.post(path).status_code for client in clients[::2]] for path in pages[1:]] == [
        [302, 404, 422],
        [302, 404, 422],
        [302, 404, 302],
        [302, 404, 422],
    ]
    agent = clients[1]
    assert [agent.put(path).status_code for path in pages] == [405] * 5
    assert agent.get(pages[-1]).status_code == 405


def test_row_of_another_sheet_does_not_exist_here(agent_client, sheet):
    other = MediaFactory()

    assert agent_client.get(address(sheet, other.key)).status_code == 404
    assert agent_client.post(address(sheet, other.key), {"title": "Volé", "url": other.url}).status_code == 404
    agent_client.post(address(sheet, other.key, "supprimer"))
    assert Media.objects.filter(pk=other.pk, title="Le film").exists()


# --- Who can be recognised ----------------------------------------------------------------------------------------
def test_photo_of_nobody_recognisable_has_its_own_answer_and_no_date(agent_client, sheet):
    add(agent_client, sheet, file=sent(), **PHOTO | {"consent": "nobody"}, rights_until="2099-12-31")

    media = sheet.media.get()
    assert (media.consent, media.rights_until) == ("nobody", None)


def test_photo_of_somebody_who_did_not_agree_is_not_taken(agent_client, sheet):
    page = add(agent_client, sheet, file=sent(), **PHOTO | {"consent": "missing"})

    assert page.status_code == 422
    assert "floutez-la" in page.text
    assert not sheet.media.exists()
