"""`./hatchmark`: installs once, says what is wrong in one line, and otherwise gets out of the way.

The real script runs in a checkout of its own whose `uv`, interpreter and pip are small stand-ins that write
down what they were asked for: no package index is needed, and each step can be made to fail.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "hatchmark"
TOOLS = ("sh", "cmp", "cp", "mkdir", "rm", "readlink", "sleep", "touch", "cat", "chmod")

UV = """#!/bin/sh
[ "$1" = --version ] && exit 0
{ printf 'uv'; for word; do [ "$word" = "$PYTHON" ] && word=PYTHON; printf ' %s' "$word"; done; echo; } >>"$LOG"
case $1 in
    venv) for venv; do :; done; mkdir -p "$venv/bin"; cp "$STANDIN" "$venv/bin/python" ;;
    sync) [ ! -e "$TROUBLE/slow" ] || { touch "$TROUBLE/reached"; sleep 60; }
          [ ! -e "$TROUBLE/uv" ] || { echo 'uv: no index' >&2; exit 1; } ;;
esac
"""

# The interpreter of .venv. As `-P -m hatchmark …` it prints its process and its words.
INTERPRETER = """#!/bin/sh
case $1 in
    */frontend/build.py) exec sh "$1" "$2" ;;
    -m) printf 'pip %s\\n' "$*" >>"$LOG"; cp "$FAKE_UV" "${0%/*}/uv" ;;
    *) printf '%s' $$; for word; do printf ' [%s]' "$word"; done; echo ;;
esac
"""

BUILD = """printf 'build.py %s\\n' "$1" >>"$LOG"
[ "$1" = --check ] && exit 1
[ ! -e "$TROUBLE/front" ] || { echo 'front end: no npm here' >&2; exit 3; }
echo 'front end: built'
"""

# The machine's python3: a real one, but for making environments, which it does as `python` says.
PYTHON3 = """#!/bin/sh
case "$1 $2" in
    '-m venv') printf 'python3 -m venv\\n' >>"$LOG"; for venv; do :; done
               rm -rf "$venv"; mkdir -p "$venv/bin"; cp "$STANDIN" "$venv/bin/python" ;;
    *ensurepip*) [ ! -e "$TROUBLE/ensurepip" ] ;;
    *sys.executable*) echo "$0" ;;
    *) exec REAL "$@" ;;
esac
"""

INSTALLING = "hatchmark: 首次使用或版本有变，正在安装… installing into {root}/.venv\n"
BUILT = "front end: built\n"
FAILED = (
    "hatchmark: 安装失败（原因见上），请检查网络与软件源后重试。 The install failed for the reason above; "
    "check the network and the package index, then start again.\n"
)
SYNC = (
    "uv sync --project {root} --python {root}/.venv/bin/python --frozen --no-default-groups --inexact --quiet"
)
MAKE = "uv venv --quiet --python PYTHON {root}/.venv"
BUILDS = ["build.py --check", "build.py "]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A checkout of its own (with a space in its path) and the machine it stands on."""

    machine: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.machine / "check out"

    @property
    def path(self) -> Path:
        return self.machine / "bin"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": str(self.path),
            "LOG": str(self.machine / "log"),
            "TROUBLE": str(self.machine / "trouble"),
            "STANDIN": str(self.machine / "interpreter"),
            "FAKE_UV": str(self.machine / "fake-uv"),
            "PYTHON": str(self.path / "python3"),
            **self.settings,
        }

    def trouble(self, name: str, *, present: bool = True) -> None:
        file = self.machine / "trouble" / name
        file.touch() if present else file.unlink()

    def log(self) -> list[str]:
        """What was asked for since the last look, without the paths of this machine."""
        log = self.machine / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    def wanted(self, *lines: str) -> list[str]:
        return [line.format(root=self.root) for line in lines]

    def begin(
        self, *words: str, script: Path | str | None = None, cwd: Path | None = None
    ) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [script or self.root / "hatchmark", *words],
            cwd=cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def start(
        self, *words: str, script: Path | str | None = None, cwd: Path | None = None
    ) -> tuple[int, str, str]:
        """Run the script to its end; its exit code, its output, its messages."""
        process = self.begin(*words, script=script, cwd=cwd)
        out, err = process.communicate(timeout=60)
        # `exec`: the program has the process of the script, so that signals and exit codes are its own.
        return process.returncode, out.removeprefix(f"{process.pid} "), err


