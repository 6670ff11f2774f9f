"""Holds engines to the reference: the same table from the same file, byte for byte, or the same refusal."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import duckdb
import oracle
from corpora import Corpus, TextTable, write_corpus

from hatchmark.documents.score_tables import read_score_table, write_scores
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.scheme import Scheme
from hatchmark.domain.sensitivity import Verdict, ranks
from hatchmark.engines.reference import score_table

Engine = Callable[..., object]
"""Scores from file to file: `engine(scheme, data=…, roster=…, out=…)`."""

BEYOND = "more than the 126 that every engine holds exactly"


def reference(scheme: Scheme, *, data: Path, roster: Path | None, out: Path) -> None:
    """Score a file by the reference engine."""
    entries = read_score_table(data, scheme=scheme, roster=roster).entries
    write_scores(out, scheme=scheme, scored=score_table(scheme, entries))


def assert_same_tables(
    folder: Path, scheme: Scheme, corpus: Corpus, engines: dict[str, Engine], *, ending: str = ".csv"
) -> bool:
    """Score a corpus by the reference and by all engines, and compare what they wrote.

    Return False where the engines cannot hold the scheme: then all of them have to say so.
    """
    data, roster = write_corpus(corpus, folder, ending=ending)
    expected = folder / f"reference{ending}"
    reference(scheme, data=data, roster=roster, out=expected)
    refused = {}
    for name, engine in engines.items():
        out = folder / f"{name}{ending}"
        try:
            engine(scheme, data=data, roster=roster, out=out)
        except FolderError as error:
            refused[name] = str(error)
            assert not out.exists()
            continue
        assert told(out) == told(expected), (
            f"{name} differs from the reference on {scheme.code}: see {folder}"
        )
        out.unlink()
    if refused:
        assert set(refused) == set(engines), f"only some engines refuse: {refused}"
        assert len(set(refused.values())) == 1
        assert all(BEYOND in text for text in refused.values()), refused
    return not refused


def told(file: Path) -> object:
    """What a result file says: its bytes; of Parquet, whose packing is free, the types and the rows."""
    if file.suffix != ".parquet":
        return file.read_bytes()
    relation = duckdb.read_parquet(str(file))
    return relation.columns, relation.types, relation.fetchall()


def assert_reference_is_as_told(folder: Path, scheme: Scheme, corpus: Corpus) -> None:
    """Hold the reference itself to the second reading of the rules in `oracle`."""
    data, roster = write_corpus(corpus, folder)
    entries = read_score_table(data, scheme=scheme, roster=roster).entries
    expected = oracle.told(scheme, entries)
    cards = dict(score_table(scheme, entries))
    verdicts = {key: Verdict.of(card) for key, card in cards.items()}
    placed = ranks(verdicts)
    for key, card in cards.items():
        lines = {line.code: line.points for line in card.leaves()}
        found = (lines, card.total, placed[key], verdicts[key].grade)
        said = expected[key]
        assert found == (said.lines, said.total, said.rank, said.grade), key


def merged(scheme: Scheme, corpora: Sequence[Corpus]) -> Corpus:
    """Put the entries of many corpora into one, each under an id of its own."""
    names = dict.fromkeys(name for corpus in corpora for name in corpus.table.header if name != "id")
    header = ("id", *names)
    rosters = [corpus.roster for corpus in corpora if corpus.roster is not None]
    return Corpus(
        table=TextTable(header=header, rows=tuple(_rows(header, [corpus.table for corpus in corpora]))),
        roster=None
        if scheme.roster is None
        else TextTable(header=rosters[0].header, rows=tuple(_rows(rosters[0].header, rosters))),
    )


def _rows(header: Sequence[str], tables: Iterable[TextTable]) -> Iterable[tuple[str, ...]]:
    for number, table in enumerate(tables):
        at = {name: position for position, name in enumerate(table.header)}
        for row in table.rows:
            cells = {name: row[position] for name, position in at.items()}
            cells["id"] = f"{number}-{cells['id']}"
            yield tuple(cells.get(name, "") for name in header)
