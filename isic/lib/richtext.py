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
_BLOCK_END = re.compile(r"</(?:p|li|h3|h4|ul|ol)>|<br ?/?>")
_TAG = re.compile(r"<[^>]+>")

clean_html = create_sanitizer(EXTENSIONS)


def to_text(value: str) -> str:
    """The words of a cleaned rich text, one line a block, without markup."""
    text = html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", value)))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


class RichTextField(ProseEditorField):
    """HTML cleaned on every way in: by the form, and again before any write (loaders, shell, bulk)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, extensions=EXTENSIONS, sanitize=True, **kwargs)

    def pre_save(self, model_instance, add):
        value = clean_html(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, value)
        return value
