"""The three streams of a run: closed ones, full ones, and ones whose reader has gone."""

import os
import sys
import warnings
from collections.abc import Iterable
from contextlib import suppress
from io import TextIOWrapper
from typing import IO, Any

from rnnwalk.errors import Note
from rnnwalk.text import JSON

MOST = 65_535  # columns or lines, the most that a terminal can tell


class Remarks:
    """Standard error. What is said there never stops the work: when it takes nothing more, the rest goes nowhere."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        try:
            return self.stream.write(text)
        except OSError:
            abandon(self.stream)
            return len(text)

    def flush(self) -> None:
        settle(self.stream)


def prepare() -> None:
    """Make the streams safe to use, and the size that the environment names for the screen a possible one; notes of what
    was read are said as sentences."""
    sys.stdin = sys.stdin or _missing("r", os.O_WRONLY)  # reading will fail
    sys.stdout = sys.stdout or _missing("w", os.O_RDONLY)  # so will writing
    sys.stderr = sys.stderr or _missing("w", os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what it cannot encode is an escape, never a crash
    if not isinstance(sys.stderr, Remarks):
        sys.stderr = Remarks(sys.stderr)
    others = warnings.showwarning

    def told(message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
        if issubclass(category, Note):
            say(str(message))
        else:
            others(message, category, *rest, **more)

    warnings.showwarning = told
    for name in ("COLUMNS", "LINES"):
        size = os.environ.get(name, "").lstrip("0")
        if not (size.isascii() and size.isdigit()):
            os.environ.pop(name, None)
        elif len(size) > len(str(MOST)) or int(size) > MOST:
            os.environ[name] = str(MOST)


def say(text: str) -> None:
    """A line on standard error; what it quotes must not steer the terminal."""
    from rnnwalk.model.symbols import revealed

    print(revealed(text), file=sys.stderr)


def write_json(chunks: Iterable[str]) -> None:
    """Write JSON to standard output; what its encoding cannot hold, half a character too, stays JSON."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors=JSON)
    for chunk in chunks:
        sys.stdout.write(chunk)


def settle(stream: IO[str]) -> None:
    """Write what a stream still holds, or let it go nowhere: nobody is to hear of it when Python ends."""
    try:
        stream.flush()
    except OSError:
        abandon(stream)


def _missing(mode: str, flags: int) -> IO[str]:
    """In the place of a stream that is closed: it keeps its number from a file that is opened later."""
    return open(os.open(os.devnull, flags), mode, encoding="utf-8")  # noqa: PTH123


def abandon(stream: IO[str]) -> None:
    """Let what a stream still holds, and whatever follows, go nowhere."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
