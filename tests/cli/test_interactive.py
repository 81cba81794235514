"""The walk on a real (pseudo) terminal, by its keys."""

import codecs
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

from rnnwalk.render.terminal.screenfuls import screenfuls
from tests.examples import sampled

from . import ready
from .conftest import command
from .ready import UNMEASURED

pty = pytest.importorskip("pty", reason="a pseudo-terminal needs Unix")
termios = pytest.importorskip("termios")
fcntl = pytest.importorskip("fcntl")

PATIENCE = 20  # seconds for what must come
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program on a pseudo-terminal of 80 × 24: rnnwalk, or another that runs it."""

    def __init__(self, *arguments: str, size: tuple[int, int] = (96, 24), program: str = "", **names: str) -> None:
        self.handle, inside = pty.openpty()
        self.resize(*size)
        env = {**UNMEASURED, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
        for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
            env.pop(name, None)
        streams = [inside] * 3
        self.process = (
            ready.Fresh([program, *arguments], None, env | names, streams, terminal=True)
            if program
            else ready.start("", *arguments, env=env | names, streams=streams, terminal=True)
        )
        os.close(inside)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a sign may come in two pieces
        os.set_blocking(self.handle, False)
        self.before = termios.tcgetattr(self.handle)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def piece(self) -> str | None:
        """What came in a tenth of a second; None when the terminal was left."""
        if not select.select([self.handle], [], [], 0.1)[0]:
            return ""
        try:
            data = os.read(self.handle, 65536)
            return self.decoder.decode(data) if data else None
        except OSError:
            return None

    def read(self, until: str) -> str:
        """What is shown up to a text that must come."""
        shown, piece, stop = "", "", time.monotonic() + PATIENCE
        while until not in ESCAPES.sub("", shown[-len(piece or "") - 5000 :]):  # all of it again would take long
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
        code = self.process.wait(timeout=max(0, stop - time.monotonic()))
        assert code is not None, "the walk left its terminal and did not end"
        return code

    def close(self) -> None:
        os.close(self.handle)
        if self.process.wait(timeout=0) is None:
            self.process.kill()
            self.process.wait(timeout=PATIENCE)


@pytest.fixture
def hello() -> Iterator[Terminal]:
    terminal = Terminal("walk", "--interactive")
    try:
        terminal.read("page 1/25")
        yield terminal
    finally:
        terminal.close()


def test_next_and_back(hello: Terminal) -> None:
    hello.press("2\r", "page 2/25")
    for key in ("n", " ", "\r", "\x1b[C", "\x1b[B"):
        hello.press(key, "page 3/25")
        hello.press("p", "page 2/25")
    hello.leave("q")


def test_a_number_jumps_and_the_footer_names_step_letter_and_quantity(hello: Terminal) -> None:
    hello.press("12\r", "page 12/25 · letter 2 “e” · step 5")
    hello.press("G", "page 25/25")
    hello.press("g", "page 1/25")
    hello.leave("q")


def test_a_step_that_has_two_parts_is_gone_to_by_its_name(hello: Terminal) -> None:
    hello.press("4b\r", "page 11/25 · letter 2 “e” · step 4b")
    hello.press("4a\r", "page 10/25 · letter 2 “e” · step 4a")
    hello.press("17\r", "page 17/25 · letter 3")
    hello.press("4a\r", "page 15/25 · letter 3 “l” · step 4a")
    hello.press("9a\r", "there is no step 9a; l lists the pages")
    hello.press("b", "page 14/25")
    hello.leave("q")


def test_a_number_goes_to_the_step_of_the_letter_where_it_has_one(hello: Terminal) -> None:
    hello.press("5\r", "page 5/25 · letter 1")  # in the opening no step is shown
    hello.press("4\r", "page 10/25 · letter 2 “e” · step 4a")  # the first letter has none
    hello.press("15\r", "page 15/25 · letter 3 “l” · step 4a")
    hello.press("5", "go to step 5: Enter")
    hello.press("\r", "page 17/25 · letter 3 “l” · step 5")
    hello.press("4\r", "page 15/25 · letter 3 “l” · step 4a")  # which has two parts
    hello.press("6\r", "letter 3 “l” · step 6")
    hello.press("3\r", "page 17/25 · letter 3 “l” · step 5")  # where step 3 of the first letter is 5
    hello.press("1\r", "page 16/25 · letter 3 “l” · step 4b")
    hello.press("20", "go to page 20: Enter")
    hello.press("\r", "page 20/25 · letter 4")
    hello.leave("q")


def test_the_footer_tells_the_keys_and_what_has_no_meaning_is_answered(hello: Terminal) -> None:
    hello.resize(80, 24)
    hello.press("12\r", "→ next · ← back · l list · h how? · ? keys · q quit")
    hello.press("x", "“x” does nothing here; ? shows the keys")
    hello.press("ж", "“ж” does nothing here; ? shows the keys")
    hello.press("日", "“日” does nothing here; ? shows the keys")
    hello.press("99\r", "there is no page 99, only 1 to 25")
    hello.press("\x1b", "that key does nothing here")
    hello.press("l", "↑↓ choose · Enter go · q back")
    hello.leave("qq")


def test_the_list_is_moved_through_and_left_for_the_page_that_was_chosen(hello: Terminal) -> None:
    hello.press("l", ">  1  The network, unrolled")
    hello.press("\x1b[B\x1b[B", ">  3  The weights and their shapes")
    hello.press("\x1b[A", ">  2  The letters as numbers")
    hello.press("G", "> 25  The whole word")
    hello.press("\x1b[5~\x1b[6~\x1b[A\r", "page 24/25")
    hello.press("l", "> 24")
    hello.press("q", "→ next")
    hello.leave("q")


def test_how_was_this_made_and_the_list_and_the_keys(hello: Terminal) -> None:
    hello.press("12\r", "page 12/25")
    hello.press("h", "h₂[1] = tanh(0.846060 + 0.863014)")
    hello.press("l", "The weights and their shapes")
    hello.press("?", "how was this made?")
    hello.leave("qq")


@pytest.mark.usefixtures("background")
@pytest.mark.parametrize(("keys", "code"), [("q", 0), ("\x03", 130), ("\x1c", 131)])
def test_the_terminal_is_put_back_on_the_way_out(hello: Terminal, keys: str, code: int) -> None:
    exit_code, shown = hello.leave(keys)
    assert exit_code == code
    assert "\x1b[?1049l" in shown, "the alternate screen is left"
    assert "\x1b[?25h" in shown, "the cursor is back"
    assert termios.tcgetattr(hello.handle)[3] == hello.before[3], "echo and line editing are back"


def test_keys_without_a_meaning_do_no_harm(hello: Terminal) -> None:
    for keys in ("²\r", "٣\r", "\x1b[200~", "ü", "9" * 50 + "\r"):
        hello.type(keys)
        hello.press("G", "page 25/25")
        hello.press("g", "page 1/25")
    assert hello.leave("\x1b\x1b\x1b[Zqq")[0] == 0


def test_a_digit_is_taken_back(hello: Terminal) -> None:
    hello.press("12", "go to page 12")
    hello.press("\x7f\r", "page 1/25")
    hello.press("12", "go to page 12")
    hello.press("\x7f3\r", "page 13/25")
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


def test_what_stands_together_is_on_one_screen_and_nothing_is_lost() -> None:
    """A capital is a line with a head, as of a strip or a matrix, # one of a heading, _ a blank one, : one that ends so; of
    all else that is cut the last line is repeated.
    """

    def cut(text: str, room: int) -> list[str]:
        roles = {"#": "title"}
        lines = [[(line.strip("_"), "head" if line.isupper() else roles.get(line, ""))] for line in text]
        return ["".join(line[0][0] or "_" for line in screen) for screen in screenfuls(lines, room)]

    assert cut("ab_Cdef_g", 5) == ["ab", "Cdef", "g"]
    assert cut("ab_cDeF_g", 5) == ["ab", "cDeF", "g"]  # a matrix, whose rows have heads
    assert cut("ab_cdef_g", 5) == ["ab_cd", "def_g"]
    assert cut("ab_Cd_Ef", 5) == ["ab_Cd", "Ef"]
    assert cut("ab_c_Def_g", 6) == ["ab", "c_Def", "g"]  # with the words that tell what it is
    assert cut("ab_c_Def_g", 8) == ["ab", "c_Def_g"]  # and the line that follows one of its numbers
    assert cut("ab_c_Defgh", 6) == ["ab_c", "Defgh"]
    assert cut("abc_:_efg", 6) == ["abc", ":_efg"]
    assert cut("ab_Cdefg", 8) == ["ab_Cdefg"]
    assert cut("ab_Cdefghij", 5) == ["ab_Cd", "defgh", "hij"]
    assert cut("abc_##_def", 7) == ["abc", "##_def"]
    assert cut("abcdefg_hi_j", 9) == ["abcdefg", "hi_j"]  # a short paragraph is not cut


def test_before_the_first_step_and_after_the_last_there_is_nothing(hello: Terminal) -> None:
    hello.press("p", "this is the first page")
    hello.press("G", "page 25/25")
    hello.press("n", "screen 2/2")
    hello.press("n", "this is the last page")
    assert hello.leave("q")[0] == 0


def test_a_page_over_the_step_is_laid_aside(hello: Terminal) -> None:
    for key in ("q", "\x1b", "n", "p"):
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
    os.kill(hello.process.pid, number)
    exit_code, shown = hello.leave("")
    assert exit_code == 128 + number
    assert "\x1b[?1049l" in shown
    assert termios.tcgetattr(hello.handle)[3] == hello.before[3]


def test_interactive_in_a_pipe_prints_everything_and_ends(tmp_path: Path) -> None:
    done = command("walk", "--interactive", cwd=tmp_path, stdin=None)
    assert (done.returncode, b"What next?" in done.stdout) == (0, True)


@pytest.fixture
def shell() -> Iterator[Terminal]:
    """A shell with job control, whose child the walk is."""
    terminal = Terminal("--norc", "--noprofile", "--noediting", "-i", program="/bin/bash", PS1="ready> ", HISTFILE="")
    try:
        terminal.read("ready> ")
        terminal.before = termios.tcgetattr(terminal.handle)
        terminal.press(f"{sys.executable} -m rnnwalk walk -i\r", "page 1/25")
        terminal.press("7\r", "page 7/25")
        yield terminal
    finally:
        terminal.close()


needs_bash = pytest.mark.skipif(not os.access("/bin/bash", os.X_OK), reason="needs bash")


def modes(terminal: Terminal) -> tuple[bool, bool]:
    """Whether a terminal echoes, and whether it waits for whole lines."""
    mode = termios.tcgetattr(terminal.handle)[3]
    return bool(mode & termios.ECHO), bool(mode & termios.ICANON)


@needs_bash
def test_ctrl_z_puts_the_terminal_back_and_fg_takes_up_where_it_was(shell: Terminal) -> None:
    for _ in range(2):
        shell.type("\x1a")
        shown = shell.read("ready> ")
        assert "\x1b[?1049l" in shown, "the alternate screen is left"
        assert "\x1b[?25h" in shown, "the cursor is back"
        assert "Stopped" in shown
        assert modes(shell) == (True, True)
        shell.resize(90, 30)
        shell.type("fg\r")
        shown = shell.read("page 7/25")
        assert "\x1b[?1049h" in shown, "the alternate screen is entered again"
        assert "\x1b[?25l" in shown
        assert modes(shell) == (False, False)
    shell.press("n", "page 8/25")
    shell.press("q", "ready> ")
    assert modes(shell) == (True, True)
    assert "code 0" in shell.press("echo code $?\r", "code 0")


@needs_bash
def test_a_walk_that_was_stopped_waits_in_the_background_and_can_be_ended_there(shell: Terminal) -> None:
    shell.press("\x1a", "ready> ")
    wait = "bg; until jobs | grep -q Stopped; do sleep 0.1; done; echo stopped $((6 * 7))\r"
    shell.press(wait, "stopped 42")  # it needs the terminal
    shell.press("fg\r", "page 7/25")
    shell.press("\x1a", "ready> ")
    shell.press("p=$(jobs -p); kill %1; while kill -0 $p 2> /dev/null; do sleep 0.1; done\r", "Exit 143")
    assert modes(shell) == (True, True)


@needs_bash
def test_a_walk_that_another_program_stops_draws_anew_in_the_foreground(shell: Terminal) -> None:
    walk = os.tcgetpgrp(shell.handle)
    os.kill(walk, signal.SIGSTOP)
    shell.read("ready> ")
    shown = shell.press("fg\r", "page 7/25")
    assert "-m rnnwalk walk -i" in shown
    assert modes(shell) == (False, False)
    shell.press("q", "ready> ")
    assert modes(shell) == (True, True)


def test_without_a_shell_that_could_let_it_go_on_ctrl_z_only_draws_anew(hello: Terminal) -> None:
    hello.press("\x1a", "page 1/25")
    hello.press("2\r", "page 2/25")
    assert hello.leave("q")[0] == 0


def test_a_terminal_that_is_closed_ends_the_walk_with_the_code_of_a_hangup() -> None:
    terminal = Terminal("walk", "--interactive")
    terminal.read("page 1/25")
    os.close(terminal.handle)
    assert terminal.ended(time.monotonic() + PATIENCE) == 128 + signal.SIGHUP


@pytest.mark.parametrize("size", sampled(["0", "-5", "²", "99999999", "many"], "0", "²", "99999999"))
def test_a_size_that_cannot_be_is_not_believed(size: str) -> None:
    terminal = Terminal("walk", "--interactive", COLUMNS=size, LINES=size)
    try:
        terminal.read("page 1/25")
        terminal.press("2\r", "page 2/25")
        assert terminal.leave("q")[0] == 0
    finally:
        terminal.close()


@pytest.mark.parametrize("size", sampled([(1, 1), (0, 0), (2, 1), (1, 50), (65_535, 1)], (1, 1), (0, 0), (65_535, 1)))
def test_a_terminal_of_any_size_is_drawn_on_and_left(size: tuple[int, int]) -> None:
    terminal = Terminal("walk", "--interactive", size=size)
    try:
        terminal.read("page")
        terminal.type("nnp?q")
        assert terminal.leave("q")[0] == 0
    finally:
        terminal.close()


def test_a_dumb_terminal_is_shown_everything_at_once() -> None:
    terminal = Terminal("walk", "--interactive", TERM="dumb")
    try:
        code, shown = terminal.leave("")
    finally:
        terminal.close()
    assert (code, "What next?" in shown, "\x1b" in shown) == (0, True, False)


@pytest.mark.parametrize(("names", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)])
def test_a_terminal_has_colours_unless_the_reader_wants_none(names: dict[str, str], coloured: bool) -> None:
    terminal = Terminal("walk", **names)
    try:
        code, shown = terminal.leave("")
    finally:
        terminal.close()
    assert (code, bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", shown))) == (0, coloured)


@pytest.mark.parametrize("command", [("export", "hello", "-o", "h.xlsx"), ("gradcheck", "hello")])
def test_long_work_tells_what_it_does_and_leaves_nothing_of_it_on_the_terminal(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(*command)
    try:
        code, shown = terminal.leave("")
    finally:
        terminal.close()
    assert code == 0
    told = re.findall(r"\x1b\[2K(recording|drawing|writing|differentiating|central)", shown)
    assert told[0] == "recording"
    assert len(told) > 2
    assert "\x1b[1A\x1b[2K" in shown.replace("\r", "")  # the line is cleared at the end
