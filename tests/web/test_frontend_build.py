"""Fetching the front-end files: by the lock alone, once, and without harm where there is no npm."""

import gzip
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

FRONTEND = Path(__file__).parents[2] / "frontend"


@pytest.fixture
def build(tmp_path, monkeypatch):
    """The script, with folders of its own and an npm that puts the files there."""
    spec = importlib.util.spec_from_file_location("frontend_build", FRONTEND / "build.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    here = tmp_path / "frontend"
    (here / "licences").mkdir(parents=True)
    for name in ("build.py", "package.json", "package-lock.json", "licences/tabler.txt"):
        (here / name).write_bytes((FRONTEND / name).read_bytes())
    npm = tmp_path / "npm.py"
    npm.write_text(
        "import pathlib, sys\n"
        "pathlib.Path('called').write_text(' '.join(sys.argv[1:]))\n"
        "css = pathlib.Path('node_modules/@tabler/core/dist/css')\n"
        "css.mkdir(parents=True, exist_ok=True)\n"
        "(css / 'tabler.min.css').write_text('a{}')\n"
    )
    monkeypatch.setattr(script, "HERE", here)
    monkeypatch.setattr(script, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(script, "STAMP", tmp_path / "vendor" / "stamp")
    monkeypatch.setattr(script, "npm_command", lambda: [sys.executable, str(npm)])
    return script


def test_a_build_copies_what_the_pages_use_with_its_licence_and_a_small_twin(build, tmp_path):
    assert build.main(["--check"]) == 1
    assert build.main([]) == 0

    style = tmp_path / "vendor" / "tabler" / "tabler.min.css"
    assert style.read_text() == "a{}"
    assert gzip.decompress(style.with_name("tabler.min.css.gz").read_bytes()) == b"a{}"
    assert "MIT License" in style.with_name("LICENSE.txt").read_text("utf-8")
    assert (tmp_path / "frontend" / "called").read_text().startswith("ci --ignore-scripts")
    assert build.main(["--check"]) == 0


def test_what_is_up_to_date_is_not_built_again_and_a_changed_lock_is(build, tmp_path):
    build.main([])
    (tmp_path / "frontend" / "called").unlink()

    assert build.main([]) == 0
    assert not (tmp_path / "frontend" / "called").exists()

    with (tmp_path / "frontend" / "package-lock.json").open("a") as lock:
        lock.write("\n")
    assert build.main(["--check"]) == 1
    assert build.main([]) == 0
    assert (tmp_path / "frontend" / "called").exists()


def test_without_npm_one_line_says_so_and_nothing_is_left(build, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "npm_command", lambda: None)

    assert build.main([]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "the site uses its own stylesheet alone" in said
    assert not (tmp_path / "vendor").exists()


def test_an_npm_that_fails_is_named_in_one_line(build, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        build, "npm_command", lambda: [sys.executable, "-c", "raise SystemExit('npm error network')"]
    )

    assert build.main([]) == 3
    assert capsys.readouterr().err == (
        "front end: npm ci failed (npm error network); the site uses its own stylesheet alone\n"
    )


def test_unusable_words_are_refused():
    done = subprocess.run([sys.executable, FRONTEND / "build.py", "--chek"], capture_output=True, check=False)

    assert done.returncode == 2


def test_the_lock_names_versions_and_digests_and_no_host():
    lock = (FRONTEND / "package-lock.json").read_text("utf-8")
    packages = {name: package for name, package in json.loads(lock)["packages"].items() if name}

    assert "node_modules/@tabler/core" in packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert '"resolved"' not in lock
    # Funding pages are the only addresses in it.
    assert set(re.findall(r"https?://([^/\"]+)", lock)) <= {"github.com", "opencollective.com"}
