"""Which fonts set a PDF, and which characters have a shape?

The fonts of official documents are proprietary and never shipped. A PDF takes what the machine has, in the
order below; the wheel's font stands at the end of every list, so that Chinese never turns into boxes.
"""

import struct
from functools import cache
from importlib import resources
from pathlib import Path

WHEEL_FONT = "Noto Sans CJK SC"

BODY = (
    "FangSong_GB2312",
    "仿宋_GB2312",
    "FangSong",
    "仿宋",
    "FandolFang R",
    "Noto Serif CJK SC",
    WHEEL_FONT,
)
TITLE = ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "Noto Serif CJK SC", WHEEL_FONT)
HEADING = ("SimHei", "黑体", WHEEL_FONT)
DIGEST = ("Noto Sans Mono CJK SC",)
"""One width for every sign, from the wheel's own file: two digests are compared by eye, sign under sign."""

PAGE_NUMBER = ("SimSun", "宋体", "Noto Serif CJK SC", WHEEL_FONT)


def wheel_font_file() -> Path:
    """Return the font file that is installed with Hatchmark."""
    return Path(str(resources.files("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc"))


def has_shape(character: str) -> bool:
    """Tell whether the font that is always there can draw a character. Other fonts may draw more."""
    return ord(character) in _covered()


@cache
def _covered() -> frozenset[int]:
    """Read the characters of the first face out of the font's cmap table (OpenType, format 12)."""
    data = wheel_font_file().read_bytes()
    face = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    tables = struct.unpack_from(">H", data, face + 4)[0]
    for record in range(face + 12, face + 12 + 16 * tables, 16):
        tag, _, start, _ = struct.unpack_from(">4sIII", data, record)
        if tag == b"cmap":
            return _characters(data, start)
    raise ValueError(f"{wheel_font_file().name} has no table of characters; reinstall noto-cjk-sans-otc")


def _characters(data: bytes, cmap: int) -> frozenset[int]:
    for record in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        offset = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * record + 4)[0]
        if struct.unpack_from(">H", data, offset)[0] == 12:  # segmented coverage of all planes
            groups = struct.unpack_from(">I", data, offset + 12)[0]
            found: set[int] = set()
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", data, offset + 16 + 12 * group)
                found.update(range(first, last + 1))
            return frozenset(found)
    raise ValueError(f"{wheel_font_file().name} has no full table of characters; reinstall noto-cjk-sans-otc")
