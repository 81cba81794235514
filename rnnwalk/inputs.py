"""Reading what a person names: files, pipes and standard input, through one door, and never more than a limit."""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from rnnwalk.encoding import Place, check_encoding, letter_of, undecodable
from rnnwalk.errors import InputError, near
from rnnwalk.text import named

STDIN = "-"
BLOCK = 2**20  # bytes that are read at once
PATIENCE = 10.0  # seconds in which somebody must open a named pipe to write into it
ALIKE = 0.8  # of the letters of two names
PACKED = {  # what compressed files begin with
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7z",
    **{b"BZh%d1AY&SY" % level: "bzip2" for level in range(1, 10)},
}
WORKBOOKS = (".xlsx", ".xlsm", ".ods")
MOST_NAMES = 2000  # of a folder, among which a missing one is looked for


class Wanted(NamedTuple):
    """what: is expected, in words, such as "a text"; most: bytes that are read of it; longest: characters of a line."""

    what: str
    most: int
    longest: int | None = None

    def too_large(self, verb: str = "is larger") -> str:
        return f"{verb} than {self.most >> 20} MiB, the limit for {self.what}; take a smaller one"


def label(name: str) -> str:
    """What an input is called in a sentence."""
    return "stdin" if name == STDIN else named(name)


def same_file(name: str, other: Path) -> bool:
    """Whether an input is that file, under whatever name; standard input may come from a file (``< text``)."""
    try:
        given = os.fstat(sys.stdin.fileno()) if name == STDIN else Path(name).stat()
        return os.path.samestat(given, other.stat())
    except (OSError, ValueError, AttributeError):  # AttributeError: standard input is closed, and so None
        return False


def chunks(name: str, wanted: Wanted) -> Iterator[bytes]:
    """The bytes of a file, of a pipe or ("-") of standard input, block by block, none of them empty.

    Raises InputError for what is not there, cannot be read, or is more than ``wanted.most`` bytes: whatever it calls
    itself, its size is counted.
    """
    seen = 0
    with _told(name):
        for block in _standard() if name == STDIN else _blocks(name, wanted):
            seen += len(block)
            if seen > wanted.most:
                raise InputError(f"{label(name)}: {wanted.too_large()}")
            yield block


def check_there(name: str, wanted: Wanted) -> None:
    """Raise InputError, as ``chunks`` will, for what is not there or no file, before anything else takes its time."""
    if name != STDIN:
        with _told(name):
            _status(name, wanted)


