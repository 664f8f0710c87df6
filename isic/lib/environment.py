"""Settings read from the environment: every value is checked, every fault gets one French sentence."""

import datetime as dt
import os
import re
import sys
import zoneinfo
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ

from isic.lib import colours

DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql"}
MAIL_SCHEMES = {
    "consolemail": ("django.core.mail.backends.console.EmailBackend", {}),
    "filemail": ("django.core.mail.backends.filebased.EmailBackend", {}),
    "smtp": ("django.core.mail.backends.smtp.EmailBackend", {"port": 25}),
    "smtp+tls": ("django.core.mail.backends.smtp.EmailBackend", {"port": 587, "use_tls": True}),
    "smtp+ssl": ("django.core.mail.backends.smtp.EmailBackend", {"port": 465, "use_ssl": True}),
}
#: Characters in all, and different ones: below, whoever knows the pattern guesses the rest.
SECRET_LENGTH, SECRET_VARIETY = 50, 4
TRUE, FALSE = {"true", "1", "yes", "on", "oui"}, {"false", "0", "no", "off", "non"}


class Environment:
    """Typed values; an empty variable counts as unset. A fault is kept, so that `check` can say them all at once.

    The faults never repeat a value that may hold a password.
    """

    def __init__(self, values: Mapping[str, str]):
        self.values = values
        self.faults: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, "").strip()
        if len(value.splitlines()) > 1:  # no mail could carry such a name
            self.faults.append(f"{name} contient un retour à la ligne\u00a0: écrivez la valeur sur une seule ligne.")
            return default
        return value or default

    def secret(self, name: str) -> str:
        """Long, and not a few characters again and again: whoever guesses it signs in as anybody."""
        value = self.text(name)
        if not value:
            self.faults.append(f"{name} manque : donnez une longue suite de caractères tirée au hasard.")
        elif len(value) < SECRET_LENGTH or len(set(value)) < SECRET_VARIETY:
            self.faults.append(
                f"{name} se devine\u00a0: il faut au moins {SECRET_LENGTH} caractères tirés au hasard, comme ceux de "
                "«\u00a0python3 -c 'import secrets; print(secrets.token_urlsafe(60))'\u00a0»."
            )
        return value

    def flag(self, name: str) -> bool:
        value = self.text(name).lower()
        if value and value not in TRUE | FALSE:
            self.faults.append(f"{name} vaut « {value} » : écrivez True, False ou rien (rien vaut False).")
        return value in TRUE

    def number(self, name: str, default: int) -> int:
        """A whole number, from 1."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and 0 < int(value) < 10**6):
            self.faults.append(f"{name} vaut «\u00a0{value}\u00a0»\u00a0: écrivez un nombre entier, à partir de 1.")
            return default
        return int(value)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of the choices; unset, the first."""
        value = self.text(name, choices[0])
        if value not in choices:
            self.faults.append(f"{name} vaut «\u00a0{value}\u00a0»\u00a0: écrivez {' ou '.join(choices)}.")
        return value

    def email(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if value and not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+|[^<>]*<[^\s@<>]+@[^\s@<>]+>", value):
            self.faults.append(f"{name} vaut « {value} » : ce n’est pas une adresse e-mail.")
            return default
        return value

    def date(self, name: str, default: str) -> dt.date:
        value = self.text(name, default)
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.faults.append(f"{name} vaut «\u00a0{value}\u00a0»\u00a0: écrivez une date comme 2026-11-28.")
            return dt.date.fromisoformat(default)

    def web_address(self, name: str) -> str:
        """The address of a page; empty when it is not given."""
        value = self.text(name)
        if value and not re.fullmatch(r"https?://[^\s<>\"]+", value):
            self.faults.append(
                f"{name} vaut «\u00a0{value}\u00a0»\u00a0: attendu l’adresse d’une page, comme https://www.ain.fr/page."
            )
            return ""
        return value

    def site_url(self, name: str, default: str) -> str:
        """An origin, without a path: addresses are built by adding a path to it."""
        value = self.text(name, default).rstrip("/")
        if not re.fullmatch(r"https?://[\w.-]+(:\d{1,5})?", value):
            self.faults.append(
                f"{name} vaut « {value} » : attendu l’adresse du site sans chemin, comme https://actions.example.org."
            )
            return default
        return value

    def accent(self, name: str) -> str:
        """A colour that links and buttons can have on every pale ground; empty for the stylesheets' own."""
        value = self.text(name)
        if value and not (colours.is_colour(value) and colours.contrast(value, colours.SUNK) >= colours.READABLE):
            self.faults.append(
                f"{name} vaut « {value} » : attendu une couleur #rrggbb assez foncée pour qu’on la lise sur fond clair."
            )
            return ""
        return value.lower()

    def department(self, name: str, default: str) -> str:
        """The official code of a département, or of what counts as one overseas."""
        value = self.text(name, default).upper()
        if not re.fullmatch(r"[0-8]\d|9[0-5]|2[AB]|97[1-8]|98[678]", value):
            self.faults.append(
                f"{name} vaut «\u00a0{value}\u00a0»\u00a0: attendu un code de département, comme 01, 2A ou 974."
            )
            return default
        return value

    def time_zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            zoneinfo.ZoneInfo(value)
        except (OSError, ValueError):
            self.faults.append(
                f"{name} vaut «\u00a0{value}\u00a0»\u00a0: attendu un fuseau horaire, comme Europe/Paris ou Indian/Reunion."
            )
            return default
        return value

    def hosts(self, name: str, default: list[str]) -> list[str]:
        hosts = [host.strip() for host in self.text(name).split(",") if host.strip()] or default
        for host in hosts:
            if not re.fullmatch(r"\*|\.?[\w.-]+|\[[0-9a-fA-F:]+\]", host):
                self.faults.append(
                    f"{name} contient « {host} » : attendu des noms d’hôte séparés par des virgules, sans http:// ni port."
                )
        return hosts

    def database(self, name: str, default: str) -> dict:
        value = self.text(name, default)
        try:
            parts = urlsplit(value)
            if parts.scheme not in DATABASE_SCHEMES or (parts.scheme == "sqlite" and parts.netloc):
                raise ValueError(parts.scheme)
            config = environ.Env.db_url_config(value)
            if config["NAME"] in ("", ":memory:"):
                raise ValueError("no name")
        except (ValueError, environ.ImproperlyConfigured):
            self.faults.append(
                f"{name} n’est pas valable : attendu sqlite:///chemin/base.sqlite3"
                " ou postgres://utilisateur:mot-de-passe@hôte:port/base."
            )
            return environ.Env.db_url_config(default)
        if value == default and parts.scheme == "sqlite":
            Path(config["NAME"]).parent.mkdir(exist_ok=True)  # SQLite makes its file, not the folder
        return config

    def mailer(self, name: str, default: str) -> dict:
        """One entry of Django's MAILERS."""
        try:
            parts = urlsplit(self.text(name, default))
            backend, options = MAIL_SCHEMES[parts.scheme]
            if parts.scheme == "filemail":
                options = {"file_path": unquote(parts.path)}
            elif parts.scheme.startswith("smtp"):
                options = {"timeout": 5, **options, "host": parts.hostname}
                options |= {"port": parts.port} if parts.port else {}
                if parts.username:
                    options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
            if not all(options.values()):
                raise ValueError("an empty host or path")
        except (ValueError, KeyError):
            self.faults.append(
                f"{name} n’est pas valable : attendu smtp://, smtp+tls:// ou smtp+ssl:// suivi de"
                " utilisateur:mot-de-passe@hôte:port, ou filemail:///dossier, ou consolemail://."
            )
            return {"BACKEND": MAIL_SCHEMES["consolemail"][0]}
        return {"BACKEND": backend, "OPTIONS": options}

    def directory(self, name: str, default: Path) -> Path:
        """A directory that exists and is writable, or that can be made."""
        path = Path(self.text(name, str(default)))
        ground = next(place for place in (path, *path.absolute().parents) if place.exists())
        if not (ground.is_dir() and os.access(ground, os.W_OK)):
            self.faults.append(f"{name} vaut « {path} » : ce n’est pas un dossier où l’application peut écrire.")
        return path

    def file(self, name: str, suffixes: Sequence[str]) -> Path | None:
        """A file that can be read, of one of these kinds; none by default."""
        path = Path(self.text(name))
        if not self.text(name):
            return None
        if path.suffix.lower() in suffixes and path.is_file() and os.access(path, os.R_OK):
            return path
        self.faults.append(
            f"{name} vaut «\u00a0{path}\u00a0»\u00a0: attendu le chemin d’un fichier lisible ({', '.join(suffixes)})."
        )
        return None

    def check(self) -> None:
        """Stop with the faults, one a line, instead of a traceback."""
        if self.faults:
            sys.exit("\n".join(self.faults))
