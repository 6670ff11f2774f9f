"""The one Django app: rows and their migrations."""

from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "hatchmark.db"
    label = "db"
    default_auto_field = "django.db.models.BigAutoField"
