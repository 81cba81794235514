"""The walk on a real (pseudo) terminal, by its keys."""

import os
import re
import select
import signal
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import command, heed_interrupts

pty = pytest.importorskip("pty", reason="a pseudo-terminal needs Unix")
termios = pytest.importorskip("termios")
fcntl = pytest.importorskip("fcntl")

PATIENCE = 20  # seconds for what must come
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """rnnwalk on a pseudo-terminal of 80 × 24."""

    def __init__(self, *arguments: str) -> None:
        self.process, self.handle = pty.fork()
        if self.process == 0:
            env = {**os.environ, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
            for name in ("COLUMNS", "LINES"):
                env.pop(name, None)
            heed_interrupts()
            time.sleep(0.1)  # until the terminal has its size
            os.execve(sys.executable, [sys.executable, "-m", "rnnwalk", *arguments], env)
        os.set_blocking(self.handle, False)
        self.resize(80, 24)
        self.before = termios.tcgetattr(self.handle)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def piece(self) -> str | None:
        """What came in a tenth of a second; None when the terminal was left."""
        if not select.select([self.handle], [], [], 0.1)[0]:
            return ""
        try:
            return os.read(self.handle, 65536).decode("utf-8", "replace") or None
        except OSError:
            return None

    def read(self, until: str) -> str:
        """What is shown up to a text that must come."""
        shown, stop = "", time.monotonic() + PATIENCE
        while until not in ESCAPES.sub("", shown):
            piece = self.piece()
            ended = piece is None or time.monotonic() > stop
            assert not ended, f"{until!r} never came; shown: {ESCAPES.sub('', shown)[-500:]}"
            shown += piece or ""
        return shown

    def type(self, keys: str) -> None:
        rest, stop = keys.encode(), time.monotonic() + PATIENCE
        while rest:
            assert time.monotonic() < stop, f"the keys {rest[:20]!r} were not read"
            if select.select([], [self.handle], [], 0.1)[1]:
                rest = rest[os.write(self.handle, rest) :]

    def press(self, keys: str, until: str) -> str:
        self.type(keys)
        return ESCAPES.sub("", self.read(until))

    def leave(self, keys: str) -> tuple[int, str]:
        """The exit code, and what was written on the way out."""
        self.type(keys)
        shown, stop = "", time.monotonic() + PATIENCE
        while (piece := self.piece()) is not None:
            assert time.monotonic() < stop, f"the walk did not end; shown: {ESCAPES.sub('', shown)[-500:]}"
            shown += piece
        return self.ended(stop), shown

    def ended(self, stop: float) -> int:
        """The exit code."""
        while not (found := os.waitpid(self.process, os.WNOHANG))[0]:
            assert time.monotonic() < stop, "the walk left its terminal and did not end"
            time.sleep(0.01)
        self.process = 0
        return os.waitstatus_to_exitcode(found[1])

    def close(self) -> None:
        os.close(self.handle)
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


@pytest.fixture
def hello() -> Iterator[Terminal]:
    terminal = Terminal("walk", "--interactive")
    try:
        terminal.read("step 1/25")
        yield terminal
    finally:
        terminal.close()


@pytest.mark.parametrize("key", ["n", " ", "\r", "\x1b[C", "\x1b[B"])
def test_next_and_back(hello: Terminal, key: str) -> None:
    hello.press(key, "step 2/25")
    hello.press("p", "step 1/25")
    hello.leave("q")


def test_a_number_jumps_and_the_footer_names_step_letter_and_quantity(hello: Terminal) -> None:
    hello.press("12\r", "step 12/25 · letter 2 “e” · h")
    hello.press("G", "step 25/25")
    hello.press("g", "step 1/25")
    hello.leave("q")


def test_how_was_this_made_and_the_list_and_the_keys(hello: Terminal) -> None:
    hello.press("12\r", "step 12/25")
    hello.press("h", "h₂[1] = tanh(0.846060 + 0.863014)")
    hello.press("l", "The weights and their shapes")
    hello.press("?", "how was this made?")
    hello.leave("qq")


@pytest.mark.usefixtures("background")
@pytest.mark.parametrize(("keys", "code"), [("q", 0), ("\x03", 0)])
def test_the_terminal_is_put_back_on_the_way_out(hello: Terminal, keys: str, code: int) -> None:
    exit_code, shown = hello.leave(keys)
    assert exit_code == code
    assert "\x1b[?1049l" in shown, "the alternate screen is left"
    assert "\x1b[?25h" in shown, "the cursor is back"
    assert termios.tcgetattr(hello.handle)[3] == hello.before[3], "echo and line editing are back"


@pytest.mark.parametrize("keys", ["²\r", "٣\r", "9" * 5000 + "\r", "\x1b[200~", "ü", "\x1b\x1b\x1b[Z"])
def test_keys_without_a_meaning_do_no_harm(hello: Terminal, keys: str) -> None:
    hello.type(keys)
    hello.press("g", "step 1/25")
    assert hello.leave("qq")[0] == 0


def test_a_digit_is_taken_back(hello: Terminal) -> None:
    hello.press("12", "go to 12")
    hello.press("\x7f\r", "step 1/25")
    hello.press("12", "go to 12")
    hello.press("\x7f3\r", "step 13/25")
    hello.leave("q")


def test_a_terminal_of_another_size_is_drawn_anew(hello: Terminal) -> None:
    hello.resize(30, 12)
    assert "screen 1/" in ESCAPES.sub("", hello.read("screen 1/"))
    hello.leave("q")


def test_a_step_that_is_longer_than_the_terminal_is_read_screen_by_screen(hello: Terminal) -> None:
    hello.resize(30, 12)
    hello.read("screen 1/")
    hello.press("n", "screen 2/")
    hello.press("p", "screen 1/")
    assert hello.leave("q")[0] == 0


def test_before_the_first_step_and_after_the_last_there_is_nothing(hello: Terminal) -> None:
    hello.press("p", "step 1/25")
    hello.press("G", "step 25/25")
    hello.press("n", "step 25/25")
    assert hello.leave("q")[0] == 0


@pytest.mark.parametrize("key", ["q", "\x1b", "n", "p"])
def test_a_page_over_the_step_is_laid_aside(hello: Terminal, key: str) -> None:
    hello.press("?", "how was this made?")
    hello.press(key, "The network, unrolled")
    assert hello.leave("q")[0] == 0


def test_training_shows_on_a_terminal_how_far_it_is() -> None:
    terminal = Terminal("train", "hello", "--epochs", "200")
    try:
        code, shown = terminal.leave("")
    finally:
        terminal.close()
    assert code == 0
    assert re.search(r"\d+/200 loss \d\.\d{4} says ", ESCAPES.sub("", shown))
    assert "200/200" in shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_terminal_is_put_back_when_the_walk_is_told_to_end(hello: Terminal, number: signal.Signals) -> None:
    os.kill(hello.process, number)
    exit_code, shown = hello.leave("")
    assert exit_code == 128 + number
    assert "\x1b[?1049l" in shown
    assert termios.tcgetattr(hello.handle)[3] == hello.before[3]


def test_interactive_in_a_pipe_prints_everything_and_ends(tmp_path: Path) -> None:
    done = command("walk", "--interactive", cwd=tmp_path, stdin=None)
    assert (done.returncode, b"What next?" in done.stdout) == (0, True)
