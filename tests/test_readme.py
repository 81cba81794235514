"""The README keeps what it promises: its commands are run, its tables are real."""

import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rnnwalk.errors import LONGEST
from rnnwalk.model.problem import LONG_TEXT
from rnnwalk.tasks.gradcheck import EXACT, NUMERIC
from tests.cli.conftest import Run, run  # noqa: F401

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.S)
SHELL = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if line.strip()]
CONSOLE = [
    line[2:] for kind, text in BLOCKS if kind == "console" for line in text.splitlines() if line.startswith("$ ")
]


def rnnwalk(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    arguments = shlex.split(line, comments=True)
    assert arguments[0] == "rnnwalk"
    call = [sys.executable, "-m", "rnnwalk", *arguments[1:]]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8", timeout=60)


def test_there_are_two_set_up_and_go_commands_and_ci_runs_them() -> None:
    assert SHELL == ["pip install . && rnnwalk walk", 'pip install -e ".[test]" && python -m pytest -n auto']
    assert "README.md" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_command_shown_works(run: Run) -> None:  # noqa: F811
    assert len(CONSOLE) >= 5
    rows = ["0,a sad film", "4,a happy film", "4,so good", "0,so bad", "4,great", "0,boring café"] * 4
    Path("tweets.csv").write_text("\n".join(rows), "latin-1")
    for line in CONSOLE:
        arguments = shlex.split(line, comments=True)
        assert arguments.pop(0) == "rnnwalk"
        result = run(*arguments)
        assert result.code == 0, f"{line}\n{result.err}"


@pytest.mark.parametrize(
    "command",
    ["walk", "explain", "train", "generate", "gradcheck", "gradients", "export", "weights", "examples", "compare"],
)
def test_every_command_appears(command: str) -> None:
    assert f"rnnwalk {command}" in README


def test_the_output_shown_first_is_what_the_command_prints(tmp_path: Path) -> None:
    shown = next(text for kind, text in BLOCKS if kind == "console")
    command, _, output = shown.removeprefix("$ ").partition("\n")
    assert rnnwalk(command, tmp_path).stdout.strip().splitlines() == output.strip().splitlines()


def test_the_picture_of_the_terminal_is_what_the_command_draws_today(tmp_path: Path) -> None:
    """If not: python worksheets/pictures.py"""
    arguments = runpy.run_path(str(ROOT / "worksheets" / "pictures.py"))["TERMINAL"]
    assert rnnwalk(shlex.join(["rnnwalk", *arguments, "--save", "now.svg"]), tmp_path).returncode == 0
    kept = ROOT / "worksheets" / "pictures" / "terminal.svg"
    assert (tmp_path / "now.svg").read_text("utf-8") == kept.read_text("utf-8")


@pytest.mark.parametrize("page", ["README.md", "worksheets/README.md", "worksheets/FORMATS.md"])
def test_every_link_and_picture_leads_to_a_file(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text("utf-8")):
        assert target.startswith("https://") or (path.parent / target).is_file(), target


def test_the_python_lines_give_what_their_comments_say() -> None:
    """A comment after an expression is what it gives."""
    code = next(text for kind, text in BLOCKS if kind == "python")
    names: dict[str, object] = {}
    for line in code.splitlines():
        statement, _, comment = line.partition("  # ")
        if comment and not statement.startswith(("import", "for", "print")) and " = " not in statement:
            assert str(eval(statement, names)) == comment.strip()
        elif statement.strip():
            exec(statement, names)


def test_what_one_can_rely_on_is_held_by_tests_that_exist() -> None:
    table = README.partition("## What you can rely on")[2].partition("Exit codes")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "held by" not in line]
    assert len(rows) > 9
    for row in rows:
        paths = re.findall(r"`(tests/[\w/]+\.py)`", row)
        assert paths, row
        assert all((ROOT / path).is_file() for path in paths), row


def test_the_figures_of_what_one_can_rely_on_are_those_of_the_code() -> None:
    assert f"{NUMERIC:g} and {EXACT:g} of the largest" in README.replace("1e-6", "1e-06")
    assert f"below {LONGEST + 50} characters" in README
    assert LONG_TEXT == 1000
    assert "a thousand letters and more" in README
