"""How do databases read a TABLE? As it is where they and Python cannot but agree on it, else as a plain copy.

The reader of `documents` alone says what is wrong with a cell. What it finds to be right after all (a space around a
number, 007) is written plainly to a file of our own, and read once more.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from hatchmark.documents.large_tables import LongTable, open_table, read_limited_start
from hatchmark.documents.parquet import SUFFIX as PARQUET
from hatchmark.documents.parquet import linked, literal, parquet_columns
from hatchmark.documents.score_tables import ELSEWHERE, FACTS
from hatchmark.documents.tables import Table, check_header
from hatchmark.domain.scheme import MEASURED, Scheme, exact_text, parse_number
from hatchmark.engines.sql_reading import RawColumn, RawType

_SCAN = 1024 * 1024
_UNUSUAL = bytes(code for code in (*range(32), 34, 127) if code not in b"\t\n\r")
_LOST = "\ufffd".encode()
_UNIT = "\x1f"
_PLAIN_GRADE = re.compile("[a-z0-9_]+")


@dataclass(slots=True)
class TableSource:
    """A TABLE with what DuckDB reads of it. `plain`: as our own plain copy, not as the file itself.

    `parquet`: the Parquet file that it is read from as it is, where it is one.
    """

    connection: duckdb.DuckDBPyConnection
    path: Path
    work: Path
    name: str
    file: str
    header: tuple[str, ...] = ()
    relation: str = ""
    types: tuple[RawColumn, ...] = ()
    plain: bool = False
    parquet: Path | None = None

    @classmethod
    def opened(
        cls, connection: duckdb.DuckDBPyConnection, path: Path, *, work: Path, name: str
    ) -> "TableSource":
        """Open a table as it is where DuckDB and Python cannot but agree on it, else as a copy."""
        found = cls(connection=connection, path=path, work=work, name=name, file=path.name)
        read_limited_start(path, file=found.file)
        if path.suffix.lower() == PARQUET:
            found._read_parquet()
        elif path.suffix.lower() != ".csv" or not found._read_csv():
            found.copy_plainly(None)
        return found

    def raw(self) -> dict[str, RawColumn]:
        """Return the columns by the header of the TABLE."""
        return dict(zip(self.header, self.types, strict=True))

    def _read_parquet(self) -> None:
        link = linked(self.path, into=self.work, name=f"{self.name}.parquet")
        self.parquet = link
        columns = parquet_columns(self.connection, link, file=self.file)
        self.header = tuple(column.header for column in columns)
        check_header(self.header, file=self.file)
        kinds = {"text": RawType.TEXT, "integer": RawType.INTEGER, "decimal": RawType.DECIMAL,
                 "boolean": RawType.BOOLEAN, "date": RawType.OTHER}  # fmt: skip
        self.types = tuple(
            RawColumn(name=f"c{number}", type=kinds[column.type], places=column.places)
            for number, column in enumerate(columns)
        )
        names = ", ".join(raw.name for raw in self.types)
        cells = ", ".join(
            f"NULLIF({raw.name}, '') AS {raw.name}" if raw.type is RawType.TEXT else raw.name
            for raw in self.types
        )
        file = f"read_parquet({literal(str(link))})"
        self.relation = f"(SELECT {cells} FROM (SELECT * FROM {file}) AS t({names}))"  # noqa: S608 - own names

    def _read_csv(self) -> bool:
        """Read the file itself, where it is a plain split by commas; say whether it is."""
        with self.path.open("rb") as stream:
            first = stream.readline(_SCAN)
            if first.startswith((b"\xff\xfe", b"\xfe\xff")):
                return False
            stream.seek(0)
            rest = b""
            while part := stream.read(_SCAN):
                part = rest + part
                # Two bytes may yet belong to what follows.
                rest = part[-2:] if len(part) > 2 else b""
                if not _is_plain(part):
                    return False
            if rest.endswith(b"\r"):
                return False
        try:
            line = first.decode("utf-8-sig")
        except UnicodeDecodeError:
            return False
        header = [cell.strip() for cell in line.rstrip("\r\n").split(",")]
        if not all(header) or len(header) < 2 or len(set(header)) != len(header):
            return False
        check_header(header, file=self.file)
        self.header = tuple(header)
        link = linked(self.path, into=self.work, name=f"{self.name}.csv")
        self._as_text(link, skip=1, separator=",")
        return True

    def _as_text(self, path: Path, *, skip: int, separator: str) -> None:
        self.types = tuple(RawColumn(name=f"c{number}") for number in range(len(self.header)))
        columns = ", ".join(f"{raw.name}: 'VARCHAR'" for raw in self.types)
        self.relation = (
            f"read_csv({literal(str(path))}, columns = {{{columns}}}, header = false, skip = {skip}, "
            f"delim = {literal(separator)}, quote = '', escape = '', nullstr = '', auto_detect = false, "
            "strict_mode = true, max_line_size = 16777216)"
        )

    def copy_plainly(self, scheme: Scheme | None) -> None:
        """Write the table once more, as plainly as DuckDB needs it: as text, and where `scheme` is given each value so.

        Raises FolderError for a table that cannot be read.
        """
        table = self.rows()
        self.header = table.header
        copy = self.work / f"{self.name}.plain"
        plainly = _plainly(scheme, table.header)
        with copy.open("w", encoding="utf-8", newline="") as stream:
            for row in table.rows:
                cells = [plainly(name, row.cells[name]) for name in table.header]
                stream.write(_UNIT.join(cells).translate(_ONE_LINE) + "\n")
        self.plain, self.parquet = scheme is not None, None
        if copy.stat().st_size == 0:
            names = ", ".join(f"NULL::VARCHAR AS c{number}" for number in range(len(self.header)))
            self.types = tuple(RawColumn(name=f"c{number}") for number in range(len(self.header)))
            self.relation = f"(SELECT {names} WHERE false)"
            return
        self._as_text(copy, skip=0, separator=_UNIT)

    def rows(self) -> LongTable:
        """Read the table once more by the reader whose words all errors have."""
        return open_table(self.path, file=self.file, work=self.work)

    def table_of(self, positions: Iterable[int]) -> Table:
        """Return the rows at some positions, from 0, as a table of their own."""
        wanted, kept = set(positions), []
        table = self.rows()
        for position, row in enumerate(islice(table.rows, max(wanted, default=-1) + 1)):
            if position in wanted:
                kept.append(row)
        return Table(self.file, table.header, tuple(kept))


def _is_plain(part: bytes) -> bool:
    """Say whether commas and line ends alone divide the cells, and nothing stands in them that no cell may hold."""
    return (
        len(part.translate(None, _UNUSUAL)) == len(part)
        and part.count(b"\r") - part.endswith(b"\r") == part.count(b"\r\n")
        and _LOST not in part
    )


_ONE_LINE = str.maketrans({"\n": "\t", "\r": "\t"})


def _plainly(scheme: Scheme | None, header: Sequence[str]) -> "_Plain":
    return _Plain(scheme, header)


class _Plain:
    """Writes cells that mean the same in the same way. What cannot be stays as it is, for the reader to say so."""

    def __init__(self, scheme: Scheme | None, header: Sequence[str]) -> None:
        self._numbers: set[str] = set()
        self._words = scheme is not None
        if scheme is None:
            return
        fields = scheme.roster.fields if scheme.roster else ()
        measured = {
            *(reference for reference, asked in scheme.asked.items() if asked.figure.type in MEASURED),
            *(field.figure.code for field in fields if field.figure.type in MEASURED),
        }
        items = {item.code for item in scheme.expert_items}
        self._numbers = {
            name for name in header if name in measured or name.partition("@")[0] in items - measured
        }

    def __call__(self, name: str, cell: str) -> str:
        if not self._words or not cell:
            return cell
        if name in self._numbers:
            try:
                return exact_text(parse_number(cell))
            except ValueError:
                return cell
        if name == FACTS:
            return "|".join(word.strip() for word in cell.split("|"))
        if name == ELSEWHERE:
            return "|".join(map(_plain_pair, cell.split("|")))
        return cell


def _plain_pair(word: str) -> str:
    source, _, grade = (part.strip() for part in word.partition("="))
    # A grade that is no code is nobody's: 0 is none either.
    return f"{source}={grade if not grade or _PLAIN_GRADE.fullmatch(grade) else '0'}"
