"""The files of sheets on the disk: their sizes, who is served which, what a full disk or a killed server leaves."""

import datetime as dt
import io
import os
import re
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test.client import encode_multipart
from django.utils import timezone
from PIL import Image

from actions import files
from actions.models import Media
from catalogue.models import Entry
from isic.lib.images import widths_for
from tests.actions import media_moments
from tests.actions.test_media import PHOTO, address, sent, stored
from tests.documents import pdf_bytes
from tests.factories import ActionFactory, MediaFactory
from tests.forks import PATIENCE, Fork, start_server
from tests.images import image_bytes

pytestmark = pytest.mark.django_db
CLIENTS = ["client", "agent_client", "stranger_client", "manager_client", "admin_client"]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(action, width: int = 1000, **fields) -> Media:
    content = image_bytes("JPEG", size=(width, width * 3 // 4))
    return MediaFactory(action=action, image=True, file=ContentFile(content, "table.jpg"), **fields)


def reduced(action, **fields) -> Media:
    media = photo(action, **fields)
    files.reduce_photos.call(action.pk)
    media.refresh_from_db()
    return media


def get(client, url: str, **headers):
    """The answer, read to its end, which closes the file."""
    response = client.get(url, headers=headers)
    response.body = response.getvalue()
    return response


def age(*names: str, hours: int = 25) -> None:
    past = time.time() - hours * 3600
    for name in names:
        os.utime(Path(settings.MEDIA_ROOT) / name, (past, past))


# --- Sizes --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("width", "widths"), [(8, [8]), (480, [480]), (700, [480, 700]), (1600, [480, 960, 1600]), (4000, [480, 960, 1600])]
)
def test_no_size_is_larger_than_the_original(width, widths):
    assert widths_for(width) == widths


def test_photo_is_drawn_in_the_sizes_of_the_pages():
    media = reduced(ActionFactory())

    stem = media.file.name.removesuffix(".jpg")
    assert media.widths == [480, 960, 1000]
    assert stored() == {media.file.name, *(f"{stem}-{width}.webp" for width in media.widths)}
    with Image.open(Path(settings.MEDIA_ROOT) / f"{stem}-480.webp") as image:
        assert (image.format, image.size, image.info.get("exif")) == ("WEBP", (480, 360), None)
    assert media.address(100) == f"/media/{stem}-480.webp"
    assert media.address(960) == f"/media/{stem}-960.webp"
    assert media.address(5000) == f"/media/{stem}-1000.webp"
    assert media.srcset == ", ".join(f"/media/{stem}-{width}.webp {width}w" for width in media.widths)


def test_sizes_are_drawn_again_over_what_a_killed_process_left():
    media = photo(ActionFactory())
    half = media.file.name.replace(".jpg", "-480.webp")
    media.file.storage.save(half, ContentFile(b"half"))

    files.reduce_photos.call(media.action_id)

    assert len(stored()) == 4
    with Image.open(Path(settings.MEDIA_ROOT) / half) as image:
        assert image.width == 480


def test_lost_or_withdrawn_file_stops_nothing():
    action = ActionFactory()
    lost, kept = photo(action), photo(action)
    lost.file.storage.delete(lost.file.name)

    files.reduce_photos.call(action.pk)

    assert dict(action.media.values_list("pk", "widths")) == {lost.pk: [], kept.pk: [480, 960, 1000]}


@pytest.mark.django_db(transaction=True)
def test_photo_that_came_by_another_way_is_drawn_within_a_day():
    media, film = photo(ActionFactory()), MediaFactory()

    call_command("daily")

    media.refresh_from_db()
    film.refresh_from_db()
    assert (media.widths, film.widths) == ([480, 960, 1000], [])


@pytest.mark.django_db(transaction=True)
def test_sheet_and_card_show_the_sizes_as_soon_as_they_are_drawn(client):
    action = ActionFactory(published=True)
    first, second = photo(action, width=2000), photo(action, position=1, alt="Le jardin")
    assert first.file.url in client.get(action.get_absolute_url()).text

    files.reduce_photos.call(action.pk)

    page = client.get(action.get_absolute_url()).text
    first.refresh_from_db()
    second.refresh_from_db()
    shown = re.findall(
        r'<img src="([^"]+)" srcset="([^"]+)" sizes="[^"]+" alt="[^"]+" width="(\d+)" height="(\d+)"( loading="lazy")?',
        page,
    )
    assert shown == [
        (first.address(), first.srcset, "2000", "1500", ""),
        (second.address(), second.srcset, "1000", "750", ' loading="lazy"'),
    ]
    assert first.file.url not in page
    assert Entry.objects.get(pk=action.pk).facts["photo"]["url"] == first.address(640)
    assert first.address(640) in client.get("/actions/").text


# --- Who is served what -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "statuses"),
    [
        ("draft", [404, 200, 404, 200, 200]),
        ("proposed", [404, 200, 404, 200, 200]),
        ("published", [200, 200, 200, 200, 200]),
        ("archived", [404, 200, 404, 200, 200]),
    ],
)
def test_each_size_has_the_rights_of_its_sheet(state, statuses, unit, request):
    action = ActionFactory(published=True, carrier_unit=unit, editorial_state=state)
    media = reduced(action)
    document = MediaFactory(action=action, kind="document", url="", file=ContentFile(pdf_bytes(), "bilan.pdf"))
    clients = [request.getfixturevalue(name) for name in CLIENTS]

    for url in (media.file.url, media.address(480), media.address(960), document.file.url):
        assert [get(client, url).status_code for client in clients] == statuses


