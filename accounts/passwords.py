"""What makes a password hard to guess: the three ways of the CNIL (deliberation 2022-100 of 21 July 2022)."""

import re

from django.core.exceptions import ValidationError

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
#: Different words, and characters in all: seven letters one by one are no phrase.
PHRASE_WORDS, PHRASE_LENGTH = 7, 20


def is_strong(password: str) -> bool:
    return is_phrase(password) or is_mix(password)


def is_phrase(password: str) -> bool:
    words = re.findall(r"[^\W\d_]+", password.lower())
    return len(set(words)) >= PHRASE_WORDS and len(password) >= PHRASE_LENGTH


def is_mix(password: str) -> bool:
    classes = sum(bool(pattern.search(password)) for pattern in CLASSES)
    return any(len(password) >= length and classes >= needed for length, needed in MIXES.items())


class StrengthValidator:
    def validate(self, password: str, user=None) -> None:
        if not is_strong(password):
            raise ValidationError(WEAK, code="password_too_weak")

    def get_help_text(self) -> str:
        return HELP