@contextlib.contextmanager
def _told(name: str) -> Iterator[None]:
    """What a system says of an input that it cannot read, in a sentence."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{label(name)}: {_missing(Path(name))}") from None
    except InputError:
        raise
    except (OSError, ValueError) as error:
        closed = name == STDIN and getattr(error, "errno", None) == errno.EBADF
        why = "it is closed" if closed else getattr(error, "strerror", None) or error
        raise InputError(f"{label(name)}: cannot be read ({why})") from None


def whole(name: str, wanted: Wanted) -> bytes:
    """All the bytes that ``chunks`` reads."""
    return b"".join(chunks(name, wanted))


def lines(name: str, wanted: Wanted, encoding: str | None = None) -> Iterator[str]:
    """The lines of a text, while it is read, without their ends.

    encoding: as Python names it, where a person may choose one; UTF-8 otherwise.
    LF, CRLF and CR end a line; a byte-order mark is dropped. Raises InputError as ``chunks`` does, for an encoding that
    is not known, at the first byte that does not fit it, and for a line of more than ``wanted.longest`` characters,
    the beginning of which comes first: whoever reads it may know better what is wrong with it.
    """
    import codecs
    import io

    characters = codecs.getincrementaldecoder(check_encoding("utf-8" if encoding is None else encoding))()
    decoder = io.IncrementalNewlineDecoder(characters, translate=True)
    seen, begun = 0, False
    line: list[str] = []  # in pieces, for it may be as long as the text
    number, length, letter = 1, 0, ""
    for block in chain(chunks(name, wanted), [b""]):
        if not seen:
            check_unpacked(name, block)
        known = seen - len(characters.getstate()[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeError as error:
            at = known + getattr(error, "start", 0)
            place = Place(at + 1, number + block[: max(0, at - seen)].count(b"\n"), letter)
            raise InputError(f"{label(name)}: {undecodable(place, block, encoding)}") from None
        seen += len(block)
        if text and not begun:
            text, begun = text.removeprefix("\ufeff"), True
        letter = letter or letter_of(text)
        first, *others = text.split("\n")
        line.append(first)
        if others:
            yield "".join(line)
            yield from others[:-1]
            line = others[-1:]
            number, length = number + len(others), 0
        length += len(line[-1])
        if wanted.longest is not None and length > wanted.longest:
            yield "".join(line)
            raise InputError(
                f"{label(name)}: line {number} is longer than {wanted.longest >> 20} MiB; expected {wanted.what}"
            )
    yield "".join(line)


def check_unpacked(name: str, block: bytes) -> None:
    """Raise InputError for what begins as a compressed file does, where a text is expected."""
    kind = next((kind for mark, kind in PACKED.items() if block.startswith(mark)), None)
    if kind == "zip" and name.lower().endswith(WORKBOOKS):
        raise InputError(f"{label(name)}: is a workbook; save its sheet as CSV")
    if kind is not None:
        raise InputError(f"{label(name)}: is compressed ({kind}); unpack it first, and name what was in it")


def _standard() -> Iterator[bytes]:
    if sys.stdin is None:
        raise InputError("stdin: is closed; name a file")
    while block := sys.stdin.buffer.read(BLOCK):
        yield block


def _blocks(name: str, wanted: Wanted) -> Iterator[bytes]:
    """The blocks of a file or a pipe, and of a device only if standard input is that one. Raises OSError and InputError."""
    status = _status(name, wanted)
    pipe = stat.S_ISFIFO(status.st_mode)
    if not pipe and not stat.S_ISREG(status.st_mode):
        yield from _standard()
        return
    # Not to wait: to open a pipe would last until somebody writes into it, to read some files of the system for ever.
    handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if pipe and os.name != "nt":
            yield from _begun(handle, name)
            os.set_blocking(handle, True)
        while block := os.read(handle, BLOCK):
            yield block
    finally:
        os.close(handle)


def _status(name: str, wanted: Wanted) -> os.stat_result:
    """What a system says of a file, a pipe or standard input. Raises OSError, and InputError for anything else."""
    status = Path(name).stat()
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{label(name)}: is a directory; expected {wanted.what}")
    if not stat.S_ISFIFO(status.st_mode) and not stat.S_ISREG(status.st_mode) and not _is_standard(status):
        raise InputError(f"{label(name)}: is a device or a socket; expected {wanted.what}")
    if stat.S_ISREG(status.st_mode) and status.st_size > wanted.most:
        raise InputError(f"{label(name)}: {wanted.too_large()}")
    return status


def _is_standard(status: os.stat_result) -> bool:
    """Whether it is standard input by another name, such as /dev/stdin."""
    try:
        return os.path.samestat(status, os.fstat(0))
    except OSError:
        return False


def _begun(handle: int, name: str) -> Iterator[bytes]:
    """Wait until somebody writes into a pipe, or has done so; at most one byte is read of it. Raises InputError."""
    import select
    import time

    events = select.poll()
    events.register(handle, select.POLLIN)
    end = time.monotonic() + PATIENCE
    while not events.poll(20):  # neither bytes nor an end
        try:
            first = os.read(handle, 1)
        except BlockingIOError:  # none yet, but somebody is there: as long as it takes
            return
        if first:
            yield first
            return
        if time.monotonic() > end:
            raise InputError(
                f"{label(name)}: is a pipe that nobody writes into; start what writes first, or name a file"
            )


def _missing(path: Path) -> str:
    """What is said of a name that is not there: where its link leads, or a near name in the same folder."""
    if path.is_symlink():
        return f"is a link to {named(path.readlink())}, which does not exist"
    names: list[str] = []
    with contextlib.suppress(OSError):
        names = [item.name for item in islice(path.parent.iterdir(), MOST_NAMES)]
    like = [name for name in names if _alike(path, Path(name))]
    return f"no such file{near(str(path), [str(path.parent / name) for name in like])}"


def _alike(path: Path, other: Path) -> bool:
    """Whether one name may be a slip for the other: the ending that all files share makes no two of them alike."""
    return bool(near(path.stem, [other.stem], ALIKE)) and bool(near(path.suffix, [other.suffix], ALIKE))
