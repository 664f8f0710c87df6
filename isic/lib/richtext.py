"""Rich text: paragraphs, lists, emphasis, links and subheadings, and nothing else."""

import html
import re

from django_prose_editor.fields import ProseEditorField, create_sanitizer

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
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
#: What word processors write, and what it means.
_EMPHASIS = re.compile(r"<(/?)(b|i)(?=[\s>])", re.IGNORECASE)
_MEANS = {"b": "strong", "i": "em"}
_allowed = create_sanitizer(EXTENSIONS)


def clean_html(value: str) -> str:
    """Only what a sheet may have; bold and italics of any origin are kept, a forced line break becomes a space."""
    value = _EMPHASIS.sub(lambda found: f"<{found[1]}{_MEANS[found[2].lower()]}", _BREAK.sub(" ", value))
    return _allowed(value)


def to_text(value: str) -> str:
    """The words of a cleaned rich text, one line a block, without markup."""
    text = html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", value)))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


class RichTextField(ProseEditorField):
    """HTML cleaned on every way in: by the form, and again before any write (loaders, shell, bulk)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, extensions=EXTENSIONS, sanitize=clean_html, **kwargs)

    def pre_save(self, model_instance, add):
        value = clean_html(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, value)
        return value
