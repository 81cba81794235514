"""Files as a command meets them: standard output, standard input, devices, links, and names that nobody expects."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnnwalk.model.weightfile import article, to_json
from tests.examples import sampled

from .conftest import Run, command

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
STDOUT = ["-", *[name for name in ("/dev/stdout",) if os.path.lexists(name)]]


def one_sentence(code: int, out: str | bytes, err: str | bytes) -> str:
    """What was said of wrong input: to standard error alone, on one line, below 300 characters."""
    said = err if isinstance(err, str) else err.decode()
    assert (code, len(out)) == (2, 0), said
    assert said.count("\n") == 1
    assert len(said) < 300
    assert said.startswith("rnnwalk: ")
    return said.removeprefix("rnnwalk: ").rstrip("\n")


# Standard output


@pytest.mark.parametrize("name", STDOUT)
def test_weights_on_standard_output_are_json_and_nothing_else(tmp_path: Path, name: str) -> None:
    new = command("weights", "new", "--word", "anna", "-o", name, cwd=tmp_path)
    assert (new.returncode, new.stderr) == (0, b"")
    assert json.loads(new.stdout)["word"] == "anna"
    trained = command("train", "--epochs", "2", "-o", name, cwd=tmp_path)
    assert trained.returncode == 0
    assert json.loads(trained.stdout)["vocabulary"] == ["h", "e", "l", "o"]
    assert "The loss" in trained.stderr.decode(), "the report is not lost"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", STDOUT)
@pytest.mark.parametrize("line", ["weights new --word anna", "train", "export"])
def test_standard_output_takes_no_force(run: Run, name: str, line: str) -> None:
    said = one_sentence(*run(*line.split(), "-o", name, "--force"))
    assert said == "--force does nothing for stdout, where no file is replaced; leave it out"


@pytest.mark.parametrize("name", STDOUT)
def test_a_workbook_on_standard_output_is_the_one_that_a_file_gets(tmp_path: Path, name: str, run: Run) -> None:
    piped = command("export", "ab", "--hidden", "1", "-o", name, cwd=tmp_path)
    assert (piped.returncode, piped.stderr) == (0, b"")
    assert run("export", "ab", "--hidden", "1", "-o", "ab.xlsx").code == 0
    assert piped.stdout == (tmp_path / "ab.xlsx").read_bytes()


@POSIX
def test_a_workbook_is_not_sent_to_a_terminal(tmp_path: Path) -> None:
    import pty

    outside, inside = pty.openpty()
    done = command_to(inside, "export", "-o", "-", cwd=tmp_path)
    os.close(inside)
    os.close(outside)
    assert one_sentence(done.returncode, b"", done.stderr).startswith("a workbook is nothing for a terminal")


def command_to(handle: int, *arguments: str, **options: object) -> "subprocess.CompletedProcess[bytes]":
    call = [sys.executable, "-m", "rnnwalk", *arguments]
    return subprocess.run(call, stdout=handle, stderr=subprocess.PIPE, check=False, timeout=60, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("name", STDOUT)
def test_a_saved_walk_needs_an_ending(run: Run, name: str) -> None:
    said = one_sentence(*run("walk", "--save", name))
    assert said.startswith(f"--save {name}: stdout has no ending to tell a format by (.txt, .md, .html, .svg)")


def test_what_one_writes_to_standard_output_another_reads_from_standard_input(tmp_path: Path) -> None:
    weights = command("weights", "new", "--word", "anna", "-o", "-", cwd=tmp_path).stdout
    assert "anna" in command("walk", "--weights", "-", input=weights, cwd=tmp_path).stdout.decode()
    again = command("train", "--weights", "-", "--epochs", "1", "-o", "-", "anna", input=weights, cwd=tmp_path)
    assert json.loads(again.stdout)["vocabulary"] == ["a", "n"]
    assert b"to keep the weights" not in again.stderr, "they are kept"


# What is read


@POSIX
@pytest.mark.parametrize(
    "arguments",
    [["walk", "--weights"], ["generate", "-w"], ["weights", "show"], ["train", "--weights"], ["train", "--text"]],
    ids=" ".join,
)
def test_an_endless_input_is_refused(run: Run, arguments: list[str]) -> None:
    assert one_sentence(*run(*arguments, "/dev/zero")).startswith("/dev/zero: is a device or a socket; expected a ")
    with Path("sparse").open("wb") as file:
        file.truncate(3 * 2**30)
    assert one_sentence(*run(*arguments, "sparse")).startswith("sparse: is larger than ")


@POSIX
def test_an_endless_standard_input_is_refused_and_the_limit_is_named(tmp_path: Path) -> None:
    with Path("/dev/zero").open("rb") as zero:
        done = command("train", "--text", "-", stdin=zero, cwd=tmp_path)
    said = one_sentence(done.returncode, done.stdout, done.stderr)
    assert said == "stdin: is larger than 256 MiB, the limit for a text to learn from; take a smaller one"


def test_a_text_is_learned_from_standard_input(tmp_path: Path) -> None:
    text = "anna\r\nbob\r\nx\r\n".encode("utf-8-sig")
    done = command("train", "--text", "-", "--epochs", "1", "-o", "w.json", input=text, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr.decode().startswith("stdin: left out 1 of its lines, with fewer than two letters\n")
    assert json.loads((tmp_path / "w.json").read_text("utf-8"))["vocabulary"] == ["a", "n", "b", "o"]


def test_standard_input_is_read_once(run: Run) -> None:
    assert "stdin can be read once" in one_sentence(*run("train", "--text", "-", "--weights", "-"))


def test_an_npz_file_is_read_from_standard_input_too(tmp_path: Path) -> None:
    command("weights", "new", "-o", "w.npz", cwd=tmp_path)
    done = command("weights", "show", "-", input=(tmp_path / "w.npz").read_bytes(), cwd=tmp_path)
    assert (done.returncode, done.stdout.decode().splitlines()[0].strip()) == (0, "stdin")


def test_a_text_is_not_replaced_by_what_was_learned_from_it(run: Run) -> None:
    Path("names.txt").write_text("anna\nbob\n", "utf-8")
    said = one_sentence(*run("train", "--text", "names.txt", "-o", "./names.txt", "--force"))
    assert said == "names.txt: is the text to learn from; name another file for the weights"
    assert Path("names.txt").read_text("utf-8") == "anna\nbob\n"


def test_weights_may_be_learned_on_in_their_own_file(run: Run) -> None:
    run("weights", "new", "-o", "w.json")
    before = Path("w.json").read_text("utf-8")
    assert run("train", "hello", "--weights", "w.json", "-o", "w.json", "--epochs", "1", "--force").code == 0
    assert Path("w.json").read_text("utf-8") != before


# Messages


def test_a_message_of_a_text_or_of_weights_names_the_file(run: Run) -> None:
    run("weights", "new", "-o", "w.json")
    Path("names.txt").write_text("anna\nbob\n", "utf-8")
    Path("short.txt").write_text("x\n\n", "utf-8")
    record = json.loads(Path("w.json").read_text("utf-8"))
    record = {key: value for key, value in record.items() if key != "word"}
    Path("nameless.json").write_text(json.dumps(record | {"vocabulary": list("abcd")}), "utf-8")
    assert one_sentence(*run("train", "--text", "names.txt", "--weights", "w.json")).startswith(
        "names.txt: 'a' in line 1"
    )
    assert one_sentence(*run("train", "--text", "short.txt")).startswith("short.txt: has no line of at least two")
    assert one_sentence(*run("walk", "--weights", "nameless.json")).startswith("nameless.json: names no word; give")


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {"W" * 5000: [[1]]}},
        {"cell": "r" * 5000},
        {"form": "r" * 5000},
        {"format": list(range(5000))},
        {"vocabulary": ["a" * 5000] * 2},
        {"vocabulary": [f"{'v' * 200}{i}" for i in range(4)], "word": "xyz"},
        {"word": "x" * 5000},
    ],
    ids=lambda change: ",".join(change),
)
def test_a_message_stays_short_whatever_it_quotes(run: Run, change: dict[str, object]) -> None:
    Path("w.json").write_text(json.dumps(json.loads(to_json(article())) | change), "utf-8")
    one_sentence(*run("walk", "--weights", "w.json"))


@pytest.mark.parametrize("arguments", [["walk", "n" * 5000], ["walk", "--weights", "n" * 5000], ["walk", "--hidden", "9" * 5000],
    ["walk", "--save", "n" * 5000 + ".md"], ["walk", "--save", "x." + "n" * 5000], ["explain", "h" * 5000], ["w" * 5000],
    ["export", "-o", "n" * 5000], ["export", "-o", ""], ["export", "-o", "/"], ["train", "--text", "n" * 5000, "-o", "w.json"],
    ["weights", "new", "-o", ""], ["weights", "show", ""], ["generate", "-w", ""]],
    ids=lambda given: " ".join(given)[:30])  # fmt: skip
def test_a_message_stays_short_whatever_is_typed(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    if result.code != 0:
        assert (result.code, result.err.count("\n")) == (2, 1), result.err
        assert len(result.err) < 300
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("line", ["walk --save x.md", "export -o x.xlsx", "weights new -o x.json", "train -o x.npz"])
@pytest.mark.parametrize("end", ["/", "//", "/."])
def test_a_name_with_a_slash_at_its_end_is_a_folders(run: Run, line: str, end: str) -> None:
    said = one_sentence(*run(*f"{line}{end}".split()))
    assert f"{line.split()[-1]}{end} is a folder's name; name a file in it" in said
    assert list(Path().iterdir()) == []


def test_a_path_in_advice_can_be_typed(run: Run) -> None:
    result = run("weights", "new", "-o", "my weights; rm.json")
    advice = result.err.partition("read it with: ")[2]
    assert shlex.split(advice) == ["rnnwalk", "walk", "--weights", "my weights; rm.json"]
    assert run(*shlex.split(advice)[1:]).code == 0


@POSIX
@pytest.mark.parametrize(
    "name", sampled([b"\xff\xfe", b"a\x1b]0;owned\x07", b"a\nb", "日".encode()], b"\xff\xfe", b"a\x1b]0;owned\x07")
)
def test_a_name_that_is_no_text_is_written_read_and_shown(run: Run, name: bytes) -> None:
    for ending, arguments in (
        (b".json", ["weights", "new", "--word", "ab", "--hidden", "1", "-o"]),
        (b".npz", ["train", "ab", "--hidden", "1", "--epochs", "1", "-o"]),
    ):
        file = os.fsdecode(name + ending)
        for call in (
            [*arguments, file],
            ["walk", "--weights", file],
            ["walk", "--weights", file, "--json"],
            ["walk", "--weights", file, "--save", file + ".md"],
            ["walk", "--weights", file, "--save", file + ".svg"],
            ["export", "--weights", file, "-o", file + ".xlsx"],
            ["weights", "show", file],
        ):
            result = run(*call)
            assert result.code == 0, result.err
            assert not {"\x1b", "\x07"} & {*result.out, *result.err}
            assert result.err.count("\n") <= 1


def test_longer_floating_point_numbers_are_numbers(run: Run) -> None:
    arrays = {name: w.astype(np.longdouble) for name, w in article().weights._asdict().items() if w is not None}
    np.savez("w.npz", vocabulary=np.array(list("helo")), **arrays)
    assert run("walk", "hello", "--weights", "w.npz").code == 0
    if np.finfo(np.longdouble).max > np.finfo(np.float64).max:
        arrays["Why"] *= np.longdouble(10) ** 400
        np.savez("w.npz", vocabulary=np.array(list("helo")), **arrays)
        assert "Why row 1, column 1 is " in one_sentence(*run("walk", "hello", "--weights", "w.npz"))


def test_a_large_header_is_not_taken_for_a_pickle(run: Run) -> None:
    import zipfile

    with zipfile.ZipFile("w.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        header = b"{" + b" " * 50_000_000 + b"}\n"
        archive.writestr("Wxh.npy", b"\x93NUMPY\x02\x00" + len(header).to_bytes(4, "little") + header)
    said = one_sentence(*run("walk", "--weights", "w.npz"))
    assert said.startswith("w.npz: is not a usable NPZ file (")
    assert "pickle" not in said


def test_too_little_memory_is_one_sentence_anywhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    for place in ("rnnwalk.cli.app.app", "rnnwalk.model.pose.article", "rnnwalk.views.walkthrough.pages"):
        with monkeypatch.context() as patch:
            patch.setattr(place, fail)
            said = one_sentence(*run("walk"))
        assert said == "there is not enough memory for this; take a shorter text, a smaller file or fewer hidden units"
