"""Whatever is named to be read is read to its end, or refused in a sentence: nothing hangs, nothing fills the memory."""

import io
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnwalk import inputs
from rnnwalk.errors import InputError
from rnnwalk.inputs import Wanted, lines, same_file, whole
from rnnwalk.model.symbols import split, vocabulary_of
from rnnwalk.tasks.corpus import read_corpus
from rnnwalk.text import named

TEXT = Wanted("a text", 3 * 2**20)
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def refused(name: object, wanted: Wanted = TEXT) -> str:
    with pytest.raises(InputError) as error:
        whole(str(name), wanted)
    said = str(error.value)
    assert len(said) < 300
    assert said.startswith(f"{'stdin' if name == '-' else named(name)}: ")
    return said.partition(": ")[2]


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join(timeout=60)


@pytest.mark.parametrize("size", [0, 1, 2**20, 3 * 2**20])
def test_a_file_is_read_up_to_the_limit(tmp_path: Path, size: int) -> None:
    (tmp_path / "text").write_bytes(b"x" * size)
    assert whole(str(tmp_path / "text"), TEXT) == b"x" * size


def test_a_larger_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(3 * 2**30)
    assert refused(tmp_path / "sparse") == "is larger than 3 MiB, the limit for a text; take a smaller one"


@POSIX
def test_an_endless_device_and_a_socket_are_refused(tmp_path: Path) -> None:
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("/dev/zero", "/dev/urandom", tmp_path / "zero"):
        assert refused(name) == "is a device or a socket; expected a text"
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(tmp_path)
        listening.bind("socket")
        os.chdir(before)
        assert refused(tmp_path / "socket") == "is a device or a socket; expected a text"


def test_what_is_not_there_is_said_with_a_near_name(tmp_path: Path) -> None:
    near = tmp_path / "banana.json"
    near.write_bytes(b"")
    assert refused(tmp_path / "bananna.json") == f"no such file; did you mean '{near}'?"
    for other in ("hello.json", "a.json", "banana.xlsx"):
        assert refused(tmp_path / other) == "no such file"
    assert refused(tmp_path / "banana.jsn") == f"no such file; did you mean '{near}'?"
    assert refused(tmp_path / "no" / "banana.json") == "no such file"
    (tmp_path / "few").mkdir()
    (tmp_path / "few" / "nan.json").write_bytes(b"")
    assert refused(tmp_path / "few" / "banan.json") == "no such file"
    assert refused(tmp_path) == "is a directory; expected a text"
    assert refused("n\0").startswith("cannot be read (")
    assert refused("n" * 5000).startswith("cannot be read (")
    assert refused("") != ""


@POSIX
def test_a_link_to_nothing_says_where_it_leads_and_does_not_suggest_itself(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to("away.json")
    (tmp_path / "loop.json").symlink_to("loop.json")
    assert refused(tmp_path / "link.json") == "is a link to away.json, which does not exist"
    assert refused(tmp_path / "loop.json").startswith("cannot be read (")


@POSIX
def test_a_pipe_that_nobody_writes_into_is_refused_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "PATIENCE", 0.1)
    os.mkfifo(tmp_path / "pipe")
    said = refused(tmp_path / "pipe")
    assert said == "is a pipe that nobody writes into; start what writes first, or name a file"


@POSIX
def test_a_pipe_may_be_opened_late_and_written_to_slowly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PATIENCE", 0.2)
    os.mkfifo(tmp_path / "pipe")

    def write() -> None:
        time.sleep(0.1)
        with (tmp_path / "pipe").open("wb", buffering=0) as pipe:
            for part in (b"hel", b"lo"):
                time.sleep(0.3)  # longer than it would be waited for somebody
                pipe.write(part)

    with meanwhile(write):
        assert whole(str(tmp_path / "pipe"), TEXT) == b"hello"


@POSIX
@pytest.mark.parametrize("content", [b"", b"hello", b"x" * 2**20])
def test_a_pipe_without_a_name_is_read_as_a_shell_gives_it(content: bytes) -> None:
    end, beginning = os.pipe()

    def write() -> None:
        with os.fdopen(beginning, "wb") as pipe:
            pipe.write(content)

    with meanwhile(write), os.fdopen(end, "rb"):
        assert whole(f"/dev/fd/{end}", TEXT) == content


