"""The 2021 notice, written out in every format, is read as the same typed notice from each."""

import dataclasses
import shutil

import pytest
from notice_writers import CONVERTED, WRITTEN, converted
from seed_notice import ANNEX_TITLES, HEADS, LABELS, PARAGRAPHS, SIGNATURE, TITLE, as_text, rows_of

from hatchmark.documents.notice_files.reading import read_notice_bytes
from hatchmark.domain.notice_reading import read_notice
from hatchmark.domain.published_notices import DocumentTable, PublishedNotice


def even(text: str) -> str:
    return "".join(text.split())


def typed(raw: bytes, ending: str) -> PublishedNotice:
    return read_notice(read_notice_bytes(raw, file=f"notice.{ending}"))


@pytest.fixture(scope="module")
def seed() -> PublishedNotice:
    return typed(as_text().encode(), "txt")


def without_raw(notice: PublishedNotice) -> PublishedNotice:
    """The notice without what may differ from format to format: the file's name, line breaks and spaces of raw cells."""  # noqa: E501

    def bare(row):
        return dataclasses.replace(
            row, cells=tuple(dataclasses.replace(cell, raw=even(cell.raw)) for cell in row.cells)
        )

    tables = tuple(dataclasses.replace(table, rows=tuple(map(bare, table.rows))) for table in notice.tables)
    return dataclasses.replace(notice, file="", tables=tables)


def test_the_seed_is_read_as_it_was_printed(seed):
    document = read_notice_bytes(as_text().encode(), file="notice.txt")
    tables = [block.rows for block in document.blocks if isinstance(block, DocumentTable)]

    assert tables == [
        tuple(tuple(cell.strip() for cell in row) for row in (HEADS[annex], *rows_of(annex)))
        for annex in range(2)
    ]
    assert seed.issuer == SIGNATURE
    assert seed.title == "".join(TITLE)
    assert (seed.year, seed.document_number, seed.issued_on) == (2021, None, None)
    assert [basis.number for basis in seed.bases] == [
        "内党发〔2018〕23号",
        "内科发成字〔2020〕3号",
        "内科发成字〔2020〕2号",
    ]
    assert seed.stages == ("材料申报", "初审", "专家评审", "现场抽查", "科研诚信审查", "公示")
    assert len(seed.paragraphs) == len(PARAGRAPHS)
    assert [(table.label, table.title, len(table.rows)) for table in seed.tables] == [
        (LABELS[0], ANNEX_TITLES[0], 15),
        (LABELS[1], ANNEX_TITLES[1], 85),
    ]


@pytest.mark.parametrize("way", WRITTEN)
def test_each_format_gives_the_same_notice(seed, way):
    ending, make = WRITTEN[way]

    assert without_raw(typed(make(), ending)) == without_raw(seed)


@pytest.mark.parametrize("way", CONVERTED)
def test_what_libreoffice_makes_of_it_gives_the_same_notice(seed, tmp_path, way):
    ending, make, to = CONVERTED[way]
    if to == "doc" and shutil.which("antiword") is None:
        pytest.skip("antiword is not installed")
    raw = converted(make(), ending=ending, to=to, folder=tmp_path)

    assert without_raw(typed(raw, to)) == without_raw(seed)
