"""How much may one notice hold? A published notice keeps far below all of these; what goes beyond is refused."""

from enum import StrEnum

from hatchmark.domain.folder_errors import FolderError, Place

SECONDS = 10
MEMORY = 512 * 1024 * 1024
"""Address space of the child process, in bytes."""

LARGEST_FILE = 40 * 1024 * 1024
LARGEST_TEXT_FILE = 10 * 1024 * 1024
"""Also for .html, whose pictures are sometimes written into it."""

LARGEST_UNZIPPED = 100 * 1024 * 1024
LARGEST_PART = 40 * 1024 * 1024
HIGHEST_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024
MOST_ENTRIES = 2_000

DEEPEST = 200
"""Levels of elements inside one another, in XML and in HTML."""

MOST_ELEMENTS = 1_500_000
MOST_PAGES = 300
MOST_MARKS_ON_A_PAGE = 60_000
"""Characters, lines and boxes on one page of a .pdf."""

MOST_BLOCKS = 20_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 300_000
MOST_TEXT = 5_000_000
LARGEST_OUTPUT = 64 * 1024 * 1024
"""Bytes that the child may hand back."""

SAVE_AS_DOCX = "open it in Word or WPS and save it as .docx"


class Unreadable(StrEnum):
    """Why a file is not read as a notice, for who words it in another language."""

    EMPTY = "empty"
    NO_FILE = "no_file"
    TOO_LARGE = "too_large"
    TOO_MUCH = "too_much"
    """More pages, rows, cells, characters or elements than a notice has."""

    TOO_DEEP = "too_deep"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    BOMB = "bomb"
    HARMFUL = "harmful"
    DAMAGED = "damaged"
    PASSWORD = "password"  # noqa: S105 - the file has one
    SCAN = "scan"
    NO_TEXT = "no_text"
    NO_NOTICE = "no_notice"
    """A picture, an archive, bytes of no known kind."""

    OTHER_FORMAT = "other_format"
    """A text, in a format that is not read: .rtf, .mht, .ofd, .odt."""

    NO_ANTIWORD = "no_antiword"


class NoticeFileError(FolderError):
    """A file that cannot be read as a notice."""

    def __init__(
        self, file: str, why: Unreadable, problem: str, remedy: str, *, value: str | None, row: int
    ) -> None:
        super().__init__(Place(file, row), problem=problem, remedy=remedy, value=value)
        self.why = why


def refused(
    file: str, why: Unreadable, problem: str, remedy: str, *, value: str | None = None, row: int = 0
) -> NoticeFileError:
    """Return the error for a file that cannot be read as a notice."""
    return NoticeFileError(file, why, problem, remedy, value=value, row=row)


def too_large(file: str, size: int, limit: int) -> NoticeFileError:
    """Return the error for a file of more bytes than are read."""
    return refused(
        file,
        Unreadable.TOO_LARGE,
        f"is larger than the {limit // (1024 * 1024)} MB that are read of such a file",
        "save the notice alone, without pictures and other attachments",
        value=f"{size} bytes",
    )
