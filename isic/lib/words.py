"""Lists, places, counts and amounts in French words."""

from collections.abc import Iterable
from decimal import Decimal
from unicodedata import normalize

NBSP = "\u00a0"
#: Place names whose h is mute; before any other the article stays whole (« de Hauteville », « de Hotonnes »).
MUTE_H = ("hérault", "hérouville", "hières", "honfleur", "houilles", "hyères", "hostiaz")
#: What « de » and « à » become with the article that opens a name; « La » and « L’ » stay as they are.
CONTRACTIONS = {"de": {"le": "du", "les": "des"}, "à": {"le": "au", "les": "aux"}}
#: Fewer people than this could be recognised: the number itself is not shown.
MASKED_BELOW = 5


def listed(words: Iterable[str], limit: int | None = None) -> str:
    """« a, b et c », or « a, b et 3 autres » beyond the limit."""
    words = [str(word) for word in words]
    if limit and len(words) > limit + 1:
        words = [*words[:limit], f"{len(words) - limit}{NBSP}autres"]
    if not words:
        return ""
    *head, last = words
    return f"{', '.join(head)} et {last}" if head else last


def lower_first(text: object) -> str:
    """« Familles » as it is written inside a sentence; « RSA » and « 12-15 ans » stay as they are."""
    words = str(text)
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def of_place(name: str) -> str:
    """« d’Oyonnax », « du Poizat-Lalleyriat », « de La Tranclière »."""
    contracted = _contracted("de", name)
    return contracted or (f"d’{name}" if _elides(name) else f"de {name}")


def at_place(name: str) -> str:
    """« à Oyonnax », « au Poizat-Lalleyriat », « aux Neyrolles »."""
    return _contracted("à", name) or f"à {name}"


def _contracted(preposition: str, name: str) -> str:
    article, _, rest = name.partition(" ")
    word = CONTRACTIONS[preposition].get(article.lower())
    return f"{word} {rest}" if word and rest else ""


def _elides(name: str) -> bool:
    """Whether « de » loses its e before this name; y is a vowel only before a consonant."""
    letters = normalize("NFD", name).lower()
    if letters[:1] == "y":
        return letters[1:2] not in tuple("aeiou")
    return letters.startswith(tuple("aeiouœæ")) or name.lower().startswith(MUTE_H)


def counted(number: int, singular: str, plural: str = "") -> str:
    """« 1 séance », « 12 séances »."""
    return f"{grouped(number)}{NBSP}{singular if number < 2 else plural or f'{singular}s'}"


def people(number: int) -> str:
    """A count of people as the public may read it."""
    return f"moins de {MASKED_BELOW}{NBSP}personnes" if number < MASKED_BELOW else counted(number, "personne")


def grouped(number: int | Decimal) -> str:
    """« 1 500 », « 12,5 »: thousands by a no-break space, a comma, no useless zero."""
    whole, _, decimals = f"{number:,.2f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", NBSP) + (f",{decimals}" if decimals else "")


def euros(amount: Decimal) -> str:
    """« 1 500 € », « 12,50 € »."""
    words = f"{amount:,.2f}".replace(",", NBSP).replace(".", ",")
    return f"{words.removesuffix(',00')}{NBSP}€"


def hours(amount: Decimal) -> str:
    """« 35 h », « 3,5 h »."""
    return f"{grouped(amount)}{NBSP}h"


def file_size(octets: int) -> str:
    """« 240 Ko », « 2,3 Mo »."""
    if octets < 1024 * 1024:
        return f"{max(1, octets // 1024)}{NBSP}Ko"
    return f"{octets / 1024 / 1024:.1f}{NBSP}Mo".replace(".", ",").replace(",0", "")


def opening(text: str, limit: int = 150) -> str:
    """The first sentence of a text, cut between two words when it is long."""
    line = text.strip().split("\n", 1)[0]
    for end in (". ", "! ", "? ", " ; "):
        line = line.partition(end)[0] if 20 < line.find(end) < limit else line
    if len(line) <= limit:
        return line.rstrip(" .;:,")
    return f"{line[:limit].rsplit(' ', 1)[0].rstrip(' ,;:')}…"
