from collections.abc import Iterator

import pytest
from conftest_services import live_round_at
from django.test import override_settings

__all__ = ["live_round_at"]


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A password is hashed slowly on purpose; that is not what these tests are about."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
