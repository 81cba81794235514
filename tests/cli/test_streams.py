"""What a system does to a command: other encodings, closed pipes, narrow screens, interruption."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.examples import sampled

from . import ready
from .conftest import Run, command, started
from .ready import UNMEASURED


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
    word = "abcdefgh" * 125  # which takes some seconds, after a third of one to begin
    with started("walk", word, "--hidden", "32", "--all", "--save", "out.txt", cwd=tmp_path, env=UNMEASURED) as process:
        time.sleep(0.8)
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
        (OSError(28, "No space left", "a"), 1, "rnnwalk: cannot read or write: No space left\n"),
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


EVERY_COMMAND = [
    ["walk"],
    ["walk", "--json"],
    ["explain", "h_2"],
    ["gradients"],
    ["gradients", "--json"],
    ["gradcheck"],
    ["train", "--epochs", "2"],
    ["weights", "show", "w.json"],
    ["generate", "--weights", "w.json"],
    ["--help"],
    ["--version"],
    [],
]
SOME = [["walk"], ["walk", "--json"], ["train", "--epochs", "2"], ["generate", "--weights", "w.json"], ["--help"], []]
every_command = pytest.mark.parametrize("arguments", sampled(EVERY_COMMAND, *SOME), ids=" ".join)
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
in_a_shell = pytest.mark.skipif(os.name == "nt", reason="needs Unix")


def shell(
    arguments: Sequence[str], redirected: str, folder: Path, *, anew: bool = False
) -> "subprocess.CompletedProcess[bytes]":
    """rnnwalk with its streams as a shell redirects them: closed (``>&-``), or full (``> /dev/full``)."""
    streams: dict[str, Any] = {}
    with Path("/dev/full" if "full" in redirected else os.devnull).open("wb") as full:
        for name, sign in (("stdin", "<"), ("stdout", ">"), ("stderr", "2>")):
            for part in redirected.replace("> /", ">/").split():
                if part.startswith(sign):
                    streams[name] = ready.CLOSED if part.endswith("-") else full
        return ready.completed("", *arguments, cwd=folder, anew=anew, **streams)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with weights in it."""
    folder = tmp_path_factory.mktemp("streams")
    done = command("weights", "new", "-o", "w.json", cwd=folder)
    assert done.returncode == 0
    return folder


