"""Reads and writes TABLEs as Parquet, by DuckDB, without the network and without any file but the one that is meant.

A column of numbers is read as the exact text that a person would write. Binary fractions (FLOAT, DOUBLE) are refused:
0.1 has none, so nobody can say which number was meant.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from hatchmark.domain.folder_errors import FolderError, Place

if TYPE_CHECKING:
    import duckdb

SUFFIX = ".parquet"
_WHOLE = frozenset({
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
})  # fmt: skip
_DECIMAL = re.compile(r"DECIMAL\((?P<digits>[0-9]+),(?P<places>[0-9]+)\)")
_BATCH = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetColumn:
    """A column of a Parquet file by its header. `type` is one of text, integer, decimal, boolean, date."""

    header: str
    type: str
    places: int = 0

    def text_sql(self, name: str) -> str:
        """Return the text of a cell of the column `name`, as a person would write it."""
        if self.type == "text":
            return f"NULLIF({name}, '')"
        if self.type == "decimal" and self.places:
            # 12.50 is written with the places of its column, which says nothing about the number.
            return f"RTRIM(RTRIM(CAST({name} AS VARCHAR), '0'), '.')"
        return f"CAST({name} AS VARCHAR)"


@contextmanager
def locked_connection(
    folders: Sequence[Path], *, files: Sequence[Path] = (), memory: str = "2500MB", threads: int = 2
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Yield a DuckDB in memory that reads and writes in `folders` alone, and reads `files` by way of `linked`.

    What it cannot hold it puts into the first folder.
    """
    import duckdb  # noqa: PLC0415 - a command that reads no Parquet need not wait for DuckDB

    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(folders[0] / "spill"),
        }
    )
    try:
        allowed = ", ".join(literal(str(folder.resolve())) for folder in folders)
        connection.execute(f"SET allowed_directories = [{allowed}]")
        named = ", ".join(literal(str(file.resolve())) for file in files)
        connection.execute(f"SET allowed_paths = [{named}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def literal(text: str) -> str:
    """Return a text as DuckDB writes it."""
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def linked(path: Path, *, into: Path, name: str) -> Path:
    """Return a name for a file inside a folder: DuckDB would read *, ? and [ in its own name as patterns."""
    link = into / name
    with suppress(OSError):
        link.unlink()
    try:
        link.symlink_to(path.absolute())
    except OSError:
        copyfile(path, link)
    return link


def parquet_columns(
    connection: "duckdb.DuckDBPyConnection", link: Path, *, file: str
) -> tuple[ParquetColumn, ...]:
    """Return the columns of a Parquet file; raise FolderError, with `file` as its name, for what cannot be read."""
    import duckdb  # noqa: PLC0415 - see locked_connection

    try:
        described = connection.execute(
            f"DESCRIBE SELECT * FROM read_parquet({literal(str(link))})"  # noqa: S608
        ).fetchall()
    except duckdb.Error as error:
        raise FolderError(
            Place(file),
            problem="is no Parquet file, or a damaged one",
            remedy="write it anew with the program that it comes from, or give a .csv",
        ) from error
    return tuple(_column(str(header), str(kind), file=file) for header, kind, *_ in described)


def _column(header: str, kind: str, *, file: str) -> ParquetColumn:
    name = header.strip()
    if kind == "VARCHAR" or kind.startswith("ENUM"):
        return ParquetColumn(header=name, type="text")
    if kind in _WHOLE:
        return ParquetColumn(header=name, type="integer")
    if match := _DECIMAL.fullmatch(kind):
        return ParquetColumn(header=name, type="decimal", places=int(match["places"]))
    if kind in ("BOOLEAN", "DATE"):
        return ParquetColumn(header=name, type=kind.lower())
    if kind in ("FLOAT", "DOUBLE"):
        problem = (
            f"holds binary fractions ({kind}), which are not exact: nobody can say which number was meant"
        )
        remedy = "write the column as DECIMAL with the places of the figure, or as text"
    else:
        problem, remedy = (
            f"is a column of {kind[:40]}, which no cell of a table is",
            "write it as text or as a number",
        )
    raise FolderError(Place(file, 1), column=name, value=kind[:40], problem=problem, remedy=remedy)


def parquet_rows(
    connection: "duckdb.DuckDBPyConnection", link: Path, columns: Sequence[ParquetColumn], *, file: str
) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each row as text, empty where there is none.

    Raises FolderError, with `file` as its name, where one cannot be read.
    """
    import duckdb  # noqa: PLC0415 - see locked_connection

    names = ", ".join(f"c{number}" for number in range(len(columns)))
    cells = ", ".join(f"COALESCE({column.text_sql(f'c{n}')}, '')" for n, column in enumerate(columns))
    query = f"SELECT {cells} FROM (SELECT * FROM read_parquet({literal(str(link))})) AS t({names})"  # noqa: S608
    try:
        found = connection.execute(query)
        while rows := found.fetchmany(_BATCH):
            yield from rows
    except duckdb.Error as error:
        raise FolderError(
            Place(file),
            problem="holds text that is no UTF-8, or is damaged within",
            remedy="write it anew with the program that it comes from, or give a .csv",
        ) from error


def write_parquet(connection: "duckdb.DuckDBPyConnection", query: str, to: Path) -> None:
    """Write the rows of a query as one Parquet file; the same rows give the same bytes."""
    connection.execute(f"COPY ({query}) TO {literal(str(to))} (FORMAT parquet)")
