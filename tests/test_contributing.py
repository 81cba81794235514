"""CONTRIBUTING.md keeps what it promises: its commands run, its number and its files are there."""

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

import rnnwalk
from rnnwalk.render.workbook import write_workbook

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
COMMANDS = [line.partition("#")[0].strip("$ ") for line in TEXT.splitlines() if line.startswith("$ ")]
# The golden tests, and those of the worksheets, the pages and the notebook, show that nothing would change.
SLOW = ("worksheets/examples.py", "worksheets/build.py", "--accept")
RUN = [
    pytest.param(command, marks=[pytest.mark.long] * any(part in command for part in SLOW))
    for command in COMMANDS
    if "benchmarks" not in command
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project in a folder of its own, where a command may write."""
    folder = tmp_path_factory.mktemp("copy") / "rnnwalk"
    unwanted = shutil.ignore_patterns(".git", ".venv", ".*cache", "*.pyc.*", "*.egg-info", "build", "dist")
    shutil.copytree(ROOT, folder, ignore=unwanted)
    return folder


def test_the_commands_that_people_need_are_named() -> None:
    for needed in ("tests/engine/", "-n auto", "--accept", "worksheets/build.py", "tests/benchmarks/"):
        assert any(needed in command for command in COMMANDS), needed


@pytest.mark.parametrize("command", RUN)
def test_a_command_runs_on_a_clean_copy_and_changes_nothing_that_is_kept(command: str, copy: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "python"
    if arguments[-2:] == ["-n", "auto"]:
        arguments = [*arguments[:-2], "--collect-only", "tests/engine"]  # this test is one of them
    golden = {path.name: path.read_bytes() for path in (copy / "tests" / "golden").iterdir()}
    environment = os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.name: path.read_bytes() for path in (copy / "tests" / "golden").iterdir()} == golden


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "tests" / "benchmarks").glob("bench_*.py")))
def test_a_benchmark_is_named_and_finds_what_it_measures(name: str) -> None:
    assert name in TEXT
    assert callable(runpy.run_path(str(ROOT / "tests" / "benchmarks" / f"{name}.py"), run_name=name)["main"])


def test_the_number_whose_life_is_told_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    walk = rnnwalk.walk("hello")
    assert "`h₂[1] = 0.936534`" in TEXT
    assert f"{walk['h_2[1]'].value.item():.6f}" == "0.936534"
    (address,) = re.findall(r"Unrolled!([A-Z]+\d+)", TEXT)
    (formula,) = re.findall(r"`(=TANH\(.*?\))`", TEXT)
    write_workbook(walk, tmp_path / "hello.xlsx")
    assert load_workbook(tmp_path / "hello.xlsx")["Unrolled"][address].value == formula
    assert (
        load_workbook(tmp_path / "hello.xlsx", data_only=True)["Unrolled"][address].value == walk["h_2[1]"].value.item()
    )


def test_every_file_and_folder_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)+(?:\w+\.\w+)?)`", TEXT)) | set(re.findall(r"`(\w+/\w+\.py)`", TEXT))
    assert len(named) > 15
    for path in named:
        assert (ROOT / path).exists() or (ROOT / "rnnwalk" / path).exists(), path