def write_program(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    # Not pytest's own folder: that one is closed to the unprivileged user of one of the tests.
    machine = Path(tempfile.mkdtemp(prefix="hatchmark launcher ")).resolve()
    machine.chmod(0o755)
    made = Checkout(machine=machine)
    for folder in (made.path, made.root / "frontend", machine / "trouble"):
        folder.mkdir(parents=True)
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (made.path / tool).symlink_to(found)
    write_program(made.path / "python3", PYTHON3.replace("REAL", sys.executable))
    write_program(made.path / "uv", UV)
    write_program(machine / "fake-uv", UV)
    write_program(machine / "interpreter", INTERPRETER)
    shutil.copy(SCRIPT, made.root / "hatchmark")
    for name in ("uv.lock", "pyproject.toml", "frontend/package-lock.json"):
        (made.root / name).write_text(f"{name} 1\n")
    (made.root / "frontend/build.py").write_text(BUILD)
    write_program(made.path / "npm", "#!/bin/sh\n")
    yield made
    shutil.rmtree(machine)


def ran(*words: str) -> str:
    return "".join(f"[{word}] " for word in ("-P", "-m", "hatchmark", *words)).rstrip() + "\n"


def test_the_first_start_installs_and_passes_every_word_on_as_it_is(checkout: Checkout) -> None:
    words = ("run", "a  b", "", "$HOME", "*", "中文", "--out=x\ty")

    assert checkout.start(*words) == (0, ran(*words), INSTALLING.format(root=checkout.root) + BUILT)
    assert checkout.log() == checkout.wanted(MAKE, SYNC, *BUILDS)


def test_once_installed_it_asks_nobody_and_needs_no_program_but_cmp(checkout: Checkout) -> None:
    checkout.start("--help")
    checkout.log()
    for tool in checkout.path.iterdir():
        if tool.name not in ("sh", "cmp"):
            tool.unlink()

    assert checkout.start("--help") == (0, ran("--help"), "")
    assert checkout.log() == []


def test_the_word_test_installs_the_development_group_once(checkout: Checkout) -> None:
    checkout.start("--help")
    checkout.log()

    assert checkout.start("test", "--", "-k", "x")[:2] == (0, ran("test", "--", "-k", "x"))
    assert checkout.log() == checkout.wanted(f"{SYNC} --group dev", *BUILDS)
    assert checkout.start("test") == (0, ran("test"), "")
    assert checkout.start("--help") == (0, ran("--help"), "")
    assert checkout.log() == []


def test_where_no_test_may_be_skipped_what_a_few_need_is_installed_too(checkout: Checkout) -> None:
    checkout.start("test")
    checkout.log()
    checkout.settings["HATCHMARK_FORBID_SKIPS"] = "1"

    assert checkout.start("test")[:2] == (0, ran("test"))
    assert checkout.log() == checkout.wanted(f"{SYNC} --group dev --extra spark", *BUILDS)
    assert checkout.start("test") == (0, ran("test"), "")
    assert checkout.start("--help") == (0, ran("--help"), "")
    assert checkout.log() == []


def test_what_test_installed_is_enough_for_every_other_word(checkout: Checkout) -> None:
    checkout.start("test")
    checkout.log()

    assert checkout.start("demo") == (0, ran("demo"), "")
    assert checkout.log() == []


@pytest.mark.parametrize("file", ["uv.lock", "pyproject.toml", "frontend/package-lock.json"])
def test_a_changed_file_is_installed_again(checkout: Checkout, file: str) -> None:
    checkout.start("--help")
    checkout.log()
    (checkout.root / file).write_text(f"{file} 2\n")

    assert checkout.start("--help")[:2] == (0, ran("--help"))
    assert checkout.log() == checkout.wanted(SYNC, *BUILDS)
    assert checkout.start("--help") == (0, ran("--help"), "")


def test_a_moved_checkout_is_installed_again(checkout: Checkout) -> None:
    checkout.start("--help")
    checkout.log()
    moved = checkout.root.rename(checkout.machine / "moved")

    assert checkout.start("--help", script=moved / "hatchmark")[:2] == (0, ran("--help"))
    assert checkout.log() == [line.format(root=moved) for line in (SYNC, *BUILDS)]


def test_an_environment_whose_interpreter_is_gone_is_made_anew(checkout: Checkout) -> None:
    checkout.start("--help")
    checkout.log()
    (checkout.root / ".venv/bin/python").unlink()
    (checkout.root / ".venv/bin/python").symlink_to("/nowhere/python3")

    assert checkout.start("--help")[:2] == (0, ran("--help"))
    assert checkout.log() == checkout.wanted(MAKE, SYNC, *BUILDS)


def test_it_finds_its_checkout_through_links_and_from_anywhere(checkout: Checkout) -> None:
    (checkout.machine / "first").symlink_to("check out/hatchmark")
    elsewhere = checkout.machine / "else where"
    elsewhere.mkdir()
    (elsewhere / "second").symlink_to("../first")

    assert checkout.start("serve", script=elsewhere / "second", cwd=elsewhere)[:2] == (0, ran("serve"))
    assert checkout.log() == checkout.wanted(MAKE, SYNC, *BUILDS)
    assert checkout.start("serve", script="./hatchmark", cwd=checkout.root) == (0, ran("serve"), "")


def test_without_uv_pip_installs_it_into_an_environment_of_venv(checkout: Checkout) -> None:
    (checkout.path / "uv").unlink()

    assert checkout.start("demo") == (0, ran("demo"), INSTALLING.format(root=checkout.root) + BUILT)
    assert checkout.log() == checkout.wanted(
        "python3 -m venv",
        "pip -m pip install --quiet --disable-pip-version-check --no-input uv",
        SYNC,
        *BUILDS,
    )


def test_a_failed_install_says_so_and_is_done_again(checkout: Checkout) -> None:
    checkout.trouble("uv")

    assert checkout.start("demo") == (
        2,
        "",
        INSTALLING.format(root=checkout.root) + "uv: no index\n" + FAILED,
    )
    checkout.log()
    checkout.trouble("uv", present=False)
    assert checkout.start("demo")[:2] == (0, ran("demo"))
    assert checkout.log() == checkout.wanted(SYNC, *BUILDS)


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < deadline, f"{file} did not come"
        time.sleep(0.02)


def test_a_killed_install_does_not_hold_up_the_one_that_waits_for_it(checkout: Checkout) -> None:
    checkout.trouble("slow")
    first = checkout.begin("demo")
    wait_for(checkout.machine / "trouble/reached")
    second = checkout.begin("serve")
    assert second.stderr is not None
    waiting = second.stderr.readline()
    assert waiting == "hatchmark: 正在等待另一个安装完成… waiting for another install to end\n"
    os.killpg(first.pid, signal.SIGKILL)  # the kernel opens the lock of whoever is killed
    first.communicate(timeout=60)
    checkout.trouble("slow", present=False)

    out, _ = second.communicate(timeout=60)
    assert (second.returncode, out) == (0, f"{second.pid} {ran('serve')}")
    assert checkout.start("demo") == (0, ran("demo"), "")


def test_many_starts_at_once_install_once(checkout: Checkout) -> None:
    processes = [checkout.begin("--help") for _ in range(4)]

    ends = [process.communicate(timeout=60)[0] for process in processes]
    assert ends == [f"{process.pid} {ran('--help')}" for process in processes]
    assert checkout.log() == checkout.wanted(MAKE, SYNC, *BUILDS)


def test_front_end_files_that_cannot_be_built_are_a_warning(checkout: Checkout) -> None:
    checkout.trouble("front")

    assert checkout.start("demo") == (
        0,
        ran("demo"),
        INSTALLING.format(root=checkout.root)
        + "front end: no npm here\n"
        + "hatchmark: 前端样式未构建，网站仍可使用 the front-end files were not built; the site works without them\n",
    )
    assert checkout.start("demo") == (0, ran("demo"), "")


def test_without_npm_the_one_from_the_package_index_is_installed(checkout: Checkout) -> None:
    (checkout.path / "npm").unlink()

    assert checkout.start("demo")[:2] == (0, ran("demo"))
    assert checkout.log() == checkout.wanted(
        MAKE, SYNC, "build.py --check", f"{SYNC} --group assets", "build.py "
    )


def hide(checkout: Checkout, names: Sequence[str]) -> None:
    for name in names:
        (checkout.path / name).unlink()


def test_without_a_python_it_names_what_to_install(checkout: Checkout) -> None:
    hide(checkout, ["python3"])

    assert checkout.start("demo") == (
        2,
        "",
        "hatchmark: 需要 Python 3.11 或更高版本，请先安装 (Debian/Ubuntu: apt-get install python3 python3-venv)。 "
        "Python 3.11 or newer is needed and was not found; install it, then start again.\n",
    )


def test_an_older_python3_is_passed_over_for_a_newer_one_beside_it(checkout: Checkout) -> None:
    (checkout.path / "python3").rename(checkout.path / "python3.12")
    write_program(checkout.path / "python3", "#!/bin/sh\nexit 1\n")

    assert checkout.start("demo")[:2] == (0, ran("demo"))
    assert checkout.log() == [
        f"uv venv --quiet --python {checkout.path}/python3.12 {checkout.root}/.venv",
        *checkout.wanted(SYNC, *BUILDS),
    ]


def test_without_ensurepip_and_uv_it_names_the_package_to_install(checkout: Checkout) -> None:
    hide(checkout, ["uv"])
    checkout.trouble("ensurepip")

    assert checkout.start("demo") == (
        2,
        "",
        INSTALLING.format(root=checkout.root)
        + "hatchmark: 缺少 python3-venv，请执行 apt-get install python3-venv 后重试。 This Python cannot make "
        "environments: run apt-get install python3-venv, then start again.\n",
    )
    assert checkout.log() == []


def start_without_rights(checkout: Checkout) -> tuple[int, str, str]:
    """Start as somebody who may read the checkout and not write there."""
    checkout.root.chmod(0o555)
    try:
        done = subprocess.run(
            [checkout.root / "hatchmark", "demo"],
            cwd="/",
            env=checkout.environment,
            capture_output=True,
            text=True,
            check=False,
            user=65534 if os.geteuid() == 0 else None,
        )
    finally:
        checkout.root.chmod(0o755)
    return done.returncode, done.stdout.partition(" ")[2], done.stderr


def test_a_checkout_that_cannot_be_written_is_refused_only_while_it_is_not_installed(
    checkout: Checkout,
) -> None:
    root = checkout.root

    assert start_without_rights(checkout) == (
        2,
        "",
        f"hatchmark: 尚未安装，且无权写入 {root}；请用有写权限的账户启动一次，或复制到可写的文件夹。 "
        f"Not installed yet, and {root} is not writable; start it once as its owner, or copy it where you may write.\n",
    )
    checkout.start("demo")
    assert start_without_rights(checkout) == (0, ran("demo"), "")
