"""`hatchmark demo`: both examples, run into a database of their own, and the site that shows them."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from hatchmark.cli.database import demo_database
from hatchmark.cli.progress import progress_bar
from hatchmark.cli.run import print_counts
from hatchmark.cli.serve import LOOPBACK, serve
from hatchmark.documents.round_folder import read_published, read_round_folder
from hatchmark.domain.comparison import compare
from hatchmark.domain.folder_errors import FolderError
from hatchmark.domain.results import RoundResults
from hatchmark.domain.round_folder import RoundFolder
from hatchmark.domain.workflow import STAGES, Stage

LIVE = "demo-2025"
EXAMPLES = ("nmg-2021", LIVE)


def execute(args: argparse.Namespace) -> int:
    """Create the demo database or find it, print what is in it, and serve it unless told not to."""
    source = examples_folder()
    if source is None:
        print(
            "hatchmark demo: the folder examples/ is not here; run it from a checkout of the project",
            file=sys.stderr,
        )
        return 2
    until = Stage(args.until) if args.until else STAGES[-1]
    differs = False
    try:
        with demo_database(fresh=args.fresh) as database:
            for name in EXAMPLES:
                differs |= not enter(source / name, until=until)
            print(f"登录 sign in: {_accounts(source / LIVE)}")
            print(f"数据库 database: {database}")
            status = 0 if args.no_serve else serve(host=LOOPBACK, port=args.port)
    except FolderError as error:
        print(f"hatchmark demo: {error}", file=sys.stderr)
        return 2
    return status or int(differs)


def examples_folder() -> Path | None:
    """Return the checkout's folder of examples, or None where the package was installed without one."""
    folder = Path(__file__).resolve().parents[3] / "examples"
    return folder if all((folder / name).is_dir() for name in EXAMPLES) else None


def enter(source: Path, *, until: Stage) -> bool:
    """Run one example unless it is there, print its counts, and say whether it is as published."""
    from hatchmark.db.models import Round
    from hatchmark.services.public import published_results
    from hatchmark.services.round_folder import perform

    folder = read_round_folder(source)
    settings = folder.settings
    evaluation_round = Round.objects.filter(
        authority__code=settings.authority_code, year=settings.year
    ).first()
    if evaluation_round is None:
        with progress_bar() as progress:
            evaluation_round = perform(
                folder, until=until, progress=progress, stop_at=_stop_at(folder, until)
            )
    else:
        print(f"{source.name}: 已在库中 found in the database (--fresh 重新建立 starts anew)")
    if not evaluation_round.result_notices.exists():
        print(f"{settings.authority} {settings.year}: {evaluation_round.stage}, 尚未公布 not published yet")
        return True
    results = published_results(settings.authority_code, settings.year)[1]
    print_counts(results)
    return _as_published(source, results)


def _stop_at(folder: RoundFolder, until: Stage) -> datetime | None:
    """Return the moment at which a demo shows a stage half done; None where the whole stage is performed."""
    from hatchmark.services import demonstration

    dates = folder.settings.dates
    if dates is None or until not in demonstration.HALF_DONE:
        return None
    return demonstration.moment_shown(dates.in_order(), until)


def _accounts(source: Path) -> str:
    """Make the accounts of a new demo, and say how to sign in with them."""
    from hatchmark.db.models import Account, Round
    from hatchmark.services import clock, demonstration

    settings = read_round_folder(source).settings
    if not clock.is_demonstration():
        evaluation_round = Round.objects.get(authority__code=settings.authority_code, year=settings.year)
        demonstration.make_demonstration(evaluation_round=evaluation_round, officers=settings.officers)
    return (
        f"{Account.objects.count()} 个账号 accounts, 密码均为 the password of each: {demonstration.PASSWORD}"
    )


def _as_published(source: Path, results: RoundResults) -> bool:
    published = read_published(source)
    if published is None:
        return True
    comparison = compare(published, results)
    print(f"  {comparison.summary}")
    for difference in comparison.differences:
        print(f"  {difference}")
    return not comparison.differences