@POSIX
def test_an_endless_pipe_is_refused_at_the_limit() -> None:
    end, beginning = os.pipe()

    def write() -> None:
        with os.fdopen(beginning, "wb", buffering=0) as pipe:
            try:
                while True:
                    pipe.write(bytes(2**16))
            except BrokenPipeError:
                pass

    with meanwhile(write), os.fdopen(end, "rb"):
        assert refused(f"/dev/fd/{end}") == "is larger than 3 MiB, the limit for a text; take a smaller one"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_a_file_of_the_system_that_tells_no_size_is_read() -> None:
    assert Path("/proc/self/status").stat().st_size == 0
    assert b"Name:" in whole("/proc/self/status", TEXT)


def test_standard_input_has_the_same_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"hello")))
    assert whole("-", TEXT) == b"hello"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(bytes(4 * 2**20))))
    assert refused("-") == "is larger than 3 MiB, the limit for a text; take a smaller one"
    monkeypatch.setattr(sys, "stdin", None)
    assert refused("-") == "is closed; name a file"


def test_a_file_is_known_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"")
    assert same_file(str(tmp_path / "." / "text"), tmp_path / "text")
    assert not same_file(str(tmp_path / "other"), tmp_path / "text")
    assert not same_file("-", tmp_path / "text")
    assert not same_file("n\0", tmp_path / "text")


def test_standard_input_from_a_file_is_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("text", "other"):
        (tmp_path / name).write_text("hello\n")
    with (tmp_path / "text").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert same_file("-", tmp_path / "text")
        assert not same_file("-", tmp_path / "other")
    monkeypatch.setattr(sys, "stdin", None)
    assert not same_file("-", tmp_path / "text")


# Lines

ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", ""])
PIECES = st.one_of(st.sampled_from(["", "a", "hello", "é", "日本", "👩‍🏫", "\ufeff", "\u2028", "\x0b"]), ENDS)


@given(st.lists(PIECES).map("".join), st.integers(1, 9), st.booleans())
def test_lines_are_those_of_the_whole_text_wherever_it_is_cut(text: str, block: int, marked: bool) -> None:
    data = text.encode("utf-8-sig" if marked else "utf-8")
    expected = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "BLOCK", block)
        patch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        assert list(lines("-", TEXT)) == expected


@pytest.mark.parametrize("block", [1, 2, 3, 5, 2**20])
@pytest.mark.parametrize(
    ("data", "byte"),
    [
        (b"\xff", 1),
        (b"hello\xff", 6),
        ("日本".encode() + b"\n\xe6\x97", 8),
        (b"\xef\xbb\xbfab\xffc", 6),
        (b"a\r\nb\xc3(", 5),
    ],
)
def test_a_byte_that_is_not_utf_8_is_counted_from_the_beginning(
    data: bytes, byte: int, block: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(inputs, "BLOCK", block)
    (tmp_path / "text").write_bytes(data)
    with pytest.raises(InputError) as error:
        list(lines(str(tmp_path / "text"), TEXT))
    assert str(error.value).endswith(f": is not UTF-8 text (byte {byte}); save it as UTF-8")


def test_a_line_as_long_as_the_text_is_put_together_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "BLOCK", 64)
    (tmp_path / "text").write_bytes(b"x" * 2**20 + b"\nend")
    begun = time.perf_counter()
    assert [len(line) for line in lines(str(tmp_path / "text"), TEXT)] == [2**20, 3]
    assert time.perf_counter() - begun < 5  # 16,384 pieces: joined at each, it would be 8 GB of copies


def test_a_line_that_is_too_long_is_refused_after_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "BLOCK", 2**10)
    (tmp_path / "text").write_bytes(b"a\n" + b"x" * 2**21)
    read = lines(str(tmp_path / "text"), TEXT._replace(longest=2**20))
    assert [next(read), len(next(read)) // 2**10] == ["a", 2**10]
    with pytest.raises(InputError, match="line 2 is longer than 1 MiB"):
        next(read)


@pytest.mark.parametrize("by", ["letter", "word"])
@given(
    text=st.lists(
        st.sampled_from(["a", "b c", "é", "e\u0301", "\u00a0", " ", "\t", "👩‍🏫", "x" * 300, " " * 300, "\n"])
    ).map("".join)
)
def test_a_line_to_learn_has_two_symbols_and_blank_ones_are_not_counted(by: str, text: str) -> None:
    text = f"two words\n{text}"
    full = [line for line in text.split("\n") if line.strip()]
    kept = [line for line in full if len(split(line, by)) > 1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
        corpus = read_corpus("-", by)
    assert [list(corpus.symbols(line)) for line in corpus.lines] == [split(line, by) for line in kept]
    assert corpus.left_out == len(full) - len(kept)
    assert corpus.vocabulary == vocabulary_of([symbol for line in kept for symbol in split(line, by)])
