"""How far a round is: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from hatchmark.domain.workflow import Stage

STAGE_WORDS = {
    Stage.CALL: "启动 call",
    Stage.SUBMISSION: "申报 submission",
    Stage.PRELIMINARY_REVIEW: "初审 preliminary review",
    Stage.EXPERT_REVIEW: "专家评审 expert review",
    Stage.SPOT_CHECK: "现场抽查 spot check",
    Stage.INTEGRITY_REVIEW: "科研诚信审查 integrity review",
    Stage.DETERMINATION: "综合评定 determination",
    Stage.PUBLIC_NOTICE: "公示 public notice",
    Stage.PUBLISHED: "公布 publication",
    Stage.FOLLOW_UP: "后续 follow-up",
}

Report = Callable[[int, Stage, int, int], None]


@contextmanager
def progress_bar() -> Iterator[Report]:
    """Give a function to report to. It writes to standard error, so that standard output stays the result's."""
    if not sys.stderr.isatty():
        yield _line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[tuple[int, Stage], TaskID] = {}

        def report(year: int, stage: Stage, done: int, todo: int) -> None:
            task = tasks.get((year, stage))
            if task is None:
                task = tasks[year, stage] = bar.add_task(f"{year} {STAGE_WORDS[stage]}", total=todo)
            bar.update(task, completed=done, total=todo)

        yield report


def _line(year: int, stage: Stage, done: int, todo: int) -> None:
    if done == todo:
        print(f"{year} {STAGE_WORDS[stage]}: {todo}", file=sys.stderr)
