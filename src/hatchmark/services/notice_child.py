"""The process that checks one untrusted notice: reads the file, and works through what it says, within the limits.

Started by `notice_check`, never by a person.
"""

import sys
from typing import Any

from hatchmark.documents.notice_files import child
from hatchmark.documents.notice_files.characters import to_simplified
from hatchmark.domain.notice_words import load_notice_words
from hatchmark.domain.published_notices import NoticeDocument
from hatchmark.services.likeness import NameLikeness
from hatchmark.services.notice_answer import answer_of
from hatchmark.services.notice_check import check_notice_document


def main() -> int:
    """Check the notice on standard input and print what comes of it, or why it cannot be read."""
    # What loads its tables on first use loads them now: nothing is imported once the file is being read.
    load_notice_words()
    to_simplified("示")
    NameLikeness().sounds_alike("示", "例")
    return child.main(_checked)


def _checked(document: NoticeDocument) -> dict[str, Any]:
    return answer_of(check_notice_document(document))


if __name__ == "__main__":
    sys.exit(main())
