"""What is told of one person without a name: an age, an illness, an origin, a sentence, a separation.

A word alone says nothing here: « un atelier sur le cancer » is this trade's daily bread. It takes one person (« une dame »)
and, in the same sentence, that this person is or has it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from isic.lib.personal_people import ONE_PERSON, fold, sentence_before

Span = tuple[int, int]

_ILL = (
    "malade|depressi(?:f|ve)|deprimee?|handicapee?|autiste|trisomique|schizophrene|bipolaire|diabetique|epileptique|alcoolique|toxicomane|droguee?"
    "|seropositi(?:f|ve)|enceinte|anorexique|boulimique|obese|suicidaire|hospitalisee?|invalide|aveugle|malvoyante?|sourde?|malentendante?"
    "|paralysee?|amputee?|demente?|cancereuse|asthmatique|psychotique|hemiplegique|tetraplegique|paraplegique|desorientee?|sous traitement"
    r"|sous (?:anti-?depresseurs?|neuroleptiques|methadone|morphine|oxygene|chimio\w*)|en (?:fauteuil(?: roulant)?|situation de handicap|depression"
    "|burn-?out|burn out|chimio(?:therapie)?|dialyse|cure|sevrage|soins palliatifs|psychiatrie|fin de vie|arret maladie)|a mobilite reduite"
    r"|dependante? (?:a l’alcool|aux drogues)|suivie? (?:en psychiatrie|par un psy\w*|au cmp|pour (?:un |une |sa |son )?(?:cancer|depression|addiction|alcool\w*))"
)
_ILLNESS = (
    "cancer|tumeur|leucemie|diabete|depression|schizophrenie|autisme|trisomie|alzheimer|parkinson|epilepsie|asthme|sclerose|avc|infarctus|handicap"
    "|cirrhose|hepatite|vih|sida|fausse couche|ivg|avortement|anorexie|boulimie|obesite|tentative de suicide|maladie|pathologie|demence|burn-?out|psychose"
    "|addiction|troubles? (?:psych\\w+|mentaux|du comportement|bipolaires?|alimentaires?|de l’attention|autistiques?)|probleme (?:de sante|d’alcool|cardiaque)"
    "|problemes (?:de sante|d’alcool|cardiaques|psy\\w*)|deficience|prothese|pacemaker|bequilles|grossesse"
)
_SOME = r"(?:un|une|le|la|l’|des|du|de la|de|d’|deja|encore|fait|eu|subi|perdu|son|sa) ?"
_LITTLE = r"(?:(?:debut d’|debut de|gros|grave|grosse|lourde?|petit|nouveau|forte?|severe|troisieme|deuxieme|second|longue|important|certain) ?){0,2}"
_BE = (
    r"(?:est|etait|etant|devient|devenue?|reste|restee?|se dit|se retrouve|a ete|vit|sort|sortait|sortant|revient|se trouve|se sent|ete)"
    r"(?: (?:tres|toujours|encore|aussi|gravement|un peu|depuis \w+|alors|actuellement|tombee?|declaree?|reconnue?|elle-meme|lui-meme)){0,2}"
)
_NATIONS = (
    "algerien|marocain|tunisien|malien|senegalais|ivoirien|guineen|congolais|camerounais|comorien|mahorais|malgache|tur(?:c|que)|kurde|syrien|irakien"
    "|iranien|afghan|albanais|kosovar|bosniaque|bosnien|serbe|macedonien|roumain|bulgare|polonais|ukrainien|russe|tchetchene|armenien|georgien"
    "|azerbaidjanais|portugais|chinois|vietnamien|cambodgien|laotien|sri-lankais|tamoul|bangladais|pakistanais|indien|haitien|bresilien|colombien|venezuelien"
    "|erythreen|ethiopien|somalien|soudanais|nigerian|libyen|egyptien|libanais|palestinien|maghrebin|africain|asiatique|arabe|berbere|kabyle|rom|roms"
    "|tsigane|gitan|manouche|yeniche|mongol|capverdien|angolais|rwandais|burundais|togolais|beninois|gabonais|tchadien|mauritanien|espagnol|italien"
)
_COUNTRIES = (
    "algerie|maroc|tunisie|mali|senegal|cote d’ivoire|guinee|congo|cameroun|comores|mayotte|madagascar|turquie|syrie|irak|iran|afghanistan|albanie"
    "|kosovo|bosnie|serbie|macedoine|roumanie|bulgarie|pologne|ukraine|russie|tchetchenie|armenie|georgie|azerbaidjan|portugal|chine|vietnam|cambodge"
    "|sri lanka|bangladesh|pakistan|inde|haiti|bresil|colombie|venezuela|erythree|ethiopie|somalie|soudan|nigeria|libye|egypte|liban|palestine|maghreb|afrique"
    "|angola|rwanda|burundi|togo|benin|gabon|tchad|mauritanie|mongolie"
)
_FROM = (
    rf"d’origine \w+|de nationalite \w+|(?:originaire|arrivee?|venue?|refugiee?|nee?|exilee?) (?:d’|de |du |des |en |au |aux )(?:la |l’)?(?:{_COUNTRIES})"
    rf"|(?:{_NATIONS})(?:ne|e|que|es)?|sans[ -]papiers|demandeu(?:r|se) d’asile|debouttee? |deboutee?|clandestine?|immigree?|exilee?|apatride|sous oqtf"
    r"|musulmane?|juive|juif|evangelique|temoin de jehovah|protestante?|catholique|bouddhiste|voilee|convertie? a \w+|homosexuel(?:le)?|lesbienne|gay"
    r"|trans(?:genre|sexuel(?:le)?)?|bisexuel(?:le)?|metisse?|noire|de couleur"
)
_JUDGED = (
    "condamnee?|incarceree?|en (?:prison|detention|garde a vue|liberte surveillee|liberation conditionnelle)|de (?:prison|detention|garde a vue)"
    "|(?:mise? en examen)|sous (?:bracelet(?: electronique)?|main de justice|controle judiciaire|tutelle|curatelle|mandat de depot)|delinquante?|recidiviste"
    "|detenue?|radicalisee?|(?:battue?|violee?|agressee?|maltraitee?|frappee?)|victime de (?:son|sa|ses|violences?|viols?|coups|maltraitance|inceste|harcelement)"
    "|sous (?:protection judiciaire|ordonnance de protection)|poursuivie? (?:pour|en justice)|placee? (?:sous|en foyer|en detention|en garde a vue|a l’ase|en famille d’accueil|par le juge)"
)
_JUDGED_DOES = (
    r"(?:a|avait) (?:vole|agresse|frappe|viole|menace|escroque|deale|tue|poignarde|fait de la prison|un casier|un bracelet)|deale|frappe sa|bat sa|bat ses"
    r"|purge (?:une|sa) peine|subit des (?:violences|coups)|subissait des (?:violences|coups)|(?:fait|faisait) l’objet d’une? (?:mesure|condamnation|enquete|plainte|tutelle|curatelle)"
)
_ALONE = (
    "divorcee?|separee?|veuf|veuve|en instance de (?:divorce|separation)|celibataire|solo|seule avec (?:ses|son|sa|un|une|deux|trois|quatre|cinq|six|\\d+)(?: \\w+)? ?enfants?"
    "|orphelin(?:e)?|fille-mere|adoptee?|abandonnee?|endeuillee?|en deuil"
)
_KIN = "mari|conjoint|compagnon|compagne|epoux|epouse|femme|ex|ex-mari|ex-conjoint|ex-femme|pere|mere|fils|fille|frere|soeur|bebe|enfant|enfants"
_FAMILY_DOES = (
    rf"(?:dont|et) (?:le|la|les|l’|son|sa|ses) ?(?:{_KIN}) (?:est|sont|a|ont|la|l’a|le|vient|a ete|ont ete|boit|bat|ne|n’a|se|s’est) ?\w*"
    rf"|(?:a|avait|vient de|venait de) (?:perdu|perdre|quitte|quitter|divorce|divorcer) (?:son|sa|ses|d’avec) ?(?:{_KIN})"
    rf"|s’est (?:separee?|remariee?)|vient de (?:divorcer|se separer)|a divorce|(?:eleve|elevait|elevant) (?:seule? )?(?:seule?|ses \w+ enfants|ses enfants|son (?:fils|enfant)|sa fille)"
    r"|mere de (?:un|deux|trois|quatre|cinq|six|sept|huit|\d+) enfants|pere de (?:un|deux|trois|quatre|cinq|six|sept|huit|\d+) enfants|(?:ses|dont les) (?:\w+ )?enfants (?:sont|ont ete|etaient) (?:places|confies|retires)"
    r"|(?:a|avait) (?:la garde|une garde|un droit de visite)|en garde alternee|vit seule? (?:avec|depuis)|vit (?:chez|separee?)|quitte (?:par|son|sa) ?\w*"
)


_NOT_ILL = "(?!solitude|isolement|l’isolement|projet|parole|vetement|lunettes)"

#: Kind → what makes the noun at once (« une dame dépressive »), and what is said further in the sentence that it is, has or does.
_NEAR = {
    "health": [
        _ILL,
        rf"(?:atteinte?|souffrant|porteu(?:r|se)|traitee?|operee?|soignee?|guerie?|remise) (?:d’|de |du |des ){_NOT_ILL}\w+",
        rf"avec (?:un |une )?(?:{_ILLNESS})",
        rf"ayant (?:{_SOME}){{1,2}}{_LITTLE}(?:{_ILLNESS})",
    ],
    "origin": [_FROM],
    "justice": [_JUDGED],
    "family": [_ALONE],
}
_FAR = {
    "health": [
        rf"{_BE} (?:{_ILL})",
        rf"(?:a|avait|aurait) (?:{_SOME}){{1,2}}{_LITTLE}(?:{_ILLNESS})",
        rf"(?:souffre|souffrait|souffrant) (?:d’|de |du |des ){_NOT_ILL}\w+",
        rf"{_BE} (?:atteinte?|traitee?|operee?|soignee?) (?:d’|de |du |des |pour )\w+",
        rf"avec (?:un |une |son |sa )(?:{_ILLNESS})",
        r"attend (?:un bebe|un enfant|des jumeaux|son \w+ enfant)",
        r"suit (?:un traitement|une chimio\w*|une cure)",
        r"prend des (?:antidepresseurs|neuroleptiques|anxiolytiques)",
        r"(?:boit|buvait)(?! (?:un|une|du|des|le) )|se drogue|se droguait|s’alcoolise",
        r"(?:a|avait) (?:tente|voulu) (?:de )?(?:se suicider|mettre fin)",
        r"(?:entend|entendait) des voix",
    ],
    "origin": [
        rf"{_BE} (?:{_FROM})",
        r"(?:a|avait) (?:un |une |sa |son )?(?:titre de sejour|carte de sejour|oqtf|obligation de quitter)",
        r"(?:n’a|sans) (?:pas |plus )?(?:de )?papiers",
        r"a fui (?:l’|la |le |son pays|les )?\w*",
        rf"(?:originaire|arrivee?|venue?|arrive|vient) (?:d’|de |du |des )(?:la |l’)?(?:{_COUNTRIES})",
        r"porte le (?:voile|foulard)",
    ],
    "justice": [
        rf"{_BE} (?:{_JUDGED})",
        _JUDGED_DOES,
        r"victime de (?:violences?|viols?|coups|inceste|harcelement|maltraitance)",
        r"sous (?:tutelle|curatelle)",
        r"sort(?:ait|ant|ie?)? de prison",
    ],
    "family": [rf"{_BE} (?:{_ALONE})", _FAMILY_DOES],
}
_LINK = "(?:ancien(?:ne)? |et |tres |gravement |un peu |devenue? |elle-meme |lui-meme )?"
_NEXT = {kind: re.compile(rf",? {_LINK}(?:{'|'.join(words)})(?![\w-])") for kind, words in _NEAR.items()}
_FURTHER = {kind: re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])") for kind, words in _FAR.items()}
_REACH = 110
#: « Elle a », « il n’est plus »: somebody, of whom a sentence spoke before.
_SUBJECT = re.compile(
    r"(?<![\w-])(?:elle|il|celle-ci|celui-ci)(?: (?:ne |n’|s’|y |en |lui |m’))?(?: ?(?:ne|n’|nous|m’|y) ?)? ?$"
)
#: Anybody: a rule, a wish, a share of many.
_GENERAL_BEFORE = re.compile(
    r"(?:(?<!\w)(?:si|quand|lorsque?’?|chaque|toute?|aucune?|comme|comment|pour|a|chez|que|qu’|dont|vers|accessible a|est-ce qu’|ou|d’|de|n’importe)|\b\w{2,}(?:er|ir|oir|re)"
    r"|(?:avec|vers|aupres d’|autour d’)|soutien a|aide a) $"
)
_GENERAL_AFTER = re.compile(
    r"^(?:[^.!?;\n]{0,40}\b(?:peut|peuvent|doit|pourra|pourrait|devrait) )|^ sur (?:\d|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|cent)|^(?: \w+){0,2} (?:est-elle|est-il|a-t-elle|a-t-il)"
)
_SENTENCE_STOP = re.compile(r"[.!?;\n](?!\w)")


class _People:
    """The places of one person each in a folded text."""

    def __init__(self, folded: str):
        self.folded = folded
        self.matches = [match for match in ONE_PERSON.finditer(folded) if not self._is_general(match)]
        self.ends = [match.end() for match in self.matches]

    def _is_general(self, match: re.Match) -> bool:
        if not match["anybody"]:
            return False
        before = self.folded[max(0, match.start() - 24) : match.start()].rpartition("\n")[2]
        return bool(
            _GENERAL_BEFORE.search(before) or _GENERAL_AFTER.search(self.folded[match.end() : match.end() + 60])
        )

    def is_told(self, place: int) -> bool:
        """Whether the words at this place tell of one person who was named before them in the sentence, or by « elle »."""
        at = bisect_right(self.ends, place) - 1
        if at >= 0 and place - self.ends[at] <= _REACH and not _SENTENCE_STOP.search(self.folded, self.ends[at], place):
            return not _OTHER_SUBJECT.search(self.folded, self.ends[at], place)
        before = sentence_before(self.folded, place, 40)
        return bool(_SUBJECT.search(before)) and not _IT.search(sentence_before(self.folded, place))

    def was_near(self, place: int, reach: int = 200) -> bool:
        at = bisect_right(self.ends, place) - 1
        return at >= 0 and place - self.ends[at] <= reach and "\n" not in self.folded[self.ends[at] : place]


#: Between the person and the words, somebody or something else begins to do it.
_OTHER_SUBJECT = re.compile(
    r", une? |\b(?:atelier|action|groupe|association|salle|seance|projet|ils|elles|on|nous|les|des|animatrice|animateur|infirmiere|intervenante?|professionnelle?|conseillere?)\b (?:\w+ )?"
)
#: « Il est question d’une séparation »: nobody.
_IT = re.compile(
    r"\b(?:il (?:est question|s’agit|y a|faut|arrive|est possible|est arrive)|personnes|quelqu’un|celles|ceux|quiconque|chacun)\b"
)


def _told(kind: str) -> Callable[[str], Iterator[Span]]:
    def search(text: str) -> Iterator[Span]:
        folded = fold(text)
        people = _People(folded)
        for match in people.matches:
            if near := _NEXT[kind].match(folded, match.end()):
                yield match.start(), near.end()
        for match in _FURTHER[kind].finditer(folded):
            if people.is_told(match.start()):
                yield match.span()

    return search


# --- Ages ---------------------------------------------------------------------------------------------------------
_AGED = re.compile(
    r"(?:,? (?:agee? )?de |,? agee? de |,? | \()(?P<age>\d{1,3}) ans(?! (?:et plus|ou plus|minimum|revolus|et moins|d’))(?![\w-])"
)
_HAS_AGE = re.compile(
    r"(?<![\w-])(?:(?:elle|il|qui) (?:a|avait|aura|vient d’avoir|va avoir|fete ses)|agee de|age de) (?P<age>\d{1,3}) ans(?! (?:et plus|ou plus|minimum|revolus|d’))(?![\w-])"
)
#: As notes are written: « Dame de 82 ans, vient depuis mars ».
_NOTED_AGE = re.compile(
    r"(?:(?<=^)|(?<=[.!?;\n:] )|(?<=\n))(?:dame|monsieur|homme|femme|garcon|fille|habitante?|participante?|mere|maman|pere|jeune) (?:de|,|agee? de) ?(?P<age>\d{1,3}) ans(?! (?:et plus|ou plus|minimum|revolus|d’))(?![\w-])"
)
_ABOUT_AGED = re.compile(r"(?<![\w-])(?:une?|cette|cet) (?:octo|septua|nona|cente)(?:genaire|naire)(?![\w-])")


def _ages(text: str) -> Iterator[Span]:
    folded = fold(text)
    people = _People(folded)
    for match in people.matches:
        if (aged := _AGED.match(folded, match.end())) and _is_age(aged):
            yield match.start(), aged.end()
    for match in _HAS_AGE.finditer(folded):
        is_one = people.was_near(match.start()) or (60 <= int(match["age"]) <= 110 and not match[0].startswith("qui"))
        if is_one and _is_age(match):
            yield match.span()
    yield from (match.span() for match in _NOTED_AGE.finditer(folded) if _is_age(match))
    yield from (match.span() for match in _ABOUT_AGED.finditer(folded))


def _is_age(match: re.Match) -> bool:
    return 0 < int(match["age"]) <= 115


SEARCHES: dict[str, Callable[[str], Iterator[Span]]] = {"age": _ages, **{kind: _told(kind) for kind in _NEAR}}
