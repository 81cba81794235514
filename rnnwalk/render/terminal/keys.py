"""Single key presses from a terminal, which is put back as it was on any way out."""

import codecs
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
    """A function that waits for one key and names it ("right", "enter", "q", "7" ...).

    Three names are no keys: "draw", the size is another; "stop", Ctrl-Z; "awake", the shell lets it go on.
    """
    if os.name == "nt":
        yield _windows_key
        return
    import termios
    import tty

    handle = sys.stdin.fileno()
    termios.tcdrain(handle)  # in the background it stops here, until it is brought forward
    before = termios.tcgetattr(handle)
    try:
        tty.setcbreak(handle)
        with _signals() as told:
            yield lambda: _posix_key(handle, told)
    finally:
        with contextlib.suppress(OSError, termios.error):  # the terminal is gone
            if os.tcgetpgrp(handle) == os.getpgrp():  # in the background it is the shell's
                termios.tcsetattr(handle, termios.TCSADRAIN, before)


def stop() -> None:
    """Stop as any program does on Ctrl-Z, until the shell lets it go on; for when the terminal is put back."""
    import signal

    signal.raise_signal(signal.SIGTSTP)


@contextlib.contextmanager
def _signals() -> Iterator[int]:
    """A handle that tells the numbers of signals that are heeded; a demand to end leaves by the way of an exit."""
    import signal

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    def note(number: int, _: object) -> None:
        """Only a signal with a handler of its own is told to the handle."""

    told, tell = os.pipe()
    os.set_blocking(tell, False)
    handlers = {
        signal.SIGWINCH: note,
        signal.SIGCONT: note,
        signal.SIGTERM: end,
        signal.SIGHUP: end,
        signal.SIGQUIT: end,
    }
    if signal.getsignal(signal.SIGTSTP) != signal.SIG_IGN:  # ignored where no shell would let it go on
        handlers[signal.SIGTSTP] = note
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    signal.set_wakeup_fd(tell)
    try:
        yield told
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(told)
        os.close(tell)


def _posix_key(handle: int, told: int) -> str:
    import select
    import signal

    if told in select.select([handle, told], [], [])[0]:
        numbers = os.read(told, 4096)
        stopped, awake = numbers.rfind(signal.SIGTSTP), numbers.rfind(signal.SIGCONT)
        return "draw" if stopped == awake else "stop" if stopped > awake else "awake"
    decoder = codecs.getincrementaldecoder(sys.stdin.encoding or "utf-8")("replace")
    read = os.read(handle, 1)
    text = decoder.decode(read)
    while read and not text:  # a letter of several bytes
        more = select.select([handle], [], [], 0.05)[0]
        text = decoder.decode(os.read(handle, 1) if more else b"", final=not more)
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
