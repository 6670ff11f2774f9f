"""Parquet TABLEs: read as the text a person would write, written with types, by a DuckDB that sees nothing else."""

import duckdb
import pytest

from hatchmark.documents.large_tables import open_table
from hatchmark.documents.parquet import literal, locked_connection
from hatchmark.documents.score_tables import TableToWrite, write_tables
from hatchmark.domain.folder_errors import FolderError


def test_every_type_is_read_as_the_text_that_a_person_would_write(tmp_path):
    file = tmp_path / "t.parquet"
    duckdb.sql(
        "SELECT ' 甲 ' AS id, 12::BIGINT AS n, 12.50::DECIMAL(9, 2) AS d, 100::DECIMAL(9, 2) AS w, -0.05::DECIMAL(9, 3) AS m, "  # noqa: E501
        "TRUE AS b, DATE '2024-01-31' AS day, NULL::DECIMAL(9, 2) AS nothing, 3::UTINYINT AS small"
    ).write_parquet(str(file))

    table = open_table(file, file="t.parquet", work=tmp_path)

    assert [(row.number, dict(row.cells)) for row in table.rows] == [
        (2, {"id": "甲", "n": "12", "d": "12.5", "w": "100", "m": "-0.05", "b": "true", "day": "2024-01-31",
             "nothing": "", "small": "3"}),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["FLOAT", "DOUBLE", "TIMESTAMP", "INTEGER[]", "BLOB"])
def test_a_column_that_is_no_cell_is_refused_by_its_name(tmp_path, kind):
    file = tmp_path / "t.parquet"
    duckdb.sql(f"SELECT 'x' AS id, NULL::{kind} AS area").write_parquet(str(file))

    with pytest.raises(FolderError) as refused:
        open_table(file, file="t.parquet", work=tmp_path)

    assert str(refused.value).startswith(f"t.parquet, row 1, column area, value '{kind}': ")


def test_the_same_cells_are_the_same_bytes_and_bear_their_types(tmp_path):
    made = [tmp_path / name for name in ("one.parquet", "two.parquet")]
    for path in made:
        rows = [["甲", None, "1"], ['乙",\n', "true", None]]
        types = ("VARCHAR", "BOOLEAN", "DECIMAL(12, 2)")
        write_tables([TableToWrite(path=path, header=("id", 'b"x', "n"), rows=rows, types=types)])

    assert made[0].read_bytes() == made[1].read_bytes()
    written = duckdb.read_parquet(str(made[0]))
    assert written.columns == ["id", 'b"x', "n"]
    assert [str(each) for each in written.types] == ["VARCHAR", "BOOLEAN", "DECIMAL(12,2)"]
    assert [row[:2] for row in written.fetchall()] == [("甲", None), ('乙",\n', True)]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.parquet", "two.parquet"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('{secret}')",
        "COPY (SELECT 1) TO '{beside}'",
        "ATTACH '{beside}'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_a_connection_sees_its_folders_and_nothing_else(tmp_path, statement):
    inside, secret, beside = tmp_path / "inside", tmp_path / "secret.txt", tmp_path / "made"
    inside.mkdir()
    secret.write_text("secret", "utf-8")

    with locked_connection([inside]) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(secret=secret, beside=beside))

    assert not beside.exists()
    with locked_connection([inside]) as connection:
        connection.execute(f"COPY (SELECT 1 AS a) TO {literal(str(inside / 'made.csv'))}")
    assert (inside / "made.csv").exists()
