"""examples/demo-2025 is what its script makes, to the byte, on every machine and at any time."""

import importlib.util
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDER = EXAMPLES / "demo-2025"
SCRIPT = EXAMPLES / "make_demo_2025.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_demo_2025", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_demo_2025"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_committed_folder_is_what_the_script_makes_to_the_byte(script: ModuleType):
    assert {path: text.encode() for path, text in script.files().items()} == content(FOLDER)


def test_the_script_makes_the_same_bytes_with_another_order_of_sets_and_in_another_time_zone(
    tmp_path: Path,
):
    environment = {"PYTHONHASHSEED": "4711", "TZ": "America/New_York"}

    subprocess.run([sys.executable, SCRIPT, tmp_path / "made"], check=True, env=environment, timeout=120)

    assert content(tmp_path / "made") == content(FOLDER)


def test_one_institution_changes_without_moving_the_figures_of_another(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
):
    before = script.files()["figures.csv"].splitlines()
    channel, (first, *others) = next(iter(script.INCUBATORS.items()))
    changed = {**script.INCUBATORS, channel: [replace(first, quality=700), *others]}
    monkeypatch.setattr(script, "INCUBATORS", changed)

    after = script.files()["figures.csv"].splitlines()

    moved = {old.split(",value")[0] for old, new in zip(before, after, strict=True) if old != new}
    assert moved
    assert all(line.startswith("incubator,1,") for line in moved)


def test_the_script_stops_where_a_story_does_not_come_about_instead_of_setting_a_grade(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
):
    channel = "示例锡林郭勒盟"
    [judge] = script.INCUBATORS[channel]
    changed = {**script.INCUBATORS, channel: [replace(judge, quality=900)]}
    monkeypatch.setattr(script, "INCUBATORS", changed)

    with pytest.raises(RuntimeError, match="was to be failing_judge"):
        script.files()
