"""In which encoding is a text written? Told by its mark, by what it declares, and by what its bytes can be."""

import codecs
import re

from hatchmark.documents.tables import decode_text
from hatchmark.domain.folder_errors import FolderError, Place

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 200_000
_GB = {"gb2312", "gbk", "gb18030", "cp936", "936", "x-gbk", "gb_2312-80", "hz"}
_BIG5 = {"big5", "big5-hkscs", "cp950", "x-x-big5"}
_CHINESE = re.compile("[一-鿿]")


def decode(raw: bytes, *, file: str, declared: str | None = None, lenient: bool = False) -> str:
    """Return the text of a file in UTF-8, UTF-16, GB18030 or Big5, with or without a mark.

    `declared` is what the file says of itself, which its bytes may belie. Raises FolderError, naming the first spoilt
    bytes, for anything else; `lenient` replaces a spoilt byte instead, where the rest is plain.
    """
    if raw.startswith((_UTF8_MARK, *_UTF16_MARKS)):
        return _told_apart(raw, file=file)
    if b"\0" in raw and (encoding := utf16_without_mark(raw)) is not None:
        return raw.decode(encoding)
    if (text := _strictly(raw, "utf-8")) is not None:
        return _told_apart(raw, file=file) if "\0" in text else text
    if declared is not None and (text := _strictly(raw, _python_name(declared))) is not None:
        return text
    if (encoding := _chinese_encoding(raw)) is not None:
        return raw.decode(encoding)
    try:
        return _told_apart(raw, file=file)
    except FolderError:
        if not lenient or b"\0" in raw:
            raise
        return raw.decode(_python_name(declared) if declared else "utf-8", errors="replace")


def _told_apart(raw: bytes, *, file: str) -> str:
    """Decode as tables are decoded, which names the first spoilt bytes; the remedy is that for a notice."""
    try:
        return decode_text(raw, file=file)
    except FolderError as error:
        raise FolderError(
            Place(file, error.row or 0),
            value=error.value,
            problem=error.problem,
            remedy="save it as .docx, or as .txt in UTF-8",
        ) from error


def _strictly(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _python_name(declared: str) -> str:
    name = declared.strip().lower()
    if name in _GB:
        return "gb18030"
    if name in _BIG5:
        return "big5hkscs"
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return "utf-8"
    # A codec such as zip or rot13 is no encoding of text, and utf-7 hides text from whoever looks at the bytes.
    return codec.name if codec._is_text_encoding and codec.name != "utf-7" else "utf-8"


def utf16_without_mark(raw: bytes) -> str | None:
    """Return the byte order in which the text is Chinese; None where neither order gives any."""
    if len(raw) % 2:
        return None
    counts = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _strictly(raw, encoding)
        if text is not None and "\0" not in text:
            counts[encoding] = len(_CHINESE.findall(text[:_LOOKED_AT]))
    best = max(counts, key=counts.__getitem__, default=None)
    return best if best is not None and counts[best] * 4 > min(len(raw) // 2, _LOOKED_AT) else None


def _chinese_encoding(raw: bytes) -> str | None:
    """Return gb18030 or big5hkscs, whichever gives common characters; None where the bytes are neither.

    In both encodings the common characters stand in one block of the code: a text read in the wrong one is full of
    rare ones. One that is common in neither, nor decodes as UTF-8, is no text.
    """
    as_gb, as_big5 = _strictly(raw, "gb18030"), _strictly(raw, "big5hkscs")
    if as_gb is None and as_big5 is None:
        return None
    if as_big5 is None:
        # A UTF-8 file with one spoilt byte often decodes as GB18030 too: `decode_text` tells the two apart.
        return None
    gb_share = _common_share(as_gb, "gb2312", (0xB0, 0xD7)) if as_gb is not None else -1
    big5_share = _common_share(as_big5, "big5", (0xA4, 0xC6))
    return "big5hkscs" if big5_share > gb_share and big5_share > 50 else None


def _common_share(text: str, encoding: str, first_bytes: tuple[int, int]) -> int:
    """Return how many per cent of the characters beyond ASCII are common ones, or marks, by their place in the code."""
    common = total = 0
    for character in text[:_LOOKED_AT]:
        if character < "\x80":
            continue
        total += 1
        try:
            code = character.encode(encoding)
        except UnicodeEncodeError:
            continue
        low, high = first_bytes
        common += low <= code[0] <= high or code[0] in (0xA1, 0xA3)
    return 100 * common // total if total else 0
