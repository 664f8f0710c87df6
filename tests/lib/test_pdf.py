"""A PDF made of people's words: accessible, and nothing of them ever becomes markup."""

import re
import socket

import pytest
from PIL import Image

from isic.lib.pdf import TEMPLATES, UNKNOWN, readable, render
from tests.papers import assert_accessible, pages_of, squeezed

HOSTILE = (
    '#import "@preview/cetz:0.3.0"',
    '#read("/etc/passwd")',
    "$x^2$ *gras* _italique_ `code` @label <label> \\ \\u{41} = titre",
    "<script>alert(1)</script>",
    "// commentaire /* fin */ ~ -- --- ...",
    "« déjà » “anglais” l’été d'hiver",
    '"],"sheets":[{"title":"',
    "Українська, Ελληνικά, Łódź",
)


def minutes(**values) -> dict:
    return {
        "kicker": "Compte rendu",
        "title": "Compte rendu",
        "heading": "Instance",
        "running": "Compte rendu",
        "notice": "",
        "landmarks": [],
        "passages": [],
        "tasks": [],
        "introduction": "",
        "following": "",
        "signatures": [],
        **values,
    }


def passage(subject: str, **values) -> dict:
    written = {
        "kind": "Sujet libre",
        "presenters": "",
        "question": "",
        "outcome": "",
        "brings": [],
        "is_unreleased": False,
    }
    return {"subject": subject, **written, **values}


@pytest.mark.parametrize("words", HOSTILE)
def test_text_is_written_as_it_is(words):
    run = {"text": words, "strong": True, "em": True, "href": ""}
    item = passage(words, question=words, brings=[{"kind": "text", "runs": [run]}])

    pdf = render("documents/minutes.typ", minutes(title=words, heading=words, running=words, passages=[item]))

    assert_accessible(pdf)
    assert "".join(pages_of(pdf)).count(squeezed(words)) >= 4


def test_long_text_goes_on_over_pages():
    words = "mot " * 2500
    pdf = render("documents/minutes.typ", minutes(passages=[passage("Long", outcome=words.strip())]))

    pages = pages_of(pdf)
    assert len(pages) > 2
    assert "".join(pages).count("mot") == 2500
    assert f"page1sur{len(pages)}" in pages[0]
    assert_accessible(pdf)


def test_letter_without_a_drawing_leaves_a_mark():
    pdf = render("documents/minutes.typ", minutes(passages=[passage("Fête 🎉 مرحبا\u202eesrevni\u0007 mi\u2011temps")]))

    assert_accessible(pdf)
    assert f"Fête{UNKNOWN}{UNKNOWN * 5}esrevnimi-temps" in pages_of(pdf)[0]


def test_letter_with_a_drawing_stays():
    words = "É à ç Œ œ ß Ž Ω Ж ‰ € « ’ … №\tpuis\nfin"

    page = pages_of(render("documents/minutes.typ", minutes(passages=[passage("Lettres", outcome=words)])))[0]

    assert squeezed(words) in page
    assert UNKNOWN not in page


def test_readable_leaves_out_what_is_not_a_letter():
    assert readable("e\u0301te\u0301\x00\x1b[0m \u202eabc\u200d") == "été[0m abc"
    assert readable("ligne\nligne") == "ligne\nligne"


def test_link_leads_only_where_a_sheet_may():
    runs = [
        {"text": "x", "strong": False, "em": False, "href": h} for h in ("javascript:alert(1)", "https://a.example/")
    ]
    pdf = render("documents/minutes.typ", minutes(passages=[passage("Liens", brings=[{"kind": "text", "runs": runs}])]))

    assert b"javascript:" not in pdf
    assert_accessible(pdf)


def test_logo_has_the_name_of_the_department_as_its_text(settings, tmp_path):
    settings.LOGO_PATH = tmp_path / "logo.PNG"
    Image.new("RGB", (60, 20), "red").save(settings.LOGO_PATH, "PNG")

    tags = assert_accessible(render("documents/minutes.typ", minutes()))

    assert [str(element.Alt) for element in tags if element.S == "/Figure"] == [settings.DEPARTMENT_NAME]


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", None])
def test_logo_that_cannot_be_drawn_costs_nobody_a_document(content, settings, tmp_path, caplog):
    settings.LOGO_PATH = tmp_path / "logo.png"
    if content is not None:
        settings.LOGO_PATH.write_bytes(content)

    pdf = render("documents/minutes.typ", minutes())

    assert not any(element.S == "/Figure" for element in assert_accessible(pdf))
    assert squeezed(settings.DEPARTMENT_NAME) in "".join(pages_of(pdf))
    assert "LOGO_PATH" in caplog.text


@pytest.mark.parametrize("linked", ["http://127.0.0.1:{port}/x.png", "file:///etc/hostname"])
def test_drawn_logo_brings_nothing_from_elsewhere(settings, tmp_path, linked):
    settings.LOGO_PATH = tmp_path / "logo.svg"
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect width="60" height="20"/>{}</svg>'
    settings.LOGO_PATH.write_text(drawing.format(""))
    assert_accessible(render("documents/minutes.typ", minutes()))

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = linked.format(port=server.getsockname()[1])
        settings.LOGO_PATH.write_text(drawing.format(f'<image href="{address}" width="9" height="9"/>'))
        assert not any(e.S == "/Figure" for e in assert_accessible(render("documents/minutes.typ", minutes())))
        with pytest.raises(TimeoutError):
            server.accept()


def test_templates_import_each_other_only():
    """A package would be downloaded."""
    files = list(TEMPLATES.glob("*.typ"))
    wanted = {name for path in files for name in re.findall(r'#import "(.+?)"', path.read_text())}
    assert wanted == {"house.typ", "sheet.typ"}
    assert wanted <= {path.name for path in files}


def test_hues_are_those_of_the_pages(settings):
    styles = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    hues = re.findall(r"\.hue-\d+ { --hue: (\d+); }", styles)
    assert f"#let hues = ({', '.join(hues)})" in (TEMPLATES / "sheet.typ").read_text()
