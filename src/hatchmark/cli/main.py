"""The command line: reads the words, then loads what the command needs and nothing before.

Every command is declared here, so that `--help` comes without Django. A command's module has one function,
`execute(args) -> int`. Exit codes: 0 good; 1 a finding; 2 unusable words or unreadable input, with one line
on standard error saying what, where and what to do.
"""

import argparse
import importlib
import io
import os
import re
import sys
import traceback
from collections.abc import Sequence
from datetime import date
from typing import Any, NoReturn

from hatchmark.domain.sampling import DIGESTS
from hatchmark.domain.workflow import STAGES

GOOD, FINDING, UNUSABLE = 0, 1, 2
# What shells report for a process that ended by SIGINT, by SIGPIPE, and (sysexits.h) by a fault of its own.
INTERRUPTED, PIPE_CLOSED, FAULT = 130, 141, 70


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _write_what_the_terminal_lacks_as_escapes()
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _run(words)
        sys.stdout.flush()  # here, where a closed pipe is expected, and not at exit, where it is a traceback
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`) has what it wanted. Nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return status


def _run(words: list[str]) -> int:
    words, for_pytest = _split_at_dashes(words)
    try:
        args = _parser().parse_args(words)
    except SystemExit as exit_:  # argparse ends so after --help (0) and after an error (2)
        return int(exit_.code or 0)
    if args.name == "test":
        args.pytest_words = for_pytest
    try:
        status: int = importlib.import_module(f"hatchmark.cli.{args.module}").execute(args)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        line = _line_about(error)
        if line is None:
            traceback.print_exc()
            return FAULT
        print(f"hatchmark {args.name}: {_on_one_line(line)}", file=sys.stderr)
        return UNUSABLE
    return status


def _split_at_dashes(words: list[str]) -> tuple[list[str], list[str]]:
    """Take off what follows `test --`: those words are for pytest, and argparse must not look at them."""
    if words[:1] != ["test"] or "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _line_about(error: Exception) -> str | None:
    """Return what to tell about an error that its input explains; None: it is a fault of the program."""
    from hatchmark.domain.folder_errors import FolderError
    from hatchmark.schemes.loader import SchemeError

    if isinstance(error, FolderError | SchemeError):
        return str(error)
    if _is(error, "hatchmark.config.environment", "BadSettingError"):
        return str(error)
    if _is(error, "django.db.utils", "OperationalError"):
        return f"the database cannot be used: {error}; check DATABASE_URL (or --database) and that it runs"
    if _is(error, "django.core.exceptions", "ImproperlyConfigured") and "psycopg" in str(error):
        return f"{error}; PostgreSQL needs the extra 'postgres': uv sync --inexact --extra postgres"
    return None


def _is(error: Exception, module: str, name: str) -> bool:
    """Ask of what is loaded alone: a command that never came as far as Django cannot have failed there."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(error, getattr(loaded, name))


def _on_one_line(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in " ".join(text.split()))


def _write_what_the_terminal_lacks_as_escapes() -> None:
    """A terminal in GBK or Latin-1 must not end a command at the first ⊕."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


# ---- the words ----------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """Tells an error in one line instead of printing the usage above it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        line = _on_one_line(message).rstrip(".")
        self.exit(UNUSABLE, f"{self.prog}: {line}; see {self.prog} --help\n")


class _Version(argparse.Action):
    """Looks the version up when it is asked for: it costs more than all the rest of `--help`."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"hatchmark {version('hatchmark')}")
        parser.exit()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(f"'{text}' is no port; write a number from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"'{text}' is no count; write a whole number of zero or more")
    return int(text)


def _code(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", text):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no code; write letters a to z, digits and hyphens, as nmg"
        )
    return text


def _round_year(text: str) -> int:
    if not re.fullmatch(r"(?:19|20)[0-9]{2}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no year; write it as 2021")
    return int(text)


def _day(text: str) -> date:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2021-12-31") from None


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="hatchmark",
        description="孵衡：科技企业孵化器、众创空间年度绩效评价。\n"
        "Hatchmark: the yearly evaluation of technology business incubators and makerspaces.",
        epilog="退出码 exit codes: 0 正常 good · 1 有发现 a finding · 2 用法或输入有误 unusable words or input",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help="显示版本 print the version"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True, title="commands")
    _declare_demo(commands)
    _declare_test(commands)
    _declare_run(commands)
    _declare_serve(commands)
    _declare_scheme(commands)
    _declare_score(commands)
    _declare_explain(commands)
    _declare_whatif(commands)
    _declare_stability(commands)
    _declare_notice(commands)
    _declare_register(commands)
    _declare_accounts(commands)
    _declare_draw(commands)
    return parser


def _command(
    commands: Any, word: str, *, module: str, chinese: str, english: str, name: str | None = None
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        word, help=f"{chinese} {english}", description=f"{chinese}。 {english[0].upper()}{english[1:]}."
    )
    parser.set_defaults(module=module, name=name or word)
    return parser


def _group(commands: Any, word: str, *, chinese: str, english: str) -> Any:
    parser = commands.add_parser(word, help=f"{chinese} {english}")
    return parser.add_subparsers(metavar="COMMAND", required=True, title="commands")


def _add_until(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--until",
        metavar="STAGE",
        choices=[stage.value for stage in STAGES],
        help="到此环节为止 stop after this stage: %(choices)s",
    )


def _declare_demo(commands: Any) -> None:
    parser = _command(
        commands,
        "demo",
        module="demo",
        chinese="运行两个示例并打开网站",
        english="run both examples and serve them",
    )
    _add_until(parser)
    parser.add_argument(
        "--fresh", action="store_true", help="从头重建 start anew instead of finding what is there"
    )
    parser.add_argument("--no-serve", action="store_true", help="不启动网站 stop before serving")
    parser.add_argument("--port", type=_port, metavar="N", help="端口 port (8000, or the next free one)")


def _declare_test(commands: Any) -> None:
    parser = _command(
        commands,
        "test",
        module="checks",
        chinese="运行全部检查",
        english="run every check: style, types, tests",
    )
    parser.usage = "hatchmark test [-h] [-- PYTEST_WORDS ...]"


def _declare_run(commands: Any) -> None:
    parser = _command(
        commands,
        "run",
        module="run",
        chinese="运行文件夹中的整轮评价",
        english="run a whole round kept in a folder",
    )
    parser.add_argument("folder", metavar="FOLDER", help="评价文件夹 the round folder")
    parser.add_argument("--out", required=True, metavar="DIR", help="输出到此文件夹 where the files go")
    _add_until(parser)
    parser.add_argument(
        "--database",
        metavar="URL",
        help="写入此数据库 the database to use; without it one of its own, thrown away after",
    )


def _declare_serve(commands: Any) -> None:
    parser = _command(
        commands,
        "serve",
        module="serve",
        chinese="启动网站",
        english="serve the site on the configured database",
    )
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help="地址 address (%(default)s)")
    parser.add_argument("--port", type=_port, metavar="N", help="端口 port (8000, or the next free one)")


_SCHEME_HELP = (
    "方案文件或随附方案的代码 a scheme file (.toml), or the code of one that ships: nmg/incubator-2020"
)
_DATA_HELP = (
    "数据表 a TABLE (.csv, .xlsx, .parquet): id, a column for each figure, ITEM@n for the n-th expert's score"
)
_ROSTER_HELP = "名单表 the roster TABLE, where the scheme asks for one: id, then a column for each field"
_JSON_HELP = "输出 JSON one JSON document on standard output"


def _declare_scheme(commands: Any) -> None:
    commands = _group(commands, "scheme", chinese="评价方案", english="evaluation schemes")
    parser = _command(
        commands,
        "check",
        module="scheme",
        name="scheme check",
        chinese="检查评价方案文件及其算例",
        english="check scheme files and their worked cases",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help=_SCHEME_HELP)
    parser = _command(
        commands,
        "show",
        module="scheme",
        name="scheme show",
        chinese="以文字展示评价方案",
        english="show a scheme in words: tree, formulas, basis, provenance",
    )
    parser.add_argument("scheme", metavar="FILE", help=_SCHEME_HELP)
    parser.add_argument("--html", metavar="OUT", help="另存为网页 write it as one .html file too")
    parser.add_argument("--xlsx", metavar="OUT", help="另存为工作簿 write it as an .xlsx workbook too")
    parser = _command(
        commands,
        "sample",
        module="scheme",
        name="scheme sample",
        chinese="生成符合方案的示例数据",
        english="write made-up figures that the scheme accepts; same seed, same file",
    )
    _add_scheme(parser)
    parser.add_argument("--rows", required=True, type=_count, metavar="N", help="行数 how many entries")
    parser.add_argument(
        "--seed", required=True, type=_count, metavar="S", help="种子 the seed, a whole number"
    )
    _add_out(parser)


def _add_scheme(parser: argparse.ArgumentParser, *, data: bool = False) -> None:
    parser.add_argument("--scheme", required=True, metavar="FILE", help=_SCHEME_HELP)
    if data:
        parser.add_argument("--data", required=True, metavar="TABLE", help=_DATA_HELP)
        parser.add_argument("--roster", metavar="TABLE", help=_ROSTER_HELP)


def _add_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out",
        required=True,
        metavar="TABLE",
        help="输出表 the table to write, .csv, .xlsx or .parquet by its ending",
    )


def _declare_score(commands: Any) -> None:
    parser = _command(
        commands, "score", module="score", chinese="按方案计分", english="score a table by a scheme"
    )
    _add_scheme(parser, data=True)
    _add_out(parser)
    parser.add_argument(
        "--engine",
        choices=("reference", "duckdb", "spark"),
        help="计算引擎 the engine: %(choices)s; all write the same table, byte for byte. Without it reference for "
        "small tables, duckdb for large ones",
    )


def _declare_explain(commands: Any) -> None:
    parser = _command(
        commands,
        "explain",
        module="explain",
        chinese="解释一家机构的得分",
        english="explain one entry's score, from the grade to each figure and clause",
    )
    _add_scheme(parser, data=True)
    parser.add_argument("--id", required=True, metavar="ID", help="机构标识 the entry, as in the column id")
    parser.add_argument("--json", action="store_true", help=_JSON_HELP)


def _setting(text: str) -> tuple[str, str]:
    path, equals, value = text.partition("=")
    if not (path.strip() and equals):
        raise argparse.ArgumentTypeError(
            f"'{text}' sets nothing; write PATH=VALUE, for example grade.excellent.at_least=80"
        )
    return path.strip(), value.strip()


def _declare_whatif(commands: Any) -> None:
    parser = _command(
        commands,
        "whatif",
        module="whatif",
        chinese="方案若改动，谁的等次会变",
        english="whose grade changes if the scheme were another; stores nothing",
    )
    _add_scheme(parser, data=True)
    parser.add_argument(
        "--set",
        dest="settings",
        required=True,
        action="append",
        type=_setting,
        metavar="PATH=VALUE",
        help="改动，可多次 a value to set, by codes: indicator.CODE.full_marks=8, grade.excellent.at_least=80, "
        "indicator.CODE.formula.full_at=0.3; may be given several times. Full marks of groups and scheme are "
        "re-added, and points of bands keep their proportion, unless they are set too",
    )
    parser.add_argument("--json", action="store_true", help=_JSON_HELP)


def _declare_stability(commands: Any) -> None:
    parser = _command(
        commands,
        "stability",
        module="stability",
        chinese="等次是否稳固",
        english="how firmly each grade stands: without an expert, a point up or down",
    )
    _add_scheme(parser, data=True)
    parser.add_argument("--json", action="store_true", help=_JSON_HELP)


def _declare_notice(commands: Any) -> None:
    commands = _group(commands, "notice", chinese="公布的通知", english="published notices")
    parser = _command(
        commands,
        "check",
        module="notice",
        name="notice check",
        chinese="核对已公布的通知：正文各数与附表是否一致",
        english="read a published notice, hold its claims against its tables; stores nothing",
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="通知文件 a notice: .txt, .docx, .doc, .pdf, .html, .xlsx, .xls",
    )
    parser.add_argument(
        "--json", action="store_true", help=f"{_JSON_HELP}: an object for one file, an array for several"
    )
    parser = _command(
        commands,
        "import",
        module="notice_import",
        name="notice import",
        chinese="把已公布的通知导入名册，作为已结束的年度",
        english="enter a published notice in the register as a past round; without --yes a preview that stores nothing",
    )
    parser.add_argument(
        "file", metavar="FILE", help="通知文件 the notice: .txt, .docx, .doc, .pdf, .html, .xlsx, .xls"
    )
    parser.add_argument(
        "--authority",
        required=True,
        type=_code,
        metavar="CODE",
        help="主管部门代码 the authority, for example nmg",
    )
    parser.add_argument(
        "--year",
        type=_round_year,
        metavar="Y",
        help="年度，通知未写明时 the year, where the notice states none",
    )
    parser.add_argument(
        "--decisions",
        metavar="FILE",
        help="对待答问题的答复 the answers to what is asked, a .csv or .xlsx: question, subject, answer, by, reason",
    )
    parser.add_argument(
        "--database", metavar="URL", help="写入此数据库 this database instead of the configured one"
    )
    parser.add_argument("--yes", action="store_true", help="导入 import, where nothing is left to ask")
    parser.add_argument("--json", action="store_true", help=_JSON_HELP)


def _declare_register(commands: Any) -> None:
    commands = _group(commands, "register", chinese="名册", english="the register")
    parser = _command(
        commands,
        "as-of",
        module="register",
        name="register as-of",
        chinese="某日的名册",
        english="what the register said on a day",
    )
    parser.add_argument("date", type=_day, metavar="DATE", help="日期 the day, as 2021-12-31")
    parser.add_argument("--json", action="store_true", help="输出 JSON one JSON document on standard output")
    parser.add_argument(
        "--authority", metavar="CODE", help="只看此部门 this authority alone, for example nmg"
    )


def _declare_accounts(commands: Any) -> None:
    commands = _group(commands, "accounts", chinese="账号", english="accounts")
    parser = _command(
        commands,
        "init",
        module="accounts",
        name="accounts init",
        chinese="为新系统邀请三员",
        english="invite the three administrators of a new installation",
    )
    for word, chinese, english in (
        ("system", "系统管理员姓名", "name of the system administrator"),
        ("security", "安全管理员姓名", "name of the security administrator"),
        ("audit", "审计管理员姓名", "name of the audit administrator"),
    ):
        parser.add_argument(f"--{word}", metavar="NAME", required=True, help=f"{chinese} {english}")


def _declare_draw(commands: Any) -> None:
    parser = _command(
        commands,
        "draw",
        module="draw",
        chinese="可复核的随机抽取",
        english="draw lots that anyone can redo (RFC 3797)",
    )
    parser.add_argument(
        "--pool", required=True, metavar="FILE", help="抽取名单，每行一项 the numbered list, one item a line"
    )
    parser.add_argument(
        "--key", required=True, metavar="TEXT", help="密钥 the key, for example 9319./2.5.8.10.12./"
    )
    parser.add_argument("--count", required=True, type=_count, metavar="N", help="抽取数 how many to draw")
    parser.add_argument(
        "--digest",
        default="md5",
        choices=DIGESTS,
        help="摘要算法 md5 is RFC 3797 to the letter (%(default)s)",
    )
