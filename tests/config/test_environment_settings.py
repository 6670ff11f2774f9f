"""The table of settings: defaults that work with nothing set, bad values that stop with what is accepted."""

import stat
from pathlib import Path

import pytest

from hatchmark.config.environment import SETTINGS, BadSettingError, kept_secret_key, read

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


def test_without_any_setting_hatchmark_runs_on_sqlite_in_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    values = read({})

    assert values["HATCHMARK_DATA"] == tmp_path / "data"
    assert values["DATABASE_URL"] == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "data" / "hatchmark.sqlite3"),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
        },
    }
    assert values["DEBUG"] is False
    assert values["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert not (tmp_path / "data").exists(), "reading settings leaves nothing behind"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////srv/h/rounds.sqlite3", {"NAME": "/srv/h/rounds.sqlite3"}),
        (
            "postgresql://user:p%40ss@db.example:5433/hatch%20mark?sslmode=require",
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "hatch mark",
                "USER": "user",
                "PASSWORD": "p@ss",
                "HOST": "db.example",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        (
            "postgresql://postgres:@/postgres?host=/run/pg",
            {
                "NAME": "postgres",
                "USER": "postgres",
                "PASSWORD": "",
                "HOST": "/run/pg",
                "PORT": "",
                "OPTIONS": {},
            },
        ),
    ],
)
def test_a_database_url_is_read_to_the_letter(url, expected):
    described = read({"DATABASE_URL": url})["DATABASE_URL"]

    assert {key: described[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root:geheim@host/db"),
        ("DATABASE_URL", "postgresql://host"),
        ("DATABASE_URL", "postgresql://host:port/name"),
        ("DATABASE_URL", "sqlite://"),
        ("DEBUG", "yes"),
        ("ALLOWED_HOSTS", "https://pingjia.example"),
        ("ALLOWED_HOSTS", " , "),
        ("HATCHMARK_DATA", ""),
        ("HSTS_SECONDS", "-1"),
        ("LOG_LEVEL", "LOUD"),
        ("SECRET_KEY", "geheim"),
    ],
)
def test_a_bad_value_stops_and_names_the_accepted_ones(name, value):
    accepted = next(setting.accepted for setting in SETTINGS if setting.name == name)

    with pytest.raises(BadSettingError) as stopped:
        read({name: value})

    assert name in str(stopped.value)
    assert accepted in str(stopped.value)
    assert "geheim" not in str(stopped.value), "a secret must not end in a log"


def test_the_demo_never_works_in_the_configured_database(tmp_path):
    values = read(
        {
            "HATCHMARK_DEMO": "true",
            "HATCHMARK_DATA": str(tmp_path),
            "DATABASE_URL": "sqlite:////srv/real.sqlite3",
        }
    )

    assert values["DATABASE_URL"]["NAME"] == str(tmp_path / "demo.sqlite3")


def test_the_secret_key_is_made_once_and_kept_readable_by_its_owner_alone(tmp_path):
    key = kept_secret_key(tmp_path)

    assert kept_secret_key(tmp_path) == key
    assert len(key) >= 50
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_without_a_data_folder_no_key_is_kept(tmp_path):
    first, second = kept_secret_key(tmp_path / "none"), kept_secret_key(tmp_path / "none")

    assert first != second
    assert not (tmp_path / "none").exists()


def test_half_a_key_is_refused(tmp_path):
    (tmp_path / "secret_key").write_text("short")

    with pytest.raises(BadSettingError, match="remove it, and a new one is made"):
        kept_secret_key(tmp_path)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_as_it_is(setting):
    default = f"`{setting.default}`" if setting.default else "empty"
    expected = f"## {setting.name}\n\n{setting.help}\n\nAccepts {setting.accepted}. Default: {default}.\n"

    assert expected in PAGE.read_text("utf-8")


def test_the_page_documents_no_setting_that_is_not_there():
    heads = [
        line.removeprefix("## ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("## ")
    ]

    assert [head for head in heads if head.isupper()] == [setting.name for setting in SETTINGS]
