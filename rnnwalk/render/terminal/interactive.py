"""One step at a time on a terminal, with the keys of a pager."""

from collections.abc import Callable

from rich.console import Console
from rich.control import Control

from rnnwalk.model.symbols import width as cells
from rnnwalk.render.glyphs import spell
from rnnwalk.render.terminal.keys import keyboard, stop
from rnnwalk.render.terminal.matrices import Line
from rnnwalk.render.terminal.screen import Printed, paper_for
from rnnwalk.views.page import LazyPage, Page, Prose, Table

KEYS = [
    ["→ ↓ Space Enter n", "next"],
    ["← ↑ b p", "back"],
    ["g  G", "first, last"],
    ["a number, Enter", "go to that step"],
    ["l", "list the steps"],
    ["h", "how was this made?"],
    ["?", "these keys"],
    ["q", "quit"],
]
NEXT = {"right", "down", "space", "enter", "n"}
BACK = {"left", "up", "b", "p", "backspace"}
DIGITS = set("0123456789")
LONGEST = 9  # digits of a number that is typed


class Pager:
    """Where the reader is: a step, and the screenful of it. how: makes the page that explains a step's number."""

    def __init__(self, pages: list[LazyPage], console: Console, how: Callable[[str], Page]) -> None:
        self.pages = pages
        self.console = console
        self.paper = paper_for(console)
        self.how = how
        self.step = 0
        self.screenful = 0
        self.typed = ""
        self.over: Page | None = None  # a page laid over the step: the list, the keys, how it was made

    def run(self) -> None:
        """Show steps until the reader quits; Ctrl-Z stops it, with the terminal put back, until the shell goes on."""
        while (left := self.read()) in ("stop", "awake"):
            if left == "stop":
                stop()
        if left == "interrupt":
            raise KeyboardInterrupt

    def read(self) -> str:
        """Show steps up to a key that leaves them; the terminal is put back on any way out."""
        with keyboard() as key, self.console.screen(hide_cursor=True):
            while True:
                self.draw()
                pressed = key()
                if pressed in ("interrupt", "stop", "awake") or (pressed == "q" and not self.over):
                    return pressed
                self.press(pressed)

    def press(self, key: str) -> None:
        """Move as a key says; a key without a meaning changes nothing."""
        if key in DIGITS:
            self.typed = (self.typed + key)[-LONGEST:]
            return
        if self.typed and key == "backspace":
            self.typed = self.typed[:-1]
            return
        typed, self.typed = self.typed, ""
        if typed and key == "enter":
            self._go(int(typed) - 1)
        elif key in NEXT:
            self._turn(1)
        elif key in BACK:
            self._turn(-1)
        elif self.over and key in ("q", "escape"):
            self._lay(None)
        elif key in ("g", "home"):
            self._go(0)
        elif key in ("G", "end"):
            self._go(len(self.pages) - 1)
        elif key == "l":
            rows = [[str(i), page.title] for i, page in enumerate(self.pages, start=1)]
            self._lay(Page("The steps (type a number and Enter)", [Table(["", "step"], rows, frozenset({0}))]))
        elif key == "h":
            made = self.pages[self.step].key
            text = "This page makes no number; go to a step of a letter and ask again."
            self._lay(self.how(made) if made else Page("How was this made?", [Prose(text)]))
        elif key == "?":
            self._lay(Page("Keys", [Table(["key", "does"], KEYS)]))

    def _lay(self, page: Page | None) -> None:
        self.over = page
        self.screenful = 0

    def _go(self, step: int) -> None:
        self._lay(None)
        self.step = min(max(step, 0), len(self.pages) - 1)

    def _turn(self, direction: int) -> None:
        """The next or previous screenful, and after the last one the next step."""
        screens = len(self.screens())
        if 0 <= self.screenful + direction < screens:
            self.screenful += direction
        elif self.over:
            self._lay(None)
        elif 0 <= self.step + direction < len(self.pages):
            self._go(self.step + direction)
            self.screenful = 0 if direction > 0 else len(self.screens()) - 1

    def screens(self) -> list[list[Line]]:
        """The lines of the page in screenfuls that leave a row for the footer; the last line is repeated."""
        lines = self.paper.page(self.over or self.pages[self.step].make())
        room = max(self.console.height - 2, 3)
        if len(lines) <= room:
            return [lines]
        return [lines[i : i + room] for i in range(0, max(len(lines) - 1, 1), room - 1)]

    def draw(self) -> None:
        """Draw the screenful and its footer."""
        self.paper.width = max(self.console.width, 12)
        screens = self.screens()
        self.screenful = min(self.screenful, len(screens) - 1)
        lines = screens[self.screenful]
        room = max(self.console.height - 1, 3)
        blank: list[Line] = [[("", "")]] * (room - len(lines))
        self.console.control(Control.home(), Control.clear())
        self.console.print(Printed([*lines, *blank]), end="")
        self.console.print(self.footer(len(screens)), style="reverse", end="")

    def footer(self, screens: int) -> str:
        """step 7/42 · letter 2 “e” · h"""
        page = self.pages[self.step]
        texts = [f"step {self.step + 1}/{len(self.pages)}"]
        if page.footer:
            texts.append(page.footer)
        if screens > 1:
            texts.append(f"screen {self.screenful + 1}/{screens}")
        texts.append(f"go to {self.typed}" if self.typed else "? keys · q quit")
        text = spell(" · ".join(texts), self.paper.encoding)
        while cells(text) > self.paper.width - 1:
            text = text[:-1]
        return text
