from typing import Any

import pytest
from conftest_services import live_round_at

__all__ = ["live_round_at"]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A password is hashed slowly on purpose; that is not what these tests are about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
