import pytest

from actions.models import Action
from isic.lib.richtext import RichTextFormField, clean_html, from_text, to_text
from tests.factories import ActionFactory

WORD = (
    '<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--><p class="MsoNormal" style="margin:0cm">'
    '<b style="mso-bidi-font-weight:normal"><span lang="FR" style="font-size:12.0pt">Le mardi</span></b><o:p></o:p></p>'
    '<p class="MsoListParagraph"><span style="mso-list:Ignore">·</span>Cuisiner</p>'
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>Simple</p>", "<p>Simple</p>"),
        ("<p><strong>fort</strong> <em>doux</em></p>", "<p><strong>fort</strong> <em>doux</em></p>"),
        ("<h3>Titre</h3><h4>Sous-titre</h4>", "<h3>Titre</h3><h4>Sous-titre</h4>"),
        ("<h1>Trop haut</h1>", "Trop haut"),
        ("<ul><li><p>un</p></li></ul><ol><li>deux</li></ol>", "<ul><li><p>un</p></li></ul><ol><li>deux</li></ol>"),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<style>p{color:red}</style><p>a</p>", "<p>a</p>"),
        ('<p style="color:red" onclick="x()" class="c" id="i">a</p>', "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="data:text/html,x">a</a></p>', "<p><a>a</a></p>"),
        ('<img src="x" onerror="alert(1)">', ""),
        ("<iframe src='https://example.org'></iframe>", ""),
        ("<table><tr><td>cellule</td></tr></table>", "cellule"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<p></p>", ""),
        (WORD, "<p><strong>Le mardi</strong></p><p>·Cuisiner</p>"),
    ],
)
def test_clean_html_keeps_the_words_and_few_marks(given, kept):
    assert clean_html(given) == kept


@pytest.mark.parametrize("href", ["https://example.org/a?b=1", "http://example.org", "mailto:service@example.org"])
def test_clean_html_keeps_links(href):
    assert f'href="{href}"' in clean_html(f'<p><a href="{href}">a</a></p>')


def test_clean_html_does_not_change_what_is_clean():
    cleaned = clean_html(WORD + '<p><a href="https://example.org">x</a></p><ul><li><p>y</p></li></ul>')

    assert clean_html(cleaned) == cleaned


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>Un</p><p>Deux</p>", "Un\nDeux"),
        ("<p>Un <strong>mot</strong> fort</p>", "Un mot fort"),
        ("<ul><li><p>pain</p></li><li><p>sel</p></li></ul>", "pain\nsel"),
        ("<h3>Titre</h3><p>&lt;b&gt; &amp; l’été</p>", "Titre\n<b> & l’été"),
    ],
)
def test_to_text_gives_one_line_a_block(html, text):
    assert to_text(html) == text


@pytest.mark.django_db
def test_rich_text_is_cleaned_on_every_way_in(unit):
    hostile = '<p onclick="x()">Un<script>x()</script></p>'

    saved = ActionFactory(description=hostile)
    in_bulk = ActionFactory.build(description=hostile, domain=saved.domain, carrier_unit=unit, slug="en-bloc")
    Action.objects.bulk_create([in_bulk])
    through_a_form = ActionFactory.build(description=hostile, domain=saved.domain, carrier_unit=unit)
    through_a_form.full_clean()

    assert through_a_form.description == "<p>Un</p>"
    assert [action.description for action in Action.objects.all()] == ["<p>Un</p>", "<p>Un</p>"]


def test_clean_html_keeps_the_bold_and_italics_of_word_processors():
    assert (
        clean_html("<p><b>Gras</b> et <I class=x>italique</I></p>")
        == "<p><strong>Gras</strong> et <em>italique</em></p>"
    )


def test_clean_html_never_joins_the_words_around_a_forced_line_break():
    assert clean_html("<p>un<br>deux<BR/>trois</p>") == "<p>un deux trois</p>"


def test_clean_html_never_joins_the_words_of_two_cells_or_blocks():
    table = "<table><tr><td>Alimentation</td><td>1\u00a0500,00\u00a0€</td></tr><tr><td>Transport</td></tr></table>"

    assert clean_html(table).replace("&nbsp;", "\u00a0").split(" ") == [
        "Alimentation",
        "1\u00a0500,00\u00a0€",
        "",
        "Transport",
    ]
    assert clean_html("<h1>Titre</h1><div>un</div><div>deux</div>") == "Titre un deux"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("Une ligne", "<p>Une ligne</p>"),
        ("Un\r\nDeux\n\n Trois ", "<p>Un</p><p>Deux</p><p>Trois</p>"),
        ("1 < 2 & « l'été » > tout", "<p>1 &lt; 2 &amp; « l'été » &gt; tout</p>"),
        ("a <x> b", "<p>a &lt;x&gt; b</p>"),
        ("<p>Un <strong>mot</strong></p>", "<p>Un <strong>mot</strong></p>"),
        ("<script>x()</script>", "<p>&lt;script&gt;x()&lt;/script&gt;</p>"),
        ("avant <b onclick=x()>gras</b>", "avant <strong>gras</strong>"),
    ],
)
def test_a_text_typed_without_the_editor_loses_nothing(typed, kept):
    assert RichTextFormField(required=False).clean(typed) == kept


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>Un</p><p>Deux &lt; trois</p>", "Un\nDeux < trois"),
        ("<p>Un <em>mot</em></p>", "<p>Un <em>mot</em></p>"),
        ("<ul><li><p>pain</p></li></ul>", "<ul><li><p>pain</p></li></ul>"),
        ("<p>une balise &lt;p&gt;</p>", "<p>une balise &lt;p&gt;</p>"),
        ("Sans paragraphe", "Sans paragraphe"),
        ("", ""),
        (None, None),
    ],
)
def test_a_text_without_marks_shows_none(html, shown):
    field = RichTextFormField(required=False)

    assert field.prepare_value(html) == shown
    assert field.clean(shown) == clean_html(from_text(html or ""))
    assert not field.has_changed(clean_html(from_text(html or "")), shown or "")
    assert field.has_changed(html, "Autre chose")
