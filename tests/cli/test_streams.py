"""What a system does to a command: other encodings, closed pipes, narrow screens, interruption."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import UNMEASURED, Run, command, started


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_every_encoding_gets_the_whole_walk(encoding: str) -> None:
    done = command("walk", "日héllo👩‍🏫", env=os.environ | {"PYTHONIOENCODING": encoding})
    text = done.stdout.decode(encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "h_2" in text or "h₂" in text
    assert ("\\u65e5" in text) == (encoding != "utf-8")
    assert "What next?" in text


def test_every_line_fits_the_width(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in (20, 40, 80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        for line in run("walk", "banana", "--hidden", "7", "--all").out.splitlines():
            assert len(line) <= columns


def test_a_closed_pipe_ends_quietly() -> None:
    with started("walk", "--all") as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (0, b"")


@pytest.mark.usefixtures("background")
def test_an_interrupt_ends_with_130_and_leaves_no_file(tmp_path: Path) -> None:
    word = "abcdefgh" * 2000
    with started(
        "walk", word, "--hidden", "32", "--all", "--save", "out.html", cwd=tmp_path, env=UNMEASURED
    ) as process:
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (130, b"")
    assert list(tmp_path.iterdir()) == []


def test_help_needs_neither_numpy_nor_openpyxl() -> None:
    code = (
        "import sys, rnnwalk.__main__ as m; sys.argv = ['rnnwalk', 'walk', '--help']\n"
        "try: m.main()\n"
        "except SystemExit: print(sorted({'numpy', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_terminal_walk_needs_no_openpyxl() -> None:
    code = (
        "import sys, rnnwalk.__main__ as m; sys.argv = ['rnnwalk', 'walk']\n"
        "try: m.main()\n"
        "except SystemExit: print('openpyxl' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "False"


def test_piped_output_has_no_colour_and_a_terminal_without_colour_neither(run: Run) -> None:
    assert "\x1b" not in run("walk").out


def test_weights_are_read_from_standard_input() -> None:
    record = b'{"vocabulary": ["a", "b"], "weights": {"Wxh": [[1, 2]], "Whh": [[0.5]], "Why": [[1], [2]]}}'
    done = command("walk", "ab", "--weights", "-", input=record)
    assert done.returncode == 0
    assert "read from stdin" in done.stdout.decode()


@pytest.mark.parametrize(
    ("failure", "code", "complaint"),
    [
        (RuntimeError("no\nway"), 1, "rnnwalk: our own fault, sorry: RuntimeError: no (--debug shows where)\n"),
        (OSError(28, "No space left"), 1, "rnnwalk: cannot read or write: No space left\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=repr,
)
def test_a_failure_that_was_not_foreseen_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int, complaint: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr("rnnwalk.cli.app.app", fail)
    assert run("walk") == (code, "", complaint)
    if isinstance(failure, Exception):
        with pytest.raises(type(failure)):
            run("walk", "--debug")


def test_debug_shows_the_traceback_of_a_failure() -> None:
    done = command("walk", "a", "--debug")
    assert b"Traceback" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["walk", "--backward"], ["train", "--epochs", "40"], ["gradients", "--form", "logistic"]]
)
def test_an_ascii_output_spells_out_what_the_way_back_and_learning_show(arguments: list[str]) -> None:
    result = command(*arguments, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    text = result.stdout.decode("ascii")
    assert (result.returncode, text.count("\\u")) == (0, 0)
    assert max(map(len, text.splitlines())) <= 80
