"""Who signs in. The login is the e-mail address; what one may do is the role."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager):
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

    #: What each role allows, in plain words, shown on the account page.
    ROLE_HELP = {
        Role.CONTRIBUTOR: "Vous déposez des actions et modifiez les fiches de votre unité.",
        Role.MANAGER: "Vous validez les fiches, tenez les listes, les partenaires et les contacts, et préparez les réunions.",
        Role.ADMINISTRATOR: "Vous pouvez tout faire, y compris gérer les comptes.",
    }
    #: The rooms whose records a manager keeps in the admin; accounts stay with the administrators.
    MANAGED_APPS = frozenset({"territories", "partners", "actions", "catalogue"})

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
    def role_help(self) -> str:
        return self.ROLE_HELP[self.Role(self.role)]

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
