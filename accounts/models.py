"""Who signs in. The login is the e-mail address; what one may do is the role."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from isic.lib.months import long_day


@dataclass(frozen=True)
class RoleHelp:
    """A role in plain words: one sentence about whoever has it, then what it opens and what it leaves to others."""

    summary: str
    allows: tuple[str, ...]
    leaves: tuple[str, ...]


class UserQuerySet(models.QuerySet):
    def asked_for(self):
        """Not opened: somebody gave the address, and an administrator has not answered yet."""
        return self.filter(is_active=False).exclude(asked_at=None)

    def answering(self):
        """Open, or as good as open to whoever gives their address: nothing tells one from the other."""
        return self.filter(Q(is_active=True) | Q(asked_at__isnull=False))

    def with_second_factor(self):
        """Whether each has an active one, where `has_second_factor` looks for it first."""
        protected = self.model.objects.filter(pk=OuterRef("pk"), authenticator__type="totp")
        return self.annotate(has_second_factor=Exists(protected))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, role=User.Role.ADMINISTRATOR, **fields)

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A professional with an account. No beneficiary ever has one."""

    class Role(models.TextChoices):
        CONTRIBUTOR = "contributor", "agent"
        MANAGER = "manager", "service développement social"
        ADMINISTRATOR = "administrator", "administration"

    #: What each role is for, shown on the account page and where an administrator chooses one.
    ROLE_HELP = {
        Role.CONTRIBUTOR: RoleHelp(
            "Dépose des actions, tient à jour les fiches de son équipe et de ses unités.",
            allows=(
                "Déposer une action\u00a0: elle reste un brouillon jusqu’à ce que vous la proposiez au service.",
                "Lire et compléter les brouillons de votre équipe et de vos unités.",
                "Corriger une fiche publiée de votre équipe ou de vos unités\u00a0: le changement est en ligne aussitôt.",
                "Lire les fiches réservées aux agents.",
                "Proposer une action de votre équipe pour une réunion ISIC\u00a0; lire les ordres du jour et les comptes rendus.",
            ),
            leaves=(
                "Publier une fiche pour la première fois, ou l’archiver\u00a0: c’est le service.",
                "Voir les brouillons des autres unités, changer leurs fiches.",
                "Changer les listes communes (domaines, publics visés…) et les comptes.",
            ),
        ),
        Role.MANAGER: RoleHelp(
            "Relit et publie les fiches, tient les listes, les partenaires, les contacts et les territoires.",
            allows=(
                "Lire et corriger toutes les fiches, brouillons compris.",
                "Publier une fiche, la renvoyer avec un motif, l’archiver, la rouvrir.",
                "Tenir les listes, les partenaires, les contacts et les territoires, dans l’administration.",
                "Préparer et tenir les réunions ISIC, communiquer les avis aux équipes, envoyer les courriers.",
            ),
            leaves=("Ouvrir, changer ou fermer un compte\u00a0: c’est l’administration.",),
        ),
        Role.ADMINISTRATOR: RoleHelp(
            "Ouvre et ferme les comptes, et peut tout ce que peut le service.",
            allows=(
                "Inviter une personne, choisir son rôle et ses unités, fermer son compte.",
                "Réinitialiser la double authentification de quelqu’un qui a perdu son téléphone.",
                "Tout ce que peut le service développement social.",
            ),
            leaves=(
                "Supprimer un compte\u00a0: il se ferme, et ses fiches restent.",
                "Se retirer à soi-même l’administration\u00a0: une autre personne doit le faire.",
            ),
        ),
    }
    #: The rooms whose records a manager keeps in the admin; accounts stay with the administrators.
    MANAGED_APPS = frozenset({"territories", "partners", "actions", "catalogue", "meetings"})

    email = models.EmailField(
        "adresse e-mail", unique=True, error_messages={"unique": "Un compte existe déjà avec cette adresse e-mail."}
    )
    full_name = models.CharField("nom", max_length=150, blank=True)
    function = models.CharField(
        "fonction", max_length=150, blank=True, help_text="Par exemple\u00a0: assistante sociale."
    )
    role = models.CharField("rôle", max_length=20, choices=Role, default=Role.CONTRIBUTOR)
    is_active = models.BooleanField(
        "compte actif", default=True, help_text="Décochez plutôt que de supprimer le compte\u00a0: ses fiches restent."
    )
    joined_at = models.DateTimeField("créé le", default=timezone.now, editable=False)
    invited_at = models.DateTimeField("invité le", null=True, blank=True, editable=False)
    asked_at = models.DateTimeField("demandé le", null=True, blank=True, editable=False)
    asked_by = models.ForeignKey(
        "self",
        verbose_name="demandé par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="asked_accounts",
        editable=False,
    )
    is_example = models.BooleanField(
        "compte d’exemple",
        default=False,
        editable=False,
        help_text="Une démonstration\u00a0: la double authentification ne lui est pas demandée.",
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ["email", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse e-mail.",
            )
        ]

    def __str__(self):
        return self.full_name or self.email

    @property
    def is_manager(self) -> bool:
        """The development-social service, and the administrators."""
        return self.is_active and self.role in (self.Role.MANAGER, self.Role.ADMINISTRATOR)

    @property
    def is_staff(self) -> bool:
        return self.is_manager

    @property
    def is_superuser(self) -> bool:
        return self.is_active and self.role == self.Role.ADMINISTRATOR

    @property
    def role_help(self) -> RoleHelp:
        return self.ROLE_HELP[self.Role(self.role)]

    @property
    def needs_second_factor(self) -> bool:
        """Every role that reads drafts and keeps lists; a demonstration has nothing to protect."""
        return self.is_manager and not self.is_example

    @cached_property
    def has_second_factor(self) -> bool:
        """One query, unless the account was loaded by `with_second_factor`."""
        return type(self).objects.filter(pk=self.pk, authenticator__type="totp").exists()

    @property
    def owes_second_factor(self) -> bool:
        return self.needs_second_factor and not self.has_second_factor

    @property
    def idle_limit(self) -> dt.timedelta:
        """How long a session may stay unused; less for every role that reads drafts and keeps lists."""
        seconds = settings.SESSION_IDLE_SECONDS_MANAGER if self.is_manager else settings.SESSION_IDLE_SECONDS
        return dt.timedelta(seconds=seconds)

    @property
    def is_waiting(self) -> bool:
        """Its owner has not chosen a password yet: an invitation may be sent, and its link works."""
        return self.is_active and not self.has_usable_password()

    @property
    def is_asked_for(self) -> bool:
        """Twin of `UserQuerySet.asked_for`."""
        return not self.is_active and self.asked_at is not None

    @property
    def is_closed(self) -> bool:
        """Its owner left: what is filed stays, and nothing is sent there."""
        return not self.is_active and self.asked_at is None

    @property
    def state(self) -> str:
        """Where the account is, in words."""
        if self.is_asked_for:
            return "à confirmer"
        if not self.is_active:
            return "fermé"
        if self.last_login:
            return "ouvert"
        if self.invited_at:
            return f"invité le {long_day(timezone.localtime(self.invited_at))}, jamais connecté"
        return "jamais connecté"

    def has_perm(self, perm: str, obj=None) -> bool:
        """Whether the admin opens a model to this person: all for administrators, the managed rooms for managers."""
        return self.has_module_perms(perm.partition(".")[0])

    def has_perms(self, perm_list, obj=None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_superuser or (self.is_manager and app_label in self.MANAGED_APPS)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name or self.email.partition("@")[0]


class SignInQuerySet(models.QuerySet):
    def standing_of(self, user: User) -> "list[SignIn]":
        """Those that still open something: neither over, nor left unused, nor before a change of password."""
        now = timezone.now()
        recent = self.filter(user=user, expire_date__gt=now, seen_at__gt=now - user.idle_limit)
        return [one for one in recent if one.get_decoded().get(HASH_SESSION_KEY) == user.get_session_auth_hash()]


class SignIn(AbstractBaseSession):
    """A session of one browser, as its store writes it (accounts.sessions); without account before one signs in."""

    session_key = models.CharField("clé", max_length=40, primary_key=True)
    user = models.ForeignKey(
        User, verbose_name="compte", null=True, blank=True, on_delete=models.CASCADE, related_name="sign_ins"
    )
    started_at = models.DateTimeField("commencée le", null=True, blank=True)
    seen_at = models.DateTimeField("utilisée le", null=True, blank=True)
    browser = models.CharField("navigateur", max_length=60, blank=True)

    objects = BaseSessionManager.from_queryset(SignInQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "connexion"
        verbose_name_plural = "connexions"
        ordering = ["-seen_at", "pk"]

    @classmethod
    def get_session_store_class(cls):
        return import_module(settings.SESSION_ENGINE).SessionStore

    @property
    def handle(self) -> str:
        """What a page calls it by: its key would open it."""
        return salted_hmac("accounts.sign_in", self.session_key, algorithm="sha256").hexdigest()[:20]
