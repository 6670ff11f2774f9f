"""The interface for programs as a Django app: it has no rows, only operations."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "hatchmark.api"
    label = "api"
