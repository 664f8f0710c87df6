"""What people's clipboards hold, as Word, Google Docs, mails and spreadsheets write it → what a sheet keeps."""

_WORD_ITEM = (
    "<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l{list} level{level} lfo1'><![if !supportLists]>"
    "<span style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>{mark}"
    "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>{words}<o:p></o:p></p>\n"
)
_WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">'
    "<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->"
    "<style><!-- p.MsoNormal {{margin:0cm; font-weight:bold}} --></style></head>"
    "<body lang=FR style='tab-interval:35.4pt'><!--StartFragment-->{}<!--EndFragment--></body></html>"
)


def word(*parts: str) -> str:
    return _WORD.format("".join(parts))


def item(words: str, mark: str = "·", level: int = 1, numbering: int = 0) -> str:
    return _WORD_ITEM.format(words=words, mark=mark, level=level, list=numbering)


def docs(inside: str) -> str:
    """Google Docs wraps all in a bold that is not one."""
    return f'<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1234">{inside}</b><br>'


def docs_span(words: str, weight: int = 400, style: str = "normal") -> str:
    return (
        f'<span style="font-size:11pt;font-family:Arial;color:#000000;font-weight:{weight};font-style:{style};'
        f'white-space:pre-wrap;">{words}</span>'
    )


def online(words: str, level: int, tag: str = "ul", rank: int = 1) -> str:
    """An item of Word Online, in a list of its own."""
    return (
        f'<div class="ListContainerWrapper SCXW1 BCX8" style="margin: 0px;"><{tag} class="BulletListStyle1" role="list">'
        f'<li data-leveltext="" data-listid="1" data-aria-posinset="{rank}" data-aria-level="{level}" role="listitem">'
        f'<p class="Paragraph SCXW1" style="font-weight: normal;"><span class="TextRun">{words}</span></p></li></{tag}></div>'
    )


TABLE = (
    "<table class=MsoTableGrid border=1><tr><td width=100><p class=MsoNormal>Alimentation<o:p></o:p></p></td>"
    "<td><p class=MsoNormal align=right>1\u00a0500,00\u00a0€</p></td></tr>"
    "<tr><td><p class=MsoNormal><b>Transport</b></p></td><td><p class=MsoNormal>300</p></td></tr></table>"
)
SHEET = (
    '<html><head><meta name=Generator content="Microsoft Excel 15"><style>td {font-weight:bold}</style></head><body>'
    "<table width=200><!--StartFragment--><col width=80><tr height=20><td class=xl65>Poste</td><td>Prévu</td><td>Réalisé</td></tr>"
    "<tr><td>Courses</td><td></td><td align=right>310,5</td></tr><!--EndFragment--></table></body></html>"
)

