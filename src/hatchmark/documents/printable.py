"""Which characters and lengths can be printed? Text of any origin is made safe here, once, for every format."""

import re

CELL_LIMIT = 1000
"""Longest text of one cell or part of a sentence. The longest real one has 41 characters; 1,000 fill a page."""

# Line and page breaks, terminal codes, text direction and halves of a surrogate pair: none of them can be
# seen in print, some cannot be written to XML at all, and a reversed name would read as another one.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def printable(text: str, *, where: str) -> str:
    """Return `text` with every character that cannot be printed shown as 〔U+XXXX〕.

    Raises ValueError, naming `where`, for a text that no page can hold.
    """
    if len(text) > CELL_LIMIT:
        raise ValueError(
            f"{where}: {text[:20]}… has {len(text)} characters, and a printed cell holds at most {CELL_LIMIT}; "
            "shorten it where it was entered"
        )
    return shown(text)


def shown(text: str) -> str:
    """Return `text` with every character that cannot be printed shown as 〔U+XXXX〕."""
    return _UNPRINTABLE.sub(lambda found: code_point(found.group()), text)


def code_point(character: str) -> str:
    """Return the name that is printed for a character which has no shape here: 〔U+0007〕."""
    return f"〔U+{ord(character):04X}〕"