def test_sheet_of_the_agents_keeps_its_files_for_them(client, stranger_client):
    media = reduced(ActionFactory(published=True, visibility="agents"))

    assert [get(reader, media.address()).status_code for reader in (client, stranger_client)] == [404, 200]


def test_every_size_is_gone_the_day_after_its_rights_end(client):
    media = reduced(ActionFactory(published=True), rights_until=timezone.localdate() - dt.timedelta(days=1))

    assert [get(client, url).status_code for url in (media.file.url, media.address(480))] == [404, 404]


def test_size_that_is_not_there_gives_the_original(client):
    media = photo(ActionFactory(published=True))
    url = media.file.url.replace(".jpg", "-480.webp")

    response = get(client, url)

    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    with Image.open(io.BytesIO(response.body)) as image:
        assert image.width == 1000


def test_size_is_private_and_asked_again_by_its_tag(client):
    media = reduced(ActionFactory(published=True))

    first = get(client, media.address(480))
    again = get(client, media.address(480), **{"if-none-match": first["ETag"]})

    assert (first["Content-Type"], first["Cache-Control"]) == ("image/webp", "private, max-age=3600")
    assert first["Content-Security-Policy"] == again["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (again.status_code, again.body) == (304, b"")
    assert str(settings.MEDIA_ROOT) not in first["ETag"]


def test_tag_does_not_open_a_hidden_file(client, agent_client, unit):
    media = reduced(ActionFactory(carrier_unit=unit))
    tag = get(agent_client, media.address())["ETag"]

    assert get(client, media.address(), **{"if-none-match": tag}).status_code == 404


def test_file_that_waits_for_its_form_is_served_to_nobody(agent_client, agent, unit):
    waiting = files.keep(sent_and_received(), called="table.jpg", by=agent)

    assert agent_client.get(f"/media/{waiting.stored}").status_code == 404


def sent_and_received():
    return files.receive(sent())


# --- What is left over --------------------------------------------------------------------------------------------
@pytest.fixture
def scattered(agent) -> dict[str, list[str]]:
    """Files of every kind: those to keep, and those that nothing needs any more."""
    media = reduced(ActionFactory())
    store = media.file.storage
    old = files.keep(sent_and_received(), called="x.jpg", by=agent).stored
    recent = files.keep(sent_and_received(), called="x.jpg", by=agent).stored
    orphan = store.save("actions/2026/00000000-0000-4000-8000-000000000000.jpg", ContentFile(b"x" * 2048))
    orphan_size = store.save("actions/2026/00000000-0000-4000-8000-000000000000-480.webp", ContentFile(b"x"))
    half = store.save("actions/2026/half.jpg.part", ContentFile(b"x"))
    fresh = store.save("actions/2026/fresh.jpg", ContentFile(b"x"))
    elsewhere = store.save("readme.txt", ContentFile(b"x"))
    gone = [orphan, orphan_size, half, old]
    kept = sorted(stored() - set(gone))
    age(*gone, *(name for name in kept if name not in (recent, fresh)))
    assert elsewhere in kept
    return {"gone": sorted(gone), "kept": kept}


def test_purge_lists_first_and_removes_nothing(scattered, capsys):
    call_command("purge_files")

    *names, last = capsys.readouterr().out.splitlines()
    assert sorted(names) == scattered["gone"]
    assert last.startswith("4\u00a0fichiers, ")
    assert last.endswith("à retirer (--for-real les retire).")
    assert stored() == {*scattered["gone"], *scattered["kept"]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "run", [lambda: call_command("purge_files", for_real=True, verbosity=0), lambda: call_command("daily")]
)
def test_purge_removes_what_nothing_needs_and_only_that(run, scattered):
    for _ in range(2):
        run()

    assert sorted(stored()) == scattered["kept"]


# --- Faults -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["ajouter", "fichier"])
def test_full_disk_is_told_in_a_sentence_and_leaves_nothing(path, tmp_path, agent_client, unit, settings):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("Only root may mount a small disk.")
    try:
        settings.MEDIA_ROOT = disk
        sheet = ActionFactory(carrier_unit=unit)
        content = Image.effect_noise((800, 600), 100)
        out = io.BytesIO()
        content.save(out, "JPEG", quality=95)

        response = agent_client.post(address(sheet, path), {"file": sent(out.getvalue()), **PHOTO})

        assert response.status_code == 507
        assert "plus de place" in (response.text if path == "ajouter" else response.json()["error"])
        assert [name for name in disk.rglob("*") if name.is_file()] == []
        assert not sheet.media.exists()
        sheet.refresh_from_db()
        assert sheet.version == 1
        assert agent_client.get(sheet.get_absolute_url()).status_code == 200
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.fixture
def serve(tmp_path):
    """`serve(moment)` starts a server that kills itself at that moment; it gives its port and process."""
    started = []

    def one(moment=None) -> tuple[int, Fork]:
        port, fork = start_server(moment, MEDIA_ROOT=str(tmp_path))
        started.append(fork)
        return port, fork

    yield one
    for fork in started:
        fork.kill()


def request_of(client, sheet, port: int) -> bytes:
    """A photo with its words, as a browser sends it."""
    token = "a" * 32
    typed = {"csrfmiddlewaretoken": token, "row": "00000000-0000-4000-8000-000000000001", "file": sent(), **PHOTO}
    body = encode_multipart("limit", typed)
    head = (
        f"POST {address(sheet, 'ajouter')} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: sessionid={client.cookies['sessionid'].value}; csrftoken={token}\r\n"
        f"Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def exchange(port: int, request: bytes) -> bytes:
    """The answer; empty where the server died."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(request)
        try:
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionResetError:
            return b""


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("moment", "is_in"),
    [
        (media_moments.die_with_the_file_half_named, False),
        (media_moments.die_with_the_file_stored, False),
        (media_moments.die_once_committed, True),
        (media_moments.die_between_two_sizes, True),
    ],
)
def test_killed_server_leaves_all_or_nothing_and_the_same_form_then_works(moment, is_in, serve, agent_client, unit):
    sheet = ActionFactory(carrier_unit=unit)
    port, process = serve(moment)

    assert exchange(port, request_of(agent_client, sheet, port)) == b""

    assert process.wait() == -signal.SIGKILL
    sheet.refresh_from_db()
    assert (sheet.media.count(), sheet.version) == ((1, 2) if is_in else (0, 1))
    assert {media.file.name for media in sheet.media.all()} <= stored()
    assert (sheet.versions.count() == 2) is is_in
    left = stored()

    port, _ = serve()
    assert b" 302 " in exchange(port, request_of(agent_client, sheet, port)).partition(b"\r\n")[0]

    assert sheet.media.count() == 1
    age(*left)
    call_command("daily")
    media = sheet.media.get()
    assert media.widths == [480, 960, 1000]
    assert len(stored()) == 4


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_server_killed", [True, False], ids=["server killed", "browser gone"])
def test_upload_cut_in_the_middle_leaves_nothing(is_server_killed, serve, agent_client, unit):
    sheet = ActionFactory(carrier_unit=unit)
    port, process = serve()
    request = request_of(agent_client, sheet, port)

    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(request[: len(request) * 2 // 3])
        time.sleep(0.5)
        if is_server_killed:
            process.kill()
    if is_server_killed:
        port, _ = serve()

    assert stored() == set()
    assert not sheet.media.exists()
    assert b" 302 " in exchange(port, request).partition(b"\r\n")[0]
    assert sheet.media.get().title == "La table"


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_same_form_sent_at_once_by_several_connections_adds_once(serve, agent_client, unit):
    sheet = ActionFactory(carrier_unit=unit)
    port, _ = serve()
    request = request_of(agent_client, sheet, port)

    with ThreadPoolExecutor(4) as connections:
        answers = list(connections.map(lambda _: exchange(port, request), range(8)))

    assert [b" 302 " in answer.partition(b"\r\n")[0] for answer in answers] == [True] * 8
    sheet.refresh_from_db()
    assert (sheet.media.count(), sheet.version) == (1, 2)
    assert len(stored()) == 4
