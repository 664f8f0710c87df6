"""The one analyser of French, for documents, queries, sort keys and addresses.

A word is a run of letters and digits (apostrophes and hyphens separate: « l’école » is `l` + `école`; « C.A.F. » is one
word); its stem is the Snowball stem of the word in lower case without accents. What no reader sees inside a word (soft
hyphens, characters without width) is not part of it. Stop words are kept: « Et si on en parlait » can be found.
"""

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

#: What a text processor, a web page or a PDF puts between two letters, and nobody sees.
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff"
#: Letters, for Unicode, that people type as apostrophes.
_APOSTROPHES = "\u02b9-\u02bf\u02ca\u02cb\ua78b\ua78c"
_LETTER = rf"[^\W_{_APOSTROPHES}]"
#: Accents may come apart from their letter, as in what is pasted from a PDF; an acronym may be dotted.
WORD = re.compile(rf"{_LETTER}+(?:[\u0300-\u036f{_UNSEEN}]+{_LETTER}*)*(?:(?<!\w\w)(?<!\d)(?:\.[^\W\d_](?!\w))+\.?)?")
#: Folded words that a query ignores as soon as it has another one; elided articles included.
STOP_WORDS = frozenset(
    """a ai au aux avec c ce ces cet cette d dans de des du elle en entre est et eu il ils j je jusqu l la le les leur
    leurs lors lorsqu m ma mais me mes meme mon n ne ni nos notre nous on ont ou par pas plus pour puisqu qu quand que
    quel quelle quels qui quoi s sa sans se ses si son sont sous sur t ta te tes toi ton tous tout toute toutes tu un
    une vers vos votre vous y""".split()
)
#: Folded words that Snowball confuses with others (« café » is not « Caf », « aînés » not « Ain », « aidant » not « aide »),
#: or whose plural it does not know.
_OWN_STEMS = {
    word + ending: word
    for word, endings in {
        "cafe": ("", "s"),
        "aine": ("", "s", "e", "es"),
        "aidant": ("", "s", "e", "es"),
        "entree": ("", "s"),
        "ami": ("", "s", "e", "es"),
        **dict.fromkeys(("jeu", "enjeu", "lieu", "milieu", "voeu"), ("", "x")),
    }.items()
    for ending in endings
}
#: What Snowball leaves (« vélos », « bureaux »), or no longer knows without its accent (« isolées » is « isolés »).
_ENDING = re.compile("(?<=e)es?$|(?<=..[ou])s$|(?<=...i)s$|(?<=eau|.ou)x$")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_NOT_READ = re.compile(f"[{_UNSEEN}]")
_APOSTROPHE = re.compile(rf"[{_APOSTROPHES}`\u00b4\u2018\u2019\u201b\u2032\uff07]")
_local = threading.local()


def plain(text: str) -> str:
    """Lower case, without accents, ligatures nor what nobody sees, and with one kind of apostrophe."""
    if text.isascii():
        return text.lower().replace("`", "'")
    seen = _APOSTROPHE.sub("'", _NOT_READ.sub("", text)).lower().translate(_LIGATURES)
    return "".join(c for c in unicodedata.normalize("NFKD", seen) if not unicodedata.combining(c))


@lru_cache(maxsize=1 << 17)
def fold(word: str) -> str:
    """One word, plain; an acronym without its dots."""
    return plain(word).replace(".", "")


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The stem of one word, as written."""
    try:
        stemmer = _local.stemmer  # a Snowball stemmer belongs to one thread
    except AttributeError:
        stemmer = _local.stemmer = Stemmer.Stemmer("french")
    folded = fold(word)
    return _OWN_STEMS.get(folded) or stemmer.stemWord(_ENDING.sub("", folded))


def stems(text: str) -> list[str]:
    """The stems of every word of a text, in order (the i-th stem is that of the i-th match of WORD)."""
    return [stem(word) for word in WORD.findall(text)]


def is_stop_word(word: str) -> bool:
    return fold(word) in STOP_WORDS
