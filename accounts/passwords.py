"""What makes a password hard to guess: the three ways of the CNIL (deliberation 2022-100 of 21 July 2022).

Each counts characters or words, and « Azerty123456! » has enough of them: zxcvbn, which knows common passwords, keyboards,
names, dates and repetitions, says besides how many guesses it would take.
"""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

WAYS = (
    "une phrase d’au moins 7 mots différents",
    "au moins 12 caractères, avec des minuscules, des majuscules, des chiffres et un signe (ponctuation, espace)",
    "au moins 14 caractères, avec trois de ces quatre sortes",
)
HELP = f"Au choix\u00a0: {'\u00a0; ou '.join(WAYS)}."
WEAK = "Ce mot de passe est trop facile à deviner\u00a0: allongez-le, ou mêlez plus de sortes de caractères."
CLASSES = [re.compile(pattern) for pattern in (r"[a-zà-öø-ÿ]", r"[A-ZÀ-ÖØ-Þ]", r"\d", r"[^\w]|_")]
#: Characters → how many of the four classes they need.
MIXES = {12: 4, 14: 3}
#: Different words; of which so many are real ones, of at least so many letters; seven letters one by one are no phrase.
PHRASE_WORDS, REAL_WORDS, REAL_LENGTH = 7, 4, 4
#: What everybody recites in order.
SERIES = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre octobre"
    " novembre décembre zéro un deux trois quatre cinq six sept huit neuf dix onze douze printemps été automne hiver".split()
)
#: What the French choose first, and the dictionaries of zxcvbn do not have.
USUAL = (
    "azerty azertyuiop qsdfghjklm wxcvbn motdepasse bonjour bonsoir soleil doudou loulou chouchou marseille france"
    " departement conseil social action collective service agent assistante".split()
)
#: Guesses, as a power of ten, that a throttled sign-in and a slow hash make hopeless.
LEAST_GUESSES = 10
#: Characters that zxcvbn reads: its time grows like a power of their number (4 s for 72 signs).
READ = 24


def is_strong(password: str) -> bool:
    return is_phrase(password) or is_mix(password)


def is_phrase(password: str) -> bool:
    words = set(re.findall(r"[^\W\d_]+", password.lower()))
    real = [word for word in words - SERIES if len(word) >= REAL_LENGTH and len(set(word)) > 1]
    return len(words) >= PHRASE_WORDS and len(real) >= REAL_WORDS


def is_guessable(password: str, user=None) -> bool:
    """By who tries common passwords first, with what is known of the person and of the house."""
    names = f"{user.email} {user.full_name}" if user else ""
    house = f"{settings.SITE_NAME} {settings.DEPARTMENT_NAME} {settings.LOCAL_UNIT_LABEL} {settings.SITE_URL}"
    words = re.findall(r"[^\W_]{2,}", f"{names} {house}".lower())
    estimate = zxcvbn(password[:READ], user_inputs=[*words, *USUAL, *SERIES])
    return estimate["guesses_log10"] < LEAST_GUESSES


def is_mix(password: str) -> bool:
    classes = sum(bool(pattern.search(password)) for pattern in CLASSES)
    return any(len(password) >= length and classes >= needed for length, needed in MIXES.items())


class StrengthValidator:
    def validate(self, password: str, user=None) -> None:
        if not is_strong(password) or is_guessable(password, user):
            raise ValidationError(WEAK, code="password_too_weak")

    def get_help_text(self) -> str:
        return HELP
