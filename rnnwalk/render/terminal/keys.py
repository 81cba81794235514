"""Single key presses from a terminal, which is put back as it was on any way out."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator

NAMED = {
    "\x1b[C": "right", "\x1b[D": "left", "\x1b[A": "up", "\x1b[B": "down", "\x1bOC": "right", "\x1bOD": "left",
    "\x1bOA": "up", "\x1bOB": "down", "\x1b[H": "home", "\x1b[F": "end", "\x1b[5~": "left", "\x1b[6~": "right",
    "\r": "enter", "\n": "enter", " ": "space", "\x7f": "backspace", "\x08": "backspace", "\x1b": "escape",
    "\x03": "interrupt", "\x04": "q", "": "q",
}  # fmt: skip


@contextlib.contextmanager
def keyboard() -> Iterator[Callable[[], str]]:
    """A function that waits for one key and names it ("right", "enter", "q", "7" ...)."""
    if os.name == "nt":
        yield _windows_key
        return
    import termios
    import tty

    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    with _signals() as anew:
        try:
            tty.setcbreak(handle)
            yield lambda: _posix_key(handle, anew)
        finally:
            termios.tcsetattr(handle, termios.TCSADRAIN, before)


@contextlib.contextmanager
def _signals() -> Iterator[int]:
    """A handle that can be read when the screen must be drawn anew; a demand to end leaves by the way of an exit."""
    import signal

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    def note(number: int, _: object) -> None:
        """Only a signal with a handler of its own is told to the handle."""

    anew, told = os.pipe()
    os.set_blocking(told, False)
    handlers = {signal.SIGWINCH: note, signal.SIGCONT: note, signal.SIGTERM: end, signal.SIGHUP: end}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    signal.set_wakeup_fd(told)
    try:
        yield anew
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(anew)
        os.close(told)


def _posix_key(handle: int, anew: int) -> str:
    import select

    if anew in select.select([handle, anew], [], [])[0]:
        os.read(anew, 4096)
        return "draw"
    text = os.read(handle, 1).decode("latin-1")
    while text.startswith("\x1b") and text not in NAMED.keys() - {"\x1b"} and len(text) < 5:
        if not select.select([handle], [], [], 0.05)[0]:
            break
        text += os.read(handle, 1).decode("latin-1")
    return NAMED.get(text, text)


def _windows_key() -> str:
    import msvcrt

    sign: str = msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]
    if sign in "\x00\xe0":
        code: str = msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]
        return {
            "M": "right",
            "K": "left",
            "H": "up",
            "P": "down",
            "G": "home",
            "O": "end",
            "I": "left",
            "Q": "right",
        }.get(code, "")
    return NAMED.get(sign, sign)
