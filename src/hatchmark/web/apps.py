"""The public site as a Django app: its templates, its static files, its checks."""

from django.apps import AppConfig
from django.core.checks import register


class WebConfig(AppConfig):
    name = "hatchmark.web"
    label = "web"

    def ready(self) -> None:
        """Register what has to hold before the site starts."""
        from hatchmark.web.security import routes_have_readers  # noqa: PLC0415 - needs the loaded apps

        register(routes_have_readers)
