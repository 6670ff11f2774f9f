"""Texts of the pages of the three administrators, of messages and of the permission table."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {}
