"""`hatchmark scheme check | show | sample`: does a scheme hold together, what does it say, what could it be fed?"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hatchmark.domain.folder_errors import FolderError, Place
from hatchmark.domain.scheme import Scheme
from hatchmark.schemes.cases import Case, check_cases, load_cases, shipped_cases
from hatchmark.schemes.loader import (
    LARGEST_FILE,
    BrokenRuleError,
    SchemeError,
    load_scheme,
    parse_scheme,
    shipped,
    shipped_bytes,
    shipped_codes,
)


def execute(args: argparse.Namespace) -> int:
    """Do what the second word says."""
    acts: dict[str, Callable[[argparse.Namespace], int]] = {
        "scheme check": _check_all,
        "scheme show": _show,
        "scheme sample": _sample,
    }
    return acts[args.name](args)


# ---- which scheme -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedScheme:
    """A scheme with the bytes it was read from. `name` is how messages call it."""

    name: str
    scheme: Scheme
    raw: bytes


def open_scheme(word: str) -> OpenedScheme:
    """Open a scheme by its file, or by its code where no such file is there and the scheme ships."""
    if _ships(word):
        return OpenedScheme(name=word, scheme=shipped(word), raw=shipped_bytes(word, ending=".toml"))
    path = Path(word)
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        listed = ", ".join(shipped_codes())
        raise SchemeError(
            word, (f"{word}: {reason}; name a readable .toml file or a scheme that ships: {listed}",)
        ) from error
    return OpenedScheme(name=path.name, scheme=parse_scheme(raw, file=path.name), raw=raw)


def _ships(word: str) -> bool:
    return word in shipped_codes() and not Path(word).exists()


# ---- check ------------------------------------------------------------------------------------------------


def _check_all(args: argparse.Namespace) -> int:
    """Check every file and return the highest code: 0 sound, 1 a rule is broken, 2 unreadable."""
    return max(_check(file) for file in args.files)


def _check(word: str) -> int:
    file = Path(word)
    try:
        scheme = shipped(word) if _ships(word) else load_scheme(file)
    except BrokenRuleError as error:
        for problem in error.problems:
            print(problem)
        return 1
    except SchemeError as error:
        print(f"hatchmark scheme check: {error}", file=sys.stderr)
        return 2
    if _ships(word):
        return _check_cases(word, f"{word}.cases.toml", scheme, lambda: shipped_cases(word, scheme=scheme))
    cases_file = file.with_suffix(".cases.toml")
    if not cases_file.exists():
        print(f"{file}: OK, no worked cases beside it ({cases_file.name})")
        return 0
    return _check_cases(word, str(cases_file), scheme, lambda: load_cases(cases_file, scheme=scheme))


def _check_cases(file: str, cases_file: str, scheme: Scheme, read: Callable[[], list[Case]]) -> int:
    try:
        cases = read()
    except SchemeError as error:
        print(f"hatchmark scheme check: {error}", file=sys.stderr)
        return 2
    failures = check_cases(scheme, cases)
    for failure in failures:
        print(f"{cases_file}: {failure}")
    if failures:
        return 1
    print(f"{file}: OK, {len(cases)} worked cases")
    return 0


# ---- show -------------------------------------------------------------------------------------------------


def _show(args: argparse.Namespace) -> int:
    """Print the scheme in words; write it as a page and as a workbook where that is asked for."""
    from hatchmark.documents.scheme_pages import scheme_html, scheme_page, scheme_text, scheme_xlsx

    page = scheme_page(open_scheme(args.scheme).scheme)
    files: dict[Path, bytes] = {}
    if args.html:
        files[_out(args.html, ".html", args.scheme)] = scheme_html(page)
    if args.xlsx:
        files[_out(args.xlsx, ".xlsx", args.scheme)] = scheme_xlsx(page)
    _write_all(files)
    print(scheme_text(page), end="")
    return 0


def _out(word: str, ending: str, source: str) -> Path:
    path = Path(word)
    problem = ""
    if path.suffix.lower() != ending:
        problem, remedy = f"does not end in {ending}", f"name it with {ending}, so that programs open it"
    elif path.is_dir():
        problem, remedy = "is a folder", "name a file"
    elif not path.absolute().parent.is_dir():
        problem, remedy = "its folder is not there", "make the folder, or name another"
    elif path.resolve() == Path(source).resolve():
        problem, remedy = "the output would overwrite the input", "name another file"
    if problem:
        raise FolderError(Place(word), problem=problem, remedy=remedy)
    return path


def _write_all(files: Mapping[Path, bytes]) -> None:
    """Write every file, or none: they are made beside and moved when all are there."""
    made: list[tuple[Path, Path]] = []
    try:
        for path, content in files.items():
            with tempfile.NamedTemporaryFile(
                dir=path.absolute().parent, prefix=".hatchmark-", delete=False
            ) as file:
                made.append((Path(file.name), path))
                file.write(content)
        for new, path in made:
            new.chmod(0o644)
            new.replace(path)
    except OSError as error:
        raise FolderError(
            Place(str(error.filename or path)),
            problem=f"cannot be written ({error.strerror})",
            remedy="name a file in a folder that you may write to",
        ) from error
    finally:
        for new, _ in made:
            new.unlink(missing_ok=True)


# ---- sample -----------------------------------------------------------------------------------------------


def _sample(args: argparse.Namespace) -> int:
    """Write made-up entries whose figures the scheme accepts; the same words write the same bytes."""
    from hatchmark.documents.score_tables import (
        TableToWrite,
        check_out,
        roster_header,
        roster_rows,
        roster_types,
        sample_header,
        sample_rows,
        sample_types,
        write_tables,
    )
    from hatchmark.domain.sampling_schemes import SampledEntry, SampleError, sample_entries

    scheme = open_scheme(args.scheme).scheme
    out = Path(args.out)
    roster = out.with_name(f"{out.stem}.roster{out.suffix}")
    check_out(out, inputs=[Path(args.scheme)])

    def entries() -> Iterator[SampledEntry]:
        return sample_entries(scheme, rows=args.rows, seed=args.seed)

    header, types = sample_header(scheme), sample_types(scheme)
    tables = [TableToWrite(path=out, header=header, rows=sample_rows(scheme, entries()), types=types)]
    if scheme.roster is not None:
        check_out(roster, inputs=[Path(args.scheme)])
        rows = roster_rows(scheme.roster, entries())
        tables.append(
            TableToWrite(
                path=roster,
                header=roster_header(scheme.roster),
                rows=rows,
                types=roster_types(scheme.roster),
            )
        )
    try:
        write_tables(tables)
    except SampleError as error:
        print(f"hatchmark scheme sample: {error}", file=sys.stderr)
        return 2
    for table in tables:
        print(f"{scheme.code}: {args.rows} 示例 entries, seed {args.seed} → {table.path}")
    return 0
