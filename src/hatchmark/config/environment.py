"""Which settings does a deployment have, and what did this environment say? The one file that reads it.

Every setting is a row of `SETTINGS`; `docs/reference/settings.md` lists the same rows, and a test holds
the two together. Nothing has to be set: without any, Hatchmark runs on SQLite on this machine alone.
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSettingError(Exception):
    """A setting holds what it cannot hold. The message names the setting and what it accepts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table: what the variable is called, what it is without being set, what it does."""

    name: str
    default: str
    help: str
    parse: Callable[[str], Any]
    accepted: str


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    return {"true": True, "false": False}[value.lower()]


def _folder(value: str) -> Path:
    if not value:
        raise ValueError
    return Path(value).expanduser().resolve()


def _hosts(value: str) -> list[str]:
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    if not hosts or any(character in host for host in hosts for character in "/ @?#"):
        raise ValueError
    return hosts


def _address(value: str) -> str:
    parts = urlsplit(value)
    if value and (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username is not None
        or parts.query
        or parts.fragment
        or not (value.isascii() and value.isprintable())
        or " " in value
    ):
        raise ValueError
    _ = parts.port  # raises ValueError where it is none
    return value.rstrip("/")


def _own_folder(value: str) -> Path | None:
    return _folder(value) if value else None


def _seconds(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise ValueError
    return int(value)


_SMTP_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def _smtp(value: str) -> dict[str, Any]:
    if not value:
        return {}
    parts = urlsplit(value)
    if not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError
    return {
        "host": parts.hostname,
        "port": parts.port or _SMTP_PORTS[parts.scheme],
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "ssl": parts.scheme == "smtps",
        "starttls": parts.scheme == "smtp",
    }


def _mail_address(value: str) -> str:
    name, at, host = value.partition("@")
    if (
        not (name and at and host)
        or not value.isprintable()
        or any(sign in value for sign in ' ,;<>"')
        or "@" in host
    ):
        raise ValueError
    return value


def _oidc(value: str) -> dict[str, Any]:
    if not value:
        return {}
    parts = urlsplit(value)
    if parts.scheme != "https" or not (parts.hostname and parts.username and parts.password):
        raise ValueError
    port = f":{parts.port}" if parts.port else ""
    return {
        "provider_id": "identity",
        "name": parts.hostname,
        "client_id": unquote(parts.username),
        "secret": unquote(parts.password),
        "settings": {"server_url": f"https://{parts.hostname}{port}{parts.path}"},
    }


def _secret(value: str) -> str:
    if value and len(value) < 50:
        raise ValueError
    return value


_ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}

# Measured: 1,400 writes a second from 16 clients, none failed.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
}


def _database(value: str) -> dict[str, Any]:
    """Return Django's description of the database that a URL names; an empty URL is filled in by `read`."""
    if not value:
        return {}
    parts = urlsplit(value)
    engine = _ENGINES[parts.scheme]
    if parts.scheme == "sqlite":
        # Three slashes are relative to the working folder, four are absolute, as others have them.
        name = unquote(parts.path[1:])
        if parts.netloc or not name:
            raise ValueError
        return sqlite(name if name == ":memory:" else str(Path(name).expanduser().resolve()))
    name = unquote(parts.path[1:])
    if not name:
        raise ValueError
    options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    return {
        "ENGINE": engine,
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket folder cannot stand in a URL's authority: it comes as ?host=/folder.
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite(name: str) -> dict[str, Any]:
    """Return Django's description of an SQLite database in the file `name`."""
    return {
        "ENGINE": _ENGINES["sqlite"],
        "NAME": name,
        # Opening the file and telling it how to behave costs more than a small question.
        "CONN_MAX_AGE": 60,
        "OPTIONS": dict(_SQLITE_OPTIONS),
    }


SETTINGS = (
    Setting(
        name="HATCHMARK_DATA",
        default="./data",
        help="Folder for the SQLite database and the generated secret key. ./hatchmark makes it data in the checkout.",
        parse=_folder,
        accepted="the path of a folder",
    ),
    Setting(
        name="DATABASE_URL",
        default="",
        help="The database. Empty: hatchmark.sqlite3 in HATCHMARK_DATA. PostgreSQL needs the extra `postgres`.",
        parse=_database,
        accepted="sqlite:///FILE, sqlite:////ABSOLUTE/FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME?OPTION=VALUE",
    ),
    Setting(
        name="HATCHMARK_DEMO",
        default="false",
        help="Use the database of the demo, demo.sqlite3 in HATCHMARK_DATA, whatever DATABASE_URL says.",
        parse=_flag,
        accepted="true or false",
    ),
    Setting(
        name="SECRET_KEY",
        default="",
        help="Key for signatures of the web framework. Empty: made once and kept in HATCHMARK_DATA/secret_key.",
        parse=_secret,
        accepted="a text of 50 characters or more",
    ),
    Setting(
        name="DEBUG",
        default="false",
        help="Show errors with their source to whoever causes them. Only on a developer's machine.",
        parse=_flag,
        accepted="true or false",
    ),
    Setting(
        name="ALLOWED_HOSTS",
        default="localhost,127.0.0.1,[::1]",
        help="Host names under which the site answers, with commas between. A dot in front takes subdomains too.",
        parse=_hosts,
        accepted="host names with commas between, without scheme or port",
    ),
    Setting(
        name="PUBLIC_ADDRESS",
        default="",
        help="Where the site is reached from outside: QR codes of papers bear it. Empty: the code alone.",
        parse=_address,
        accepted="https://HOST or https://HOST/PATH, without user, query or fragment",
    ),
    Setting(
        name="HATCHMARK_TEMPLATES",
        default="",
        help="Folder with an authority's own templates of papers. Empty: those that ship.",
        parse=_own_folder,
        accepted="the path of a folder",
    ),
    Setting(
        name="HTTPS_PROXY_HEADER",
        default="false",
        help="Trust X-Forwarded-Proto of the proxy in front. Only where that proxy always sets it.",
        parse=_flag,
        accepted="true or false",
    ),
    Setting(
        name="FORWARDED_FOR_HEADER",
        default="false",
        help="Trust the last address in X-Forwarded-For of the proxy in front. Only where that proxy always adds it.",
        parse=_flag,
        accepted="true or false",
    ),
    Setting(
        name="HSTS_SECONDS",
        default="0",
        help="Tell browsers to come by HTTPS alone for so many seconds; 0 says nothing. Needs HTTPS in front.",
        parse=_seconds,
        accepted="a whole number of seconds",
    ),
    Setting(
        name="SMTP",
        default="",
        help="Where mail is handed over. Empty: it is written to standard output instead, and nobody receives it.",
        parse=_smtp,
        accepted="smtp://USER:PASSWORD@HOST:PORT (with STARTTLS), smtps://USER:PASSWORD@HOST:PORT, "
        "or smtp+plain://HOST:PORT on a trusted network",
    ),
    Setting(
        name="MAIL_FROM",
        default="hatchmark@localhost",
        help="The sender of mail.",
        parse=_mail_address,
        accepted="one e-mail address",
    ),
    Setting(
        name="OIDC",
        default="",
        help="A unified identity service to sign in with (OpenID Connect). It makes no account: invitations do.",
        parse=_oidc,
        accepted="https://CLIENT:SECRET@HOST/PATH of the issuer, whose /.well-known/openid-configuration is read; "
        "its sign-in page has to be on the same host",
    ),
    Setting(
        name="LOG_LEVEL",
        default="WARNING",
        help="What is written to standard error: DEBUG writes most, ERROR least.",
        parse=lambda value: {level: level for level in ("DEBUG", "INFO", "WARNING", "ERROR")}[value.upper()],
        accepted="DEBUG, INFO, WARNING or ERROR",
    ),
)


def read(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return every setting by name, parsed. Raises BadSettingError at the first value that is not accepted."""
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = environment.get(setting.name, setting.default)
        try:
            values[setting.name] = setting.parse(text)
        except (ValueError, KeyError):
            # A secret and a URL with a password must not end in a log: the value is not repeated.
            shown = "" if setting.name in ("SECRET_KEY", "DATABASE_URL", "SMTP", "OIDC") else f" '{text}'"
            raise BadSettingError(
                f"the setting {setting.name} cannot be{shown or ' what it is set to'}; "
                f"set {setting.accepted}, or leave it out for its default"
            ) from None
    if values["HATCHMARK_DEMO"]:
        # The demo's rounds are nobody's: they never come into the database that an installation works with.
        values["DATABASE_URL"] = sqlite(str(values["HATCHMARK_DATA"] / "demo.sqlite3"))
    values["DATABASE_URL"] = values["DATABASE_URL"] or sqlite(
        str(values["HATCHMARK_DATA"] / "hatchmark.sqlite3")
    )
    return values


def kept_secret_key(data: Path) -> str:
    """Return the key kept in the data folder, made on first use.

    Where there is no data folder nothing is served yet (a command that only reads, a test): the key then
    lasts as long as the process, so that no command leaves a folder behind where it happened to run.
    """
    file = data / "secret_key"
    if not data.is_dir():
        return secrets.token_urlsafe(64)
    if not file.exists():
        # Written aside and then linked, which takes one maker only: a second worker that starts in the same
        # moment finds a whole key, never half of one.
        draft = data / f"secret_key.{secrets.token_hex(8)}"
        try:
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(64), "ascii")
            with contextlib.suppress(FileExistsError):
                file.hardlink_to(draft)
        except OSError as error:
            raise BadSettingError(
                f"no secret key can be kept in {data} ({error.strerror}); let that folder be written, "
                "or set SECRET_KEY"
            ) from None
        finally:
            draft.unlink(missing_ok=True)
    return _nonempty(file)


def _nonempty(file: Path) -> str:
    key = file.read_text("ascii").strip()
    if len(key) < 50:
        raise BadSettingError(
            f"{file} holds no key of 50 characters or more; remove it, and a new one is made"
        )
    return key
