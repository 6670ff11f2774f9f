"""Start Django on a database: the configured one, or one of its own that is thrown away after."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatchmark.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _make_folder_of_sqlite() -> Path | None:
    """Make the folder of the configured SQLite file and return the file; None for another database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatchmark.config.settings")
    from django.conf import settings

    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return None
    file = Path(database["NAME"])
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


@contextmanager
def configured_database(url: str | None = None) -> Iterator[None]:
    """Use the database that the settings name, or `url` in its place, its tables brought up to date.

    With `url` it must be entered before anything of Django is loaded: settings are read once.
    """
    if url is not None:
        os.environ.pop("HATCHMARK_DEMO", None)
        os.environ["DATABASE_URL"] = url
    _make_folder_of_sqlite()
    _start()
    yield


@contextmanager
def demo_database(*, fresh: bool) -> Iterator[Path]:
    """Use the demo's own database and give its file; `fresh` removes what an earlier demo left there."""
    # In the environment, since the processes that serve the site read their settings anew.
    os.environ["HATCHMARK_DEMO"] = "true"
    file = _make_folder_of_sqlite()
    if file is None:
        raise RuntimeError("the demo's database is an SQLite file, and the settings name another")
    if fresh:
        for each in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
            each.unlink(missing_ok=True)
    _start()
    yield file


@contextmanager
def round_database(url: str | None) -> Iterator[None]:
    """Use `url`, or without one an SQLite database in a temporary folder, gone afterwards.

    Must be entered before anything of Django is loaded: settings are read once.
    """
    os.environ.pop("HATCHMARK_DEMO", None)
    with tempfile.TemporaryDirectory(prefix="hatchmark-") as folder:
        os.environ["DATABASE_URL"] = url or f"sqlite:///{Path(folder) / 'round.sqlite3'}"
        os.environ["HATCHMARK_DATA"] = folder
        _start()
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()
