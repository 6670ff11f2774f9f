"""`hatchmark run FOLDER --out DIR`: a whole round in a database of its own, its files, and the comparison."""

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hatchmark.cli.database import round_database
from hatchmark.cli.progress import progress_bar
from hatchmark.documents.csv_files import document_json
from hatchmark.documents.round_folder import input_files, read_published, read_round_folder
from hatchmark.domain.comparison import Comparison, compare
from hatchmark.domain.folder_errors import FolderError, Place
from hatchmark.domain.results import RoundResults
from hatchmark.domain.round_folder import RoundFolder
from hatchmark.domain.workflow import STAGES, Stage, reached

OUTPUTS = (
    "notice.docx",
    "notice.pdf",
    "annexes.xlsx",
    "results.csv",
    "results.json",
    "working.json",
    "ledger.jsonl",
    "manifest.json",
    "notice.ofd",
    *(f"public-notice.{ending}" for ending in ("docx", "pdf", "ofd")),
    *(f"letters/*.{ending}" for ending in ("docx", "pdf", "ofd")),
    *(f"call-*.{ending}" for ending in ("docx", "pdf", "ofd")),
    "certificates/*.pdf",
)
"""Every file that a run can write, as patterns. A round stopped early, or one without scores, writes some of them."""


def execute(args: argparse.Namespace) -> int:
    """Run a round folder. 0: done, and as published where that is known; 1: it differs; 2: unusable input."""
    until = Stage(args.until) if args.until else STAGES[-1]
    source, out = Path(args.folder), Path(args.out)
    try:
        _check_out(source, out)
        folder = read_round_folder(source)
        published = read_published(source)
        with round_database(args.database):
            files, results = _perform(folder, until=until)
    except FolderError as error:
        print(f"hatchmark run: {error}", file=sys.stderr)
        return 2
    comparison = compare(published, results) if published is not None and results is not None else None
    files["manifest.json"] = _manifest(files, source=source, comparison=comparison)
    try:
        _write(out, files)
    except OSError as error:
        print(
            f"hatchmark run: {out} cannot be written: {error.strerror}; name another folder", file=sys.stderr
        )
        return 2
    if results is None:
        print(
            f"{folder.settings.authority} {folder.settings.year}: stopped after {until}, before publication"
        )
    else:
        print_counts(results)
    if comparison is not None:
        print(comparison.summary)
        for difference in comparison.differences:
            print(f"  {difference}")
    print(f"→ {out}")
    return 1 if comparison is not None and comparison.differences else 0


def _check_out(source: Path, out: Path) -> None:
    """Refuse an output that cannot be, before a round is performed for it."""
    resolved = out.resolve()
    nearest = next(folder for folder in (resolved, *resolved.parents) if folder.exists())
    problem = ""
    if source.resolve() in (resolved, *resolved.parents):
        problem = "the output would overwrite the input, or lie in it"
    elif not nearest.is_dir():
        problem = f"{nearest} is a file, not a folder"
    elif not os.access(nearest, os.W_OK | os.X_OK):
        problem = f"{nearest} cannot be written"
    if problem:
        raise FolderError(Place(str(out)), problem=problem, remedy="name another folder with --out")


def _perform(folder: RoundFolder, *, until: Stage) -> tuple[dict[str, bytes], RoundResults | None]:
    from hatchmark.services.ledger import ledger_jsonl
    from hatchmark.services.papers import publication_files, round_papers
    from hatchmark.services.public import published_results
    from hatchmark.services.round_folder import perform

    with progress_bar() as progress:
        evaluation_round = perform(folder, until=until, progress=progress)
        files: dict[str, bytes] = {}
        results = None
        if folder.settings.past or reached(Stage.PUBLISHED, until):
            # What was published, and not what the decisions would give: an entry may be withheld.
            results = published_results(evaluation_round.authority.code, evaluation_round.year)[1]
            files |= publication_files(evaluation_round, results)
        files |= round_papers(evaluation_round)
        files["ledger.jsonl"] = ledger_jsonl()
    return files, results


def print_counts(results: RoundResults) -> None:
    """Print how many rows of each kind bear which face text."""
    print(f"{results.authority} {results.year}")
    for kind, counts in results.counts().items():
        total = sum(counts.values())
        print(f"  {kind}: {total} = " + " + ".join(f"{n} {face_text}" for face_text, n in counts.items()))


def _manifest(files: Mapping[str, bytes], *, source: Path, comparison: Comparison | None) -> bytes:
    document = {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "inputs": dict(input_files(source)),
        "comparison": comparison.summary if comparison else None,
    }
    return document_json(document)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Give a folder on the same file system as `out`, so that moving a file into place is one step."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".hatchmark-", dir=out.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write every file, or none: they are made beside and moved when all are there."""
    with _beside(out) as made:
        for name, content in files.items():
            (made / name).parent.mkdir(exist_ok=True)
            (made / name).write_bytes(content)
        out.mkdir(exist_ok=True)
        for name in files:
            (out / name).parent.mkdir(exist_ok=True)
            (made / name).replace(out / name)
        # What an earlier run left and this one did not make would stand beside a manifest that disowns it.
        for pattern in OUTPUTS:
            for left in out.glob(pattern):
                if left.relative_to(out).as_posix() not in files:
                    left.unlink()
        for folder in {Path(pattern).parent for pattern in OUTPUTS} - {Path()}:
            if (out / folder).is_dir() and not any((out / folder).iterdir()):
                (out / folder).rmdir()
