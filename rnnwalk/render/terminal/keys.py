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
    try:
        tty.setcbreak(handle)
        yield lambda: _posix_key(handle)
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


def _posix_key(handle: int) -> str:
    import select

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
