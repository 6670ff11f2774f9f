"""The site over both examples, run through the services once for each file of tests and rolled back after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker

from hatchmark.domain.results import RoundResults

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def published(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, RoundResults]]:
    """Perform both examples; give the results of each by the code of its authority.

    One transaction around the file: no other test finds a round in its database.
    """
    from hatchmark.documents.round_folder import read_round_folder
    from hatchmark.services import public
    from hatchmark.services.round_folder import perform

    with django_db_blocker.unblock(), transaction.atomic():
        found = {}
        for name in ("nmg-2021", "demo-2025"):
            done = perform(read_round_folder(EXAMPLES / name), progress=lambda *_: None)
            found[name] = public.published_results(done.authority.code, done.year)[1]
        yield found
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A password is hashed slowly on purpose; a test that makes an account for each role cannot wait for that."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def client(published: object, db: None) -> Client:
    """A visitor. Errors of a page are answered as on a server, not raised."""
    return Client(raise_request_exception=False)
