"""One file of settings, read from the environment; with nothing set but SECRET_KEY, it works on SQLite in var/."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP
from js_asset import static_lazy

from isic.lib.environment import Environment
from isic.lib.zones import zone_of

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
env = Environment(os.environ)

# --- What the installation is -------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY")
SITE_URL = env.site_url("SITE_URL", default="http://127.0.0.1:8000")
SITE_NAME = env.text("SITE_NAME", default="Actions collectives")
DEPARTMENT_CODE = env.department("DEPARTMENT_CODE", default="01")
DEPARTMENT_NAME = env.text("DEPARTMENT_NAME", default="Département de l’Ain")
ACCENT_COLOR = env.accent("ACCENT_COLOR")
LOGO_PATH = env.file("LOGO_PATH", [".png", ".svg", ".jpg"])
LOCAL_UNIT_LABEL = env.text("LOCAL_UNIT_LABEL", default="MDS")
SERVICE_NAME = env.text("SERVICE_NAME", default="Service développement social")
#: Empty until the operator gives it: an invented one would get the letters of real people.
SERVICE_EMAIL = env.email("SERVICE_EMAIL", default="")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "localhost", "127.0.0.1"])
HTTPS = SITE_URL.startswith("https://")

# What the legal pages say; an address left out is the service's.
LEGAL_PUBLISHER = env.text("LEGAL_PUBLISHER")
LEGAL_DIRECTOR = env.text("LEGAL_DIRECTOR")
LEGAL_HOST = env.text("LEGAL_HOST")
DPO_EMAIL = env.email("DPO_EMAIL", default=SERVICE_EMAIL)
ACCESSIBILITY_EMAIL = env.email("ACCESSIBILITY_EMAIL", default=SERVICE_EMAIL)
SECURITY_EMAIL = env.email("SECURITY_EMAIL", default=SERVICE_EMAIL)
#: The day of the text of templates/pages/accessibility.html, unless the département establishes its own.
ACCESSIBILITY_DECLARED_ON = env.date("ACCESSIBILITY_DECLARED_ON", default="2026-11-28")
ACCESSIBILITY_PLAN_URL = env.web_address("ACCESSIBILITY_PLAN_URL")

# --- Rooms, from the ground up: each imports only those above it --------------------------------------------------
INSTALLED_APPS = [
    "accounts",
    "territories",
    "partners",
    "actions",
    "catalogue",
    "meetings",
    "isic.apps.HouseConfig",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "js_asset",
    "isic.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "isic.lib.middleware.ResponseHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "isic.lib.middleware.RequestLog",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "isic.lib.middleware.HostileInput",
    "catalogue.middleware.OpenFiles",
    "isic.lib.middleware.MailedLinks",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "isic.lib.middleware.SessionLimits",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SecondFactor",
    "accounts.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "isic.lib.middleware.AcceptedForms",
    "isic.lib.middleware.MethodNotAllowed",
]
ROOT_URLCONF = "isic.urls"
WSGI_APPLICATION = "isic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "isic.lib.site.site",
            ],
            # Tags of every template: {% url %} that remembers, French dates, {% icon %}.
            "builtins": ["isic.lib.addresses", "isic.lib.dates", "isic.lib.icons"],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The default, deferred transactions, loses concurrent writes: 68 % of them in a trial; IMMEDIATE lost none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
        "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5} | DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# One connection a thread, kept: simpler than a pool, and enough for a server whose threads are few and permanent.
DATABASES["default"]["CONN_MAX_AGE"] = None
# A statement of a page that lasts longer is stopped, and the page is a 503 (isic.lib.database); commands take their time.
STATEMENT_SECONDS = env.number("STATEMENT_SECONDS", default=15)
# What each process keeps of the pages of visitors (catalogue.caching).
CACHED_PAGES_MB = env.number("CACHED_PAGES_MB", default=32)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The throttle of sign-ins must be one for all processes; accounts' migrations make its table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "throttle",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
MEDIA_ROOT = env.directory("MEDIA_ROOT", default=VAR / "media")
MEDIA_URL = "media/"
MAILERS = {"default": env.mailer("EMAIL_URL", default="consolemail://")}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.email(
    "DEFAULT_FROM_EMAIL", default=f'"{SITE_NAME}" <{SERVICE_EMAIL or f"ne-pas-repondre@{urlsplit(SITE_URL).hostname}"}>'
)
# Tasks are rows of the database in both cases: who runs them, and when, differs (isic.lib.background).
BACKGROUND = env.choice("BACKGROUND", ["immediate", "worker"])
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Accounts -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "actions:desk"
LOGOUT_REDIRECT_URL = "catalogue:home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Django's own: allauth's would keep a copy of the e-mail address, which would go on working after a change.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_SESSION_REMEMBER = False
# The key of a failed sign-in is the account and the IP address (accounts/adapter.py): agents of a unit share one address.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/m/ip,5/15m/key",
    "reset_password": "60/m/ip,3/15m/key",
    "reset_password_from_key": "60/m/ip",
    "invitation": "60/m/ip",
    # One mail tells the person at the tenth failure of a day.
    "failures": "9/d/key",
    "failures_told": "1/d/key",
    "signup": "60/m/ip",
}
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "full_name"]},
    },
    {"NAME": "accounts.passwords.StrengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600
MFA_ADAPTER = "accounts.mfa.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.ActivationForm",
}
MFA_TOTP_TOLERANCE = 1  # thirty seconds before and after: clocks differ, and one types slowly
# A session lasts a day of work at most, and ends with the browser or when nobody uses it (isic.lib.middleware).
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 2 * 3600
SESSION_IDLE_SECONDS_MANAGER = 30 * 60  # who reads drafts and keeps lists; what is typed waits in the browser
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- How long, in days ------------------------------------------------------------------------------------
REVIEW_DAYS = 365  # a published sheet is read again by its team
NEWCOMERS_REVIEW_DAYS = 90  # « ouvert aux nouveaux » is asked again sooner: people are sent there
STALE_DAYS = 30  # days after such a date from which readers see that nobody answered
ABANDONED_DRAFT_DAYS = 365  # an untouched draft is archived, with notice
DRAFT_NOTICE_DAYS = 30  # how long before
CONSENT_DAYS = 396  # 13 months: a name that its person did not confirm in the meantime is shown no more
MEETING_NAMES_DAYS = 730  # so long after a meeting its minutes tell functions, and no names any more

# --- Language -----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
FORMAT_MODULE_PATH = "isic.formats"
TIME_ZONE = env.time_zone("TIME_ZONE", default=zone_of(DEPARTMENT_CODE))
USE_I18N = True
USE_TZ = True

# --- Static files -------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.directory("STATIC_ROOT", default=VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "isic.lib.uploads.UploadStorage"},
    "staticfiles": {"BACKEND": "isic.lib.assets.HashedAssets"},
}

# --- Security -----------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Over https a browser takes such a cookie from this very host alone: no other site of the département can plant one.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
ACCEPTED_COOKIE_NAME = f"{COOKIE_PREFIX}enregistre"  # isic.lib.middleware.AcceptedForms, static/js/drafts.js
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "isic.lib.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
X_FRAME_OPTIONS = "DENY"
# A page of the catalogue has some hundred parameters at most, a long sheet some hundred fields.
MAX_QUERY_PARAMETERS = 200
MAX_QUERY_LENGTH = 6000
# Some photos and documents at once; without a limit anybody could fill the disk.
MAX_BODY_LENGTH = 100 * 1024 * 1024
# A file is read whole to be cleaned: kept in memory up to the largest, a killed process leaves none of it on the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = 41 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
if env.flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

CRISPY_ALLOWED_TEMPLATE_PACKS = ["isic"]
CRISPY_TEMPLATE_PACK = "isic"
# The editor of rich texts speaks English and puts its styles in a <style> element; static/js/rich-text.js mends both.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {"js": [static_lazy("js/rich-text.js")], "extensions": {"House": lambda config, allowed: None}}
]

# --- Logs: readable where one develops, one JSON object a line elsewhere --------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "readable": {"format": "%(levelname)s %(name)s %(message)s"},
        "json": {"()": "isic.lib.logs.JSONFormatter"},
    },
    "filters": {"hide_secrets": {"()": "isic.lib.secret_links.HideSecrets"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "filters": ["hide_secrets"],
            "stream": "ext://sys.stdout",
            "formatter": "readable" if DEBUG else "json",
        }
    },
    "root": {"handlers": ["stdout"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # refusals are already in our own line of each request
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},  # so is every request of runserver
        "waitress.queue": {"level": "ERROR"},  # a request that waits for a thread is no event
        "isic": {"level": "INFO"},
    },
}

env.check()