@every_command
def test_a_reader_that_has_gone_ends_any_command_quietly(arguments: list[str], folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = command(*arguments, stdout=write, cwd=folder)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@in_a_shell
@every_command
def test_an_output_that_is_closed_is_named_and_the_exit_code_tells(arguments: list[str], folder: Path) -> None:
    done = shell(arguments, ">&-", folder)
    assert (done.returncode, done.stderr) == (2, b"rnnwalk: stdout: cannot be written (it is closed)\n")


@needs_full
@pytest.mark.parametrize(
    "arguments",
    [["walk"], ["walk", "--json"], ["train", "--epochs", "2"], ["--help"], ["weights", "new", "-o", "-"]],
    ids=" ".join,
)
def test_an_output_that_is_full_is_told_in_one_sentence(arguments: list[str], folder: Path) -> None:
    done = shell(arguments, "> /dev/full", folder)
    assert (done.returncode, done.stderr) == (2, b"rnnwalk: stdout: cannot be written (No space left on device)\n")


@in_a_shell
@pytest.mark.parametrize("streams", ["2>&-", "<&-", pytest.param("2> /dev/full", marks=needs_full)])
@pytest.mark.parametrize("arguments", [["walk"], ["train", "--epochs", "2"]], ids=" ".join)
def test_without_the_other_streams_everything_is_as_usual(
    arguments: list[str], streams: str, folder: Path, run: Run
) -> None:
    usual = run(*arguments).out.encode()
    done = shell(arguments, streams, folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, usual, b"")


@in_a_shell
@pytest.mark.parametrize("streams", ["2>&-", ">&- 2>&- <&-", pytest.param("2> /dev/full", marks=needs_full)])
def test_without_a_place_for_its_sentence_wrong_input_still_ends_with_2(streams: str, tmp_path: Path) -> None:
    done = shell(["walk", "x"], streams, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


@in_a_shell
@pytest.mark.parametrize("streams", [">&- 2>&- <&-", pytest.param("2> /dev/full", marks=needs_full)])
@pytest.mark.parametrize(
    "arguments",
    [["export", "ab", "--hidden", "1", "-o", "x.xlsx"], ["walk", "--save", "x.md"], ["weights", "new", "-o", "x.json"]],
    ids=" ".join,
)
def test_a_file_is_written_whatever_the_streams_are(
    streams: str, arguments: list[str], tmp_path: Path, run: Run
) -> None:
    assert run(*arguments).code == 0
    (file,) = tmp_path.iterdir()
    usual = file.read_bytes()
    file.unlink()
    done = shell(arguments, streams, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [usual]


@in_a_shell
def test_weights_from_an_input_that_is_closed_are_not_waited_for(tmp_path: Path) -> None:
    done = shell(["weights", "show", "-"], "<&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"rnnwalk: stdin: cannot be read (it is closed)\n")


@pytest.mark.parametrize("size", ["0", "-5", "²", "٣", "many", "00", ""])
def test_a_width_that_cannot_be_is_not_believed(size: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = run("walk")
    for name in ("COLUMNS", "LINES"):
        monkeypatch.setenv(name, size)
    assert run("walk") == usual


@pytest.mark.parametrize("size", ["1", "99999999", "9" * 5000])
def test_any_width_that_could_be_is_taken(size: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "LINES"):
        monkeypatch.setenv(name, size)
    assert run("walk").code == run("--help").code == 0


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_json_is_json_in_every_encoding(encoding: str) -> None:
    symbols = ["é", "日", "👩‍🏫", "\u202e", "\udcff"]
    for arguments in (["walk", "--json"], ["gradients", "--json"]):
        word = os.fsencode("".join(symbols)) if sys.platform != "win32" else "".join(symbols[:4])
        done = command(*arguments, word, env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "1"})
        assert (done.returncode, done.stderr) == (0, b"")
        told = json.loads(done.stdout.decode(encoding))["word"]
        assert told == "".join(symbols[: None if sys.platform != "win32" else 4])


@pytest.mark.parametrize(
    "arguments", [["walk", "--vocab", "a", "\x1b[31m\u202e\u2066b"], ["walk", "--\x1b\u202e"], ["\u202e"]]
)
def test_a_message_does_not_steer_the_terminal(arguments: list[str], run: Run) -> None:
    found = run(*arguments)
    assert found.code == 2
    assert not set("\x1b\u202e\u2066") & set(found.err)
    assert "\\x1b" in found.err or "\\u202e" in found.err


def test_the_name_of_a_file_does_not_steer_the_terminal(run: Run) -> None:
    name = "w\x1b[31m\u202e.json"
    assert not set("\x1b\u202e") & set(run("weights", "new", "-o", name).err)
    for arguments in (["weights", "show", name], ["walk", "--weights", name]):
        found = run(*arguments)
        assert found.code == 0
        assert "w\\x1b[31m\\u202e.json" in found.out
        assert not set("\x1b\u202e") & set(found.out)
    assert not set("\x1b\u202e") & set(run("walk", "--save", "\x1b\u202e.txt").err)


def test_what_is_generated_does_not_steer_the_terminal(run: Run) -> None:
    run("weights", "new", "--word", "a\u202eb\x1b 👩‍🏫", "-o", "w.json")
    found = run("generate", "--weights", "w.json", "--start", "👩‍🏫", "--show")
    assert found.code == 0
    assert not set("\x1b\u202e") & set(found.out)
    assert "👩‍🏫" in found.out.splitlines()[-1]
