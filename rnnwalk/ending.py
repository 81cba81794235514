"""What ends a run before its time: Ctrl-C, Ctrl-\\, a demand to end (SIGTERM), a terminal that closes (SIGHUP), the end
of the processor time that is allowed (SIGXCPU), and every other signal by which a process ends unless it says otherwise.

Not those that tell of a fault of the program, nor those that Python ignores.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

NAMES = "INT TERM HUP QUIT XCPU USR1 USR2 ALRM VTALRM PROF IO PWR"
SIGNALS = [getattr(signal, f"SIG{name}") for name in NAMES.split() if hasattr(signal, f"SIG{name}")]


class Ended(SystemExit):
    """A signal ends the run. code: 128 and the signal's number, as a shell has it."""

    code: int

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


@contextmanager
def handling(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """``handler`` for SIGNALS, and then again what was there before.

    What is ignored stays so: Ctrl-C in a background job, SIGHUP under nohup. Only the main thread gets signals.
    """
    main = threading.current_thread() is threading.main_thread()
    ours = [number for number in SIGNALS if main and signal.getsignal(number) not in (signal.SIG_IGN, None)]
    before = {number: signal.signal(number, handler) for number in ours}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


_obeyed: list[int] = []
_leaving = False
LAST_STREAM = 2  # the number of standard error
_arrivals: int | None = None  # the end of a pipe into which Python writes the number of each signal when it comes


def heed() -> None:
    """Obey signals from now on, until ``leave``: for a program, not for a library."""
    for number in SIGNALS:
        if signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, _obey)
    _note_arrivals()
    other = sys.unraisablehook

    def report(lost: "sys.UnraisableHookArgs") -> None:
        """What a destructor could not hand on; a signal is obeyed all the same, by ``check``."""
        if not _obeyed:  # a signal, or what it left half done
            other(lost)

    sys.unraisablehook = report


def _note_arrivals() -> None:
    global _arrivals
    if os.name == "nt" or _arrivals is not None:
        return
    reading, writing = os.pipe()
    if min(reading, writing) <= LAST_STREAM:  # it stands in the place of one that is closed
        os.close(reading)
        os.close(writing)
        return
    for end in (reading, writing):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    _arrivals = reading


def _first(number: int) -> int:
    """The signal that came first of those that are known by now: Python hands on the lowest number first."""
    with suppress(BlockingIOError):
        for came in b"" if _arrivals is None else os.read(_arrivals, 1000):
            if came in SIGNALS:
                return came
    return number


def _obey(number: int, frame: FrameType | None) -> None:
    """End the run by an exception, so that everything on the way out is put in order."""
    number = number if _obeyed else _first(number)
    _obeyed.append(number)
    if _leaving:
        return
    if number == signal.SIGINT:
        signal.default_int_handler(number, frame)
    raise Ended(number)


def check() -> None:
    """Raise Ended for a signal whose exception got lost, as in the end of an object, or in what catches everything."""
    if _obeyed:
        raise Ended(_obeyed[0])


def leave() -> int | None:
    """From now on signals change nothing. The exit code of the one that was obeyed first, or None."""
    global _leaving
    _leaving = True
    for number in SIGNALS:
        if signal.getsignal(number) is _obey:  # to what has a handler Python gives back the default before it is gone
            signal.signal(number, signal.SIG_IGN)
    return 128 + _obeyed[0] if _obeyed else None


class Ending:
    """Work that may be ended at any time, and then something that nothing may disturb::

        with Ending() as ending:
            try:
                with ending.heeded():
                    ...  # work, and now and then ending.check()
            finally:
                ...  # keep what it made

    While it is heeded, the first signal raises ``Ended``, wherever the main thread is. All others wait until the
    end, and are obeyed there; the exit code is that of the first.
    """

    def __init__(self) -> None:
        self._heeding = False
        self._first: int | None = None
        self._waiting = False
        self._handling = handling(self._note)

    def __enter__(self) -> "Ending":
        self._handling.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:
        self._handling.__exit__(None, None, None)
        if self._waiting and self._first is not None and kind is None:
            raise Ended(self._first)

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Here a signal is obeyed at once."""
        self._heeding = True
        try:
            self.check()
            yield
        finally:
            self._heeding = False

    def check(self) -> None:
        """Raise Ended for a signal that came before, or whose exception got lost, as in the end of an object."""
        if self._first is not None:
            self._waiting = False
            raise Ended(self._first)

    def _note(self, number: int, _: FrameType | None) -> None:
        heeded = self._heeding
        self._first = self._first or _first(number)
        # Here, not where the exception is caught: a second signal must not come in between.
        self._heeding, self._waiting = False, not heeded
        if heeded:
            raise Ended(self._first)
