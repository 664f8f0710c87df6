"""Rich text: paragraphs, lists, emphasis, links and subheadings, and nothing else.

What is pasted takes these shapes in the browser (static/js/pasted.js); here, whatever comes, nothing else stays.
"""

import html
import re

from django import forms
from django.urls import reverse
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField, create_sanitizer
from django_prose_editor.widgets import ProseEditorWidget, importmap, prose_editor_js, prose_editor_media
from js_asset import Media, Script

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [3, 4]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "NoSpellCheck": False,  # people write French here: the browser's spelling help stays
    "Menu": {"groups": [{"group": name} for name in ("headings", "lists", "marks", "link", "history")]},
    "House": True,  # settings.DJANGO_PROSE_EDITOR_EXTENSIONS
}
_BLOCK_END = re.compile(r"</(?:p|li|h3|h4|ul|ol)>")
_TAG = re.compile(r"<[^>]+>")
#: Where words end, of what does not stay.
_BREAK = re.compile(r"<br\s*/?>|</(?:td|th|tr|caption|div|blockquote|dt|dd|h[1256])>", re.IGNORECASE)
#: What word processors write, and what it means.
_EMPHASIS = re.compile(r"<(/?)(b|i)(?=[\s>])", re.IGNORECASE)
_MEANS = {"b": "strong", "i": "em"}
_MARKED = re.compile(r"</?(?:p|br|ul|ol|li|h[1-6]|strong|em|b|i|a|div|span)(?=[\s/>])[^>]*>", re.IGNORECASE)
_allowed = create_sanitizer(EXTENSIONS)


def clean_html(value: str) -> str:
    """Only what a sheet may have; bold and italics of any origin are kept, a forced line break or the end of a cell becomes a space.

    Ends of lines are of one kind and none is at the end: a text sent back untouched is the same text.
    """
    value = value.replace("\r\n", "\n")
    value = _EMPHASIS.sub(lambda match: f"<{match[1]}{_MEANS[match[2].lower()]}", _BREAK.sub(" ", value))
    return _allowed(value).strip()


def to_text(value: str) -> str:
    """The words of a cleaned rich text, one line a block, without markup."""
    text = html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", value)))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def from_text(value: str) -> str:
    """What was typed without the editor: each line becomes a paragraph. Marked text is as it was."""
    if _MARKED.search(value):
        return value
    lines = (line.strip() for line in value.splitlines())
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


#: static/js/rich-text.js draws what the editor's font of icons (128 KB) would. It comes with the page: fetched by the editor
#: when it starts, it would leave seconds, on a slow network, to type in a textarea that then goes away.
WITHOUT_ITS_FONT = Media(
    importmap=importmap,
    css={"all": ["django_prose_editor/editor.css"]},
    js=[prose_editor_js, Script("js/rich-text.js", type="module")],
)


class RichTextInput(ProseEditorWidget):
    """The editor in our own pages: with its French, and what our policy keeps it from injecting."""

    @property
    def media(self):
        words = forms.Script(reverse("editor_words"))
        ours = forms.Media(css={"all": ["css/rich-text.css"]}, js=[words])
        return ours + prose_editor_media(base=WITHOUT_ITS_FONT, preset=self.preset)


class RichTextFormField(ProseEditorFormField):
    """With the editor or, without scripts, a plain text: a value of mere paragraphs shows no tag."""

    def __init__(self, *args, **kwargs):
        defaults = {"config": {"extensions": EXTENSIONS}, "preset": "configurable", "widget": RichTextInput}
        super().__init__(*args, **defaults | kwargs)
        self.sanitize = clean_html

    def prepare_value(self, value):
        plain = to_text(value or "")
        return plain if from_text(plain) == value else value

    def clean(self, value):
        return super().clean(from_text(value or ""))

    def has_changed(self, initial, data) -> bool:
        return not self.disabled and clean_html(from_text(data or "")) != (initial or "")


class RichTextField(ProseEditorField):
    """HTML cleaned on every way in: by the form, and again before any write (loaders, shell, bulk)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, extensions=EXTENSIONS, sanitize=clean_html, **kwargs)

    def formfield(self, **kwargs):
        # Without a word about it, Django's text field asks for a plain textarea.
        return super().formfield(**{"form_class": RichTextFormField, "widget": RichTextInput, **kwargs})

    def pre_save(self, model_instance, add):
        value = clean_html(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, value)
        return value
