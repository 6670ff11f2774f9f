"""docs/reference/commands.md says what `--help` says. `python tests/cli/test_commands_reference.py` writes it anew."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from hatchmark.cli.main import _parser

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.md"
BEGINS = "<!-- From here on made from --help by tests/cli/test_commands_reference.py. -->\n"


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield every parser that stands for a command, in the order of the help."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for group in groups:
        for inner in group.choices.values():
            yield from commands(inner)
    if not groups:
        yield parser


def shown(action: argparse.Action) -> str:
    """Return an argument as a reader types it."""
    value = action.metavar or ("{" + ",".join(map(str, action.choices)) + "}" if action.choices else "")
    if not action.option_strings:
        return f"{value}…" if action.nargs == "+" else str(value)
    return " ".join([action.option_strings[-1], *([str(value)] if action.nargs != 0 else [])])


def section(parser: argparse.ArgumentParser) -> str:
    """Return what the page says about one command."""
    lines = [f"### {parser.prog}", "", str(parser.description)]
    actions = [action for action in parser._actions if not isinstance(action, argparse._HelpAction)]
    if actions:
        lines += ["", "| word | |", "|---|---|"]
    for action in actions:
        formatter = argparse.HelpFormatter(prog=parser.prog)
        said = formatter._expand_help(action) if action.help else ""
        needed = action.required and action.option_strings
        lines.append(
            f"| `{shown(action)}` | {said.replace('|', chr(92) + '|')}{' *(needed)*' if needed else ''} |"
        )
    return "\n".join([*lines, ""])


def made() -> str:
    """Return the part of the page that is made."""
    return BEGINS + "\n" + "\n".join(section(parser) for parser in commands(_parser()))


def test_the_page_says_what_help_says() -> None:
    written = PAGE.read_text("utf-8")

    assert written.count(BEGINS) == 1
    assert written[written.index(BEGINS) :] == made(), "run: python tests/cli/test_commands_reference.py"


def test_every_command_is_on_the_page() -> None:
    heads = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("### ")]

    assert heads == [f"### {parser.prog}" for parser in commands(_parser())]
    assert "### hatchmark scheme sample" in heads


if __name__ == "__main__":
    kept = PAGE.read_text("utf-8").partition(BEGINS)[0]
    PAGE.write_text(kept + made(), "utf-8")
