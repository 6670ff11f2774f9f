"""The site as a Django app: its templates, its static files, its checks."""

from django.apps import AppConfig
from django.core.checks import register


class WebConfig(AppConfig):
    name = "hatchmark.web"
    label = "web"

    def ready(self) -> None:
        """Register what has to hold before the site starts."""
        # Here, since both need the loaded apps.
        from hatchmark.web import accounts, security  # noqa: PLC0415

        register(security.routes_have_rows)
        accounts.listen()
