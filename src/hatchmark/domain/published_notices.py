"""What does a published notice say, and what follows from holding its text against its tables?

Three forms of one notice, each made from the one before: the document as a file holds it (paragraphs and grids of
raw cells, whatever the format), the notice as it was read (issuer, title, bases, narrative, tables with known
columns), and its claims with the findings that reconciliation draws from them. Nothing in here repairs a name,
merges two bodies or turns a count that is not stated into zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hatchmark.domain.notices import Relation

# ---- the document, whatever its format ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentParagraph:
    """One paragraph as it stands in the file: line breaks inside it are kept as \\n, nothing is normalised."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTable:
    """One grid of raw cells, head rows included, in the order of the file; rows may differ in length.

    A table that runs over several pages or sheets of one file is one table, its repeated heads left out.
    """

    rows: tuple[tuple[str, ...], ...]


DocumentBlock = DocumentParagraph | DocumentTable


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDocument:
    """What a file holds, in reading order. `file` is its name without a folder, `format` its kind: txt, docx …"""

    file: str
    format: str
    blocks: tuple[DocumentBlock, ...]


# ---- the notice as it was read --------------------------------------------------------------------------------


class NoticeColumn(StrEnum):
    """What stands in a column of a printed table."""

    SERIAL = "serial"
    NAME = "name"
    OPERATOR = "operator"
    CHANNEL = "channel"
    RESULT = "result"
    KIND = "kind"
    LEVEL = "level"
    SCORE = "score"
    NOTE = "note"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCell:
    """One cell: as it was printed, and with line breaks, stray spaces and widths evened out."""

    raw: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One row of a table. `number` counts the data rows from 1; `serial` is the printed one, where it is a number.

    `label` is the grade or outcome label that the result cell (or the heading over the row) states in the notice's
    own words, `outcome` its code (`excellent` … `other`); both None where it states none. `kind` is that of the
    table, or of the row where a table holds several kinds.
    """

    number: int
    serial: int | None
    cells: tuple[NoticeCell, ...]
    kind: str | None = None
    label: str | None = None
    outcome: str | None = None

    def cell(self, table: "NoticeTable", column: NoticeColumn) -> NoticeCell | None:
        """Return the cell under a column, None where the table has no such column."""
        if column not in table.columns:
            return None
        at = table.columns.index(column)
        return self.cells[at] if at < len(self.cells) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTable:
    """One annex or table of the notice. `columns` and `heads` have one item for each column."""

    title: str
    label: str
    kind: str | None
    columns: tuple[NoticeColumn, ...]
    heads: tuple[str, ...]
    rows: tuple[NoticeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedBasis:
    """A basis that the notice names: title without 《》, document number as printed or empty."""

    title: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAnnex:
    """An annex that the text lists at its end: its number, its title, and whether the file holds it."""

    number: int
    title: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedNotice:
    """A notice as it was read. What it does not state is None or empty; nothing is guessed.

    `paragraphs` is the narrative (salutation, title, annex list and signature left out), each evened out: simplified
    characters, half-width digits, no line breaks, no stray spaces. `issued_on` is the printed day as YYYY-MM-DD.
    """

    file: str
    issuer: str | None
    addressees: tuple[str, ...]
    title: str
    year: int | None
    document_number: str | None
    issued_on: str | None
    bases: tuple[CitedBasis, ...]
    stages: tuple[str, ...]
    paragraphs: tuple[str, ...]
    tables: tuple[NoticeTable, ...]
    annexes: tuple[ListedAnnex, ...] = ()


# ---- claims -----------------------------------------------------------------------------------------------------


class ClaimScope(StrEnum):
    """Whether a count speaks of all that the text reports, or of one city's or unit's share of it."""

    ALL = "all"
    PART = "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeClaim:
    """One count that the narrative states.

    `text` is the clause as printed (evened out); `paragraph`, `start`, `end` say where it stands in
    `PublishedNotice.paragraphs`. `kind` is None where it spans kinds or names none. `label` is the notice's own word,
    `outcome` its code. `within` is the position in the list of claims of the one that a subset or cross-reference
    belongs to. `joins_pilot` : the count says that it takes pilots in (含试点培育). `of_kind`: for a carried or
    deferred count, the kind by whose evaluation it goes. `year`: the year of an obligation or deferral, where stated.
    `stated_overlap`: the text itself says that these are counted elsewhere too (其中, 含, 未计入前列).
    `names`: institutions that the clause names one by one.
    """

    text: str
    paragraph: int
    start: int
    end: int
    kind: str | None
    label: str
    outcome: str
    count: int
    relation: Relation
    scope: ClaimScope = ClaimScope.ALL
    level: str | None = None
    within: int | None = None
    of_kind: str | None = None
    year: int | None = None
    joins_pilot: bool = False
    stated_overlap: bool = False
    names: tuple[str, ...] = ()


# ---- findings, proposals, verdict --------------------------------------------------------------------------------


class Severity(StrEnum):
    """How grave a finding is: an error contradicts, a warning was explained or needs a look, info is told."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Verdict(StrEnum):
    """What holding the text against the tables came to (DESIGN: commands)."""

    CONSISTENT = "consistent"
    EXPLAINED = "explained"
    CONTRADICTORY = "contradictory"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFinding:
    """One thing found. `claims` are positions in the list of claims, `table` one in the tables, `rows` row numbers.

    `message` is a Chinese sentence that an official can send on; `message_en` the same in English.
    """

    code: str
    severity: Severity
    message: str
    message_en: str
    claims: tuple[int, ...] = ()
    table: int | None = None
    rows: tuple[int, ...] = ()


class ProposedLink(StrEnum):
    """What two rows may have in common."""

    SAME_INSTITUTION = "same_institution"
    SAME_OPERATOR = "same_operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProposal:
    """Two or more rows that may be one institution or one operator: a person decides, never the likeness.

    `rows` are (table, row number) pairs; `key` names the pair of names, so that a decision is kept and not asked again.
    `reasons` are Chinese, `reasons_en` the same in English.
    """

    what: ProposedLink
    rows: tuple[tuple[int, int], ...]
    reasons: tuple[str, ...]
    key: str
    reasons_en: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCheck:
    """All that came of one notice."""

    notice: PublishedNotice
    claims: tuple[NoticeClaim, ...]
    findings: tuple[NoticeFinding, ...]
    proposals: tuple[IdentityProposal, ...]
    verdict: Verdict
    tallies: tuple[Mapping[str, int], ...] = field(default=())
    """For each table, the rows counted by label, in printed order."""
