"""How French says « one person »: the words that the searches for names, births and lives share."""

import re
import unicodedata

#: Of nobody in particular, in a text on a group: one of them is somebody.
_SOMEBODY = (
    "dames? monsieur madame participante? habitante? beneficiaire usager usagere allocataire residente? locataire voisine? maman papa"
    " retraitee? grand-mere grand-pere mamie papi veuve veuf migrante? refugiee? adherente? patiente? detenue? stagiaire"
    " octogenaire septuagenaire nonagenaire collegien collegienne lyceen lyceenne etudiante? fillette ado adolescente? gamine?"
)
#: These are said of anybody too: « aider un proche malade », « pour une personne en fauteuil ».
_ANYBODY = "personnes? femme homme mere pere parent enfant jeune fille garcon bebe adulte senior aine proche conjointe? famille salariee?"
_ADJECTIVES = (
    "(?:(?:jeune|vieille|vieux|vieil|petite?|autre|certaine?|ancienne?|future?|nouvelle|nouveau|nouvel|seule|grande?|gentille?)"
    " )?"
)


def _nouns(words: str) -> str:
    """Of one: the plural endings that the lists share with readers are dropped."""
    return "|".join(word.replace("dames?", "dame").replace("personnes?", "personne") for word in words.split())


#: One person, in a folded text: « une dame », « cette jeune femme », « l’une d’elles ».
ONE_PERSON = re.compile(
    rf"(?<![\w-])(?:(?:une?|cette|cet|ce|notre|l’autre) {_ADJECTIVES}(?:(?P<somebody>{_nouns(_SOMEBODY)})|(?P<anybody>{_nouns(_ANYBODY)})(?: de famille)?)"
    r"|(?:la|le) (?:jeune |vieille |petite? )?(?P<the>dame|monsieur|fillette)"
    r"|(?P<among>(?:l’)?une? (?:d’entre |parmi |de ces )(?:elles|eux|dames|personnes|participante?s|mamans|femmes|jeunes)|l’une? d’(?:elles|eux)|une? d’elles)"
    r")(?![\w-])"
)
_FOLDS = {
    code: base.lower()
    for code in range(0x41, 0x250)
    for base in [unicodedata.normalize("NFD", chr(code))[0]]
    if len(base.lower()) == 1
}


def fold(text: str) -> str:
    """Without capitals and accents, as long as the text."""
    return text.translate(_FOLDS)


def around(text: str, start: int, end: int, before: int, after: int) -> tuple[str, str]:
    """What stands before and after, on the same line."""
    return text[max(0, start - before) : start].rpartition("\n")[2], text[end : end + after].partition("\n")[0]


_SENTENCE_END = re.compile(r"[!?;\n]|\.(?=\s)|\.$")
#: « Mme. », « M. »: no sentence ends there.
_TITLE_END = re.compile(r"(?:\bm|\bmr|\bmme|\bmlle|\bdr|\b[a-z])$")


def sentence_before(folded: str, place: int, reach: int = 160) -> str:
    """From the beginning of the sentence, within reach."""
    before = folded[max(0, place - reach) : place]
    for end in reversed(list(_SENTENCE_END.finditer(before))):
        if before[end.start()] != "." or not _TITLE_END.search(before[: end.start()]):
            return before[end.end() :]
    return before
