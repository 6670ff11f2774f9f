"""The catalogues of texts, by the part of the site that says them. `web/words.py` reads them as one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One text. `{name}` stands for what the page puts there."""

    zh: str
    en: str
