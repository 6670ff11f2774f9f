"""Texts of the pages of an institution."""

from collections.abc import Mapping

from hatchmark.web.texts import Text

TEXTS: Mapping[str, Text] = {}
