"""Reads a TABLE of any length, row after row: the cells of `documents.tables`, without its limit on rows and bytes.

`read_table` holds a whole table, and refuses large ones. This is for what passes the rows on as they come.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hatchmark.documents.parquet import SUFFIX as PARQUET
from hatchmark.documents.parquet import linked, locked_connection, parquet_columns, parquet_rows
from hatchmark.documents.tables import (
    LARGEST_CSV,
    TableRow,
    check_header,
    csv_records,
    parse_csv,
    read_limited,
    read_table,
    table_row,
)
from hatchmark.domain.folder_errors import FolderError, Place

_FIRST = 4 * 1024 * 1024
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTable:
    """The header of a TABLE, and its rows with at least one filled cell, which are read once."""

    file: str
    header: tuple[str, ...]
    rows: Iterator[TableRow]


def open_table(path: Path, *, file: str, work: Path) -> LongTable:
    """Open a .csv, .xlsx or .parquet; raise FolderError, now or while its rows are read, for anything unusable.

    `work` is a folder for what has to be put down on the way.
    """
    match path.suffix.lower():
        case ".csv" if path.is_file() and path.stat().st_size > LARGEST_CSV:
            return _long_csv(path, file=file)
        case ".csv":
            table = parse_csv(read_limited(path, file=file, limit=LARGEST_CSV), file=file)
        case suffix if suffix == PARQUET:
            return _parquet(path, file=file, work=work)
        case _:
            table = read_table(path, file=file)
    return LongTable(file=file, header=table.header, rows=iter(table.rows))


def _long_csv(path: Path, *, file: str) -> LongTable:
    encoding = _encoding(path, file=file)
    stream = path.open(encoding=encoding, newline="")
    records = csv_records(stream, file=file)
    header = [cell.strip() for cell in next(records, ())]
    while header and not header[-1]:
        header.pop()
    check_header(header, file=file)

    def rows() -> Iterator[TableRow]:
        with stream:
            for number, record in enumerate(records, start=2):
                row = table_row(Place(file, number), header, record)
                if row is not None:
                    yield row

    return LongTable(file=file, header=tuple(header), rows=rows())


def _encoding(path: Path, *, file: str) -> str:
    with path.open("rb") as stream:
        first = stream.read(4)
    for mark, encoding in _BOMS.items():
        if first.startswith(mark):
            return _decodes(path, encoding, file=file) or _refused(file)
    return _decodes(path, "utf-8", file=file) or _decodes(path, "gb18030", file=file) or _refused(file)


def _decodes(path: Path, encoding: str, *, file: str) -> str:
    """Return the encoding where the whole file is text in it, else nothing."""
    try:
        with path.open(encoding=encoding, newline="") as stream:
            while part := stream.read(_FIRST):
                if "\0" in part:
                    raise FolderError(
                        Place(file),
                        value="NUL",
                        problem="holds NUL bytes, as binary files do",
                        remedy="save it as 'CSV UTF-8' in Excel or WPS",
                    )
    except UnicodeDecodeError:
        return ""
    return encoding


def _refused(file: str) -> str:
    raise FolderError(
        Place(file),
        problem="is no text in UTF-8, UTF-16 or GB18030",
        remedy="save it as 'CSV UTF-8' in Excel or WPS",
    )


def _parquet(path: Path, *, file: str, work: Path) -> LongTable:
    read_limited_start(path, file=file)
    link = linked(path, into=work, name="table.parquet")
    with locked_connection([work], files=[path]) as connection:
        columns = parquet_columns(connection, link, file=file)
    header = [column.header for column in columns]
    check_header(header, file=file)

    def rows() -> Iterator[TableRow]:
        with locked_connection([work], files=[path]) as connection:
            for number, record in enumerate(parquet_rows(connection, link, columns, file=file), start=2):
                row = table_row(Place(file, number), header, record)
                if row is not None:
                    yield row

    return LongTable(file=file, header=tuple(header), rows=rows())


def read_limited_start(path: Path, *, file: str) -> None:
    """Raise FolderError for a file that cannot be read, or that is empty."""
    try:
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as error:
        raise FolderError(
            Place(file), problem=f"cannot be read ({error.strerror})", remedy="give a readable file"
        ) from error
    if empty:
        raise FolderError(
            Place(file, 1),
            value="0 bytes",
            problem="the file is empty",
            remedy="write its header and rows into it",
        )
