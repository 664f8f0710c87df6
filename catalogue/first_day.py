"""The first day of a département: no sheet of its own yet. What a manager does first; an agent begins by filing."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from actions.models import Action
from isic.checks import owed
from territories.models import Territory


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing to do before the site lives; a done one stays, ticked. Without an address, somebody else does it."""

    title: str
    text: str
    url: str
    link: str
    is_done: bool


def first_steps(user: User) -> list[FirstStep]:
    """For managers, in the order in which each makes the next one possible; nothing for others. Three queries."""
    if not (user.is_authenticated and user.is_manager):
        return []
    label = settings.LOCAL_UNIT_LABEL
    missing = owed()
    opens_accounts = user.has_module_perms("accounts")
    return [
        FirstStep(
            "Dire qui publie le site",
            f"Il manque {', '.join(missing.values())}. La personne qui installe le site les inscrit avec vous."
            if missing
            else "L’éditeur, l’hébergeur et l’adresse du service sont donnés.",
            reverse("legal"),
            "Voir les mentions légales",
            not missing,
        ),
        FirstStep(
            f"Créer vos {label}",
            "Le nom de chacune, les communes qu’elle dessert, son téléphone et son adresse e-mail.",
            reverse("admin:territories_territory_add", query={"kind": Territory.Kind.LOCAL_UNIT}),
            f"Créer une {label}",
            Territory.objects.local_units().exists(),
        ),
        FirstStep(
            "Inviter les agents",
            f"Chacun reçoit un courriel, choisit son mot de passe et dépose pour sa {label}."
            if opens_accounts
            else "L’administration du site ouvre les comptes\u00a0: donnez-lui le nom, l’adresse, la fonction et la "
            f"{label} de chacun.",
            reverse("admin:accounts_user_add") if opens_accounts else "",
            "Inviter quelqu’un",
            User.objects.filter(role=User.Role.CONTRIBUTOR).exists(),
        ),
        FirstStep(
            "Déposer une première action",
            "Trois réponses font un brouillon\u00a0; les agents complètent, vous publiez.",
            reverse("actions:create"),
            "Déposer une action",
            Action.objects.ours().exists(),
        ),
    ]
