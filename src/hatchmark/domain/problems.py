"""What in a form that somebody filled in cannot stand, and how is it said in whichever language?

A rule finds it and knows the facts; the words of a page belong to the shell, which keys them by `code`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that has to be changed. `text` says it in English: what, where, why, what to do instead.

    `about` names the field of the form, empty where it is about all of them; `facts` are what the text holds.
    """

    code: str
    text: str
    about: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