#: Name → (HTML, what is kept).
PASTED = {
    "google docs": (
        docs(f'<p dir="ltr" style="line-height:1.38">{docs_span("Le mardi, ")}{docs_span("ensemble", 700)}</p>'),
        "<p>Le mardi, <strong>ensemble</strong></p>",
    ),
    "google docs, a list": (
        docs(
            f'<ul style="margin:0"><li dir="ltr" aria-level="1"><p role="presentation">{docs_span("Pain")}</p></li>'
            f'<ul><li dir="ltr" aria-level="2"><p role="presentation">{docs_span("complet", 400, "italic")}</p></li></ul>'
            f'<li dir="ltr" aria-level="1"><p role="presentation">{docs_span("Sel")}</p></li></ul>'
        ),
        "<ul><li><p>Pain</p><ul><li><p><em>complet</em></p></li></ul></li><li><p>Sel</p></li></ul>",
    ),
    "google docs, a heading": (
        docs(f'<h2 dir="ltr">{docs_span("Objectifs", 700)}</h2><p>{docs_span("Faire.")}</p>'),
        "<h3>Objectifs</h3><p>Faire.</p>",
    ),
    "word": (
        word(
            "<p class=MsoNormal><b style='mso-bidi-font-weight:normal'><span style='font-size:12.0pt'>Le mardi</span></b>"
            " et <i>le</i> <span style='font-weight:bold'>jeudi</span><o:p></o:p></p>"
        ),
        "<p><strong>Le mardi</strong> et <em>le</em> <strong>jeudi</strong></p>",
    ),
    "word, bullets": (
        word(
            "<p class=MsoNormal>Il faut&nbsp;:</p>",
            item("Cuisiner"),
            item("au four", "o", 2),
            item("Manger <b>bien</b>"),
        ),
        "<p>Il faut :</p><ul><li><p>Cuisiner</p><ul><li><p>au four</p></li></ul></li><li><p>Manger <strong>bien</strong></p></li></ul>",
    ),
    "word, numbers then bullets": (
        word(item("Accueillir", "1."), item("Cuisiner", "2."), item("Pain", "·", numbering=1)),
        "<ol><li><p>Accueillir</p></li><li><p>Cuisiner</p></li></ol><ul><li><p>Pain</p></li></ul>",
    ),
    "word, letters under numbers": (
        word(item("Un", "1)"), item("sous-un", "a)", 2), item("sous-deux", "b)", 2), item("Deux", "2)")),
        "<ol><li><p>Un</p><ol><li><p>sous-un</p></li><li><p>sous-deux</p></li></ol></li><li><p>Deux</p></li></ol>",
    ),
    "word, filtered": (
        "<p class=MsoListParagraph>·<span>&nbsp;&nbsp; </span>Cuisiner</p><p class=MsoListParagraph>·<span>&nbsp; </span>Manger</p>",
        "<ul><li><p>Cuisiner</p></li><li><p>Manger</p></li></ul>",
    ),
    "word online": (
        '<div class="OutlineElement"><p class="Paragraph" style="font-weight: bold;"><span>Courses</span></p></div>'
        + online("Pain", 1)
        + online("complet", 2)
        + online("Sel", 1, rank=2)
        + online("Puis", 1, "ol"),
        "<p><strong>Courses</strong></p><ul><li><p>Pain</p><ul><li><p>complet</p></li></ul></li><li><p>Sel</p></li></ul><ol><li><p>Puis</p></li></ol>",
    ),
    "word, a comment and a correction": (
        word(
            "<p class=MsoNormal>Bien <del cite='mailto:Camille'>mal</del>dit"
            "<span style='mso-hide:all;display:none'>caché</span></p>"
            "<div style='mso-element:comment-list'><p>[Camille] à revoir</p></div>"
        ),
        "<p>Bien dit</p>",
    ),
    "libreoffice": (
        "<ul><li><p style='margin-bottom: 0cm'><font face='Arial'>Pain</font></p></li><li><p>Sel</p></li></ul>",
        "<ul><li><p>Pain</p></li><li><p>Sel</p></li></ul>",
    ),
    "table": (
        f"<p>Budget</p>{word(TABLE)}",
        "<p>Budget</p><p>Alimentation ; 1 500,00 €</p><p><strong>Transport</strong> ; 300</p>",
    ),
    "spreadsheet": (SHEET, "<p>Poste ; Prévu ; Réalisé</p><p>Courses ; – ; 310,5</p>"),
    "one cell": ("<table><tr><td>310,5</td></tr></table>", "<p>310,5</p>"),
    "mail of one cell": (
        "<table><tr><td><div>Bonjour,</div><div>Merci.</div><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>",
        "<p>Bonjour,</p><p>Merci.</p><p>a ; b</p>",
    ),
    "typed lists": (
        "<p>1. Accueil</p><p>2. Repas</p><p>- pain</p><p>- sel</p><p>• eau</p>",
        "<ol><li><p>Accueil</p></li><li><p>Repas</p></li></ol><ul><li><p>pain</p></li><li><p>sel</p></li></ul><ul><li><p>eau</p></li></ul>",
    ),
    "what only looks like a list": (
        "<p>2019. Une année.</p><p>- Bonjour, dit-elle.</p><p>– Bonsoir.</p><p>– Bonne nuit.</p><p>12. Rue Neuve</p>",
        "<p>2019. Une année.</p><p>- Bonjour, dit-elle.</p><p>– Bonsoir.</p><p>– Bonne nuit.</p><p>12. Rue Neuve</p>",
    ),
    "words about styles": ('<p>Écrire style="x" puis &lt;b&gt;</p>', '<p>Écrire style="x" puis &lt;b&gt;</p>'),
    "harm": (
        '<p onclick=x() style="background:url(https://example.org/x)">a<script>alert(1)</script><img src=x onerror=alert(1)></p>',
        "<p>a</p>",
    ),
}
#: Plain text → what is kept.
PLAIN = {
    "lines": ("Un\nDeux", "<p>Un</p><p>Deux</p>"),
    "a list": ("Il faut :\n- pain\n- sel", "<p>Il faut :</p><ul><li><p>pain</p></li><li><p>sel</p></li></ul>"),
    "tags": ("<b>a</b>\n- b\n- c", "<p>&lt;b&gt;a&lt;/b&gt;</p><p>- b</p><p>- c</p>"),
}
