"""Rich text as plain data, and its beginning."""

from isic.lib.richtree import paragraphs, shortened, tree


def run(text, *, strong=False, em=False, href=""):
    return {"text": text, "strong": strong, "em": em, "href": href}


def text(*runs):
    return {"kind": "text", "runs": [run(held) if isinstance(held, str) else held for held in runs]}


def test_tree_keeps_what_a_sheet_may_have():
    html = (
        "<h3>Le matin</h3><p>On va <strong>au <em>marché</em></strong> &amp; <a href='https://a.example'>ailleurs</a>.</p>"
        "<ol><li><p>un</p><ul><li><p>dedans</p></li></ul></li><li>deux</li></ol>"
    )
    assert tree(html) == [
        {"kind": "heading", "runs": [run("Le matin")]},
        text(
            "On va ",
            run("au ", strong=True),
            run("marché", strong=True, em=True),
            " & ",
            run("ailleurs", href="https://a.example"),
            ".",
        ),
        {
            "kind": "list",
            "ordered": True,
            "items": [
                [text("un"), {"kind": "list", "ordered": False, "items": [[text("dedans")]]}],
                [text("deux")],
            ],
        },
    ]


def test_tree_survives_any_text():
    assert tree("") == []
    assert tree("sans bloc") == [text("sans bloc")]
    assert tree("</li></p><li>seul") == [text("seul")]
    assert tree("<p>&lt;script&gt; #import $x$</p>") == [text("<script> #import $x$")]


def test_plain_text_is_one_paragraph_a_line():
    assert paragraphs("a <b>\n\n b \n") == [text("a <b>"), text("b")]


def test_shortened_cuts_between_words_and_says_so():
    blocks = tree(f"<p>Un premier.</p><p>{'mot ' * 50}.</p><p>Jamais.</p>")
    assert shortened(blocks, 1000) == blocks
    assert shortened(blocks, 100) == [blocks[0], text("mot mot mot mot mot…")]


def test_shortened_keeps_whole_items_and_no_lonely_heading():
    listed = tree("<ul><li>aaaa</li><li>bbbb</li></ul>")
    assert shortened(listed, 159) == [{**listed[0], "items": listed[0]["items"][:1]}, text("…")]
    assert shortened(tree("<p>Un.</p><h3>Un titre</h3><p>x</p>"), 100) == [text("Un.")]
