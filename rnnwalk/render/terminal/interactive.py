"""One step at a time on a terminal, with the keys of a pager."""

from collections.abc import Callable

from rich.console import Console
from rich.control import Control

from rnnwalk.model.symbols import width as cells
from rnnwalk.render.glyphs import spell
from rnnwalk.render.terminal.keys import keyboard, stop
from rnnwalk.render.terminal.matrix import Line
from rnnwalk.render.terminal.screen import Printed, paper_for
from rnnwalk.render.terminal.screenfuls import screenfuls
from rnnwalk.views.page import LazyPage, Page, Prose, Table

PART = ["4a, Enter", "go to step 4a from here, or the next one that there is"]
KEYS = [
    ["→ ↓ Space Enter n", "next"],
    ["← ↑ b p", "back"],
    ["g  G", "first, last"],
    [
        "5, Enter",
        "go to step 5 of this letter, or the next that has one; where no letter is shown, or none has it, to page 5",
    ],
    PART,
    ["l", "list the pages: ↑ ↓ choose, Enter goes there"],
    ["h", "how was this made?"],
    ["?", "these keys"],
    ["q", "quit; back from a list or an explanation"],
]
# What the footer tells of the keys: on a page, over one, in the list; and what goes first where there is little room.
FOOTER, OVER, CHOOSE = (
    ["→ next", "← back", "l list", "h how?", "? keys", "q quit"],
    ["→ next", "q back"],
    ["↑↓ choose", "Enter go", "q back"],
)
DROPPED = ["l list", "h how?", "← back", "→ next", "? keys"]
SPARE = 3  # of them, that are dropped before the words on the left
NEXT = {"right", "down", "space", "enter", "n"}
BACK = {"left", "up", "b", "p", "backspace"}
DIGITS = set("0123456789")
PARTS = set("ab")  # of a step that has two, after its number
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
        self.over: Page | None = None  # a page laid over the step: the keys, how it was made
        self.chosen: int | None = None  # a step of the list, while that is shown
        self.said = ""  # the answer to a key

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
                if pressed in ("interrupt", "stop", "awake") or (pressed == "q" and not self._above()):
                    return pressed
                self.press(pressed)

    def press(self, key: str) -> None:
        """Move as a key says; a key without a meaning is answered."""
        self.said = ""
        if key == "draw":
            return
        if key in DIGITS or (self.typed and key in PARTS):
            self.typed = (self.typed + key)[-LONGEST:]
            return
        if self.typed and key == "backspace":
            self.typed = self.typed[:-1]
            return
        typed, self.typed = self.typed, ""
        if typed and key == "enter":
            self._go_to(typed)
        elif self.chosen is not None and self._choose(self.chosen, key):
            pass
        elif key in NEXT:
            self._turn(1)
        elif key in BACK:
            self._turn(-1)
        elif self._above() and key in ("q", "escape"):
            self._lay(None)
        elif key in ("g", "home"):
            self._go(0)
        elif key in ("G", "end"):
            self._go(len(self.pages) - 1)
        elif key == "l":
            self._lay(None)
            self.chosen = self.step
        elif key == "h":
            made = self.pages[self.step].key
            text = "This page makes no number; go to a step and ask again."
            self._lay(self.how(made) if made else Page("How was this made?", [Prose(text)]))
        elif key == "?":
            parts = any(page.step == "4a" for page in self.pages)
            self._lay(Page("Keys", [Table(["key", "does"], [row for row in KEYS if parts or row is not PART])]))
        else:
            name = f"“{key}”" if len(key) == 1 and key.isprintable() else "that key"
            self.said = f"{name} does nothing here; ? shows the keys"

    def _above(self) -> bool:
        """Whether something lies over the step."""
        return self.over is not None or self.chosen is not None

    def _choose(self, chosen: int, key: str) -> bool:
        """Move through the list as a key says; whether it was one of the list's."""
        moves = {"up": -1, "p": -1, "down": 1, "n": 1, "space": 1, "left": -self._room(), "right": self._room()}
        if key == "enter":
            self._go(chosen)
        elif key in moves or key in ("g", "home", "G", "end"):
            to = chosen + moves[key] if key in moves else 0 if key in ("g", "home") else len(self.pages) - 1
            self.chosen = min(max(to, 0), len(self.pages) - 1)
        return key == "enter" or key in moves or key in ("g", "home", "G", "end")

    def _go_to(self, typed: str) -> None:
        """Go where was typed: to a step, such as 5 or 4a, of this letter or the next that has it, or to a page by its number."""
        steps = self._steps(typed)
        if steps:
            self._go(steps[0])
        elif typed[-1] not in DIGITS:
            self.said = f"there is no step {typed}; l lists the pages"
        elif 1 <= int(typed) <= len(self.pages):
            self._go(int(typed) - 1)
        else:
            self.said = f"there is no page {typed}, only 1 to {len(self.pages)}"

    def _steps(self, typed: str) -> list[int]:
        """The pages of a step, from this letter on; before them, where a part was typed and none follows. 4 is 4a, too. A mere
        number is none of a step where no letter is shown.
        """
        letter, number = self.pages[self.step].letter, typed[-1] in DIGITS
        if letter is None and number:
            return []
        found = [i for i, page in enumerate(self.pages) if page.step in (typed, f"{typed}a")]
        here = [i for i in found if (self.pages[i].letter or 0) >= (letter or 0)]
        if letter and number and not here:  # what step 1 does has another number at later letters
            named = [f"{self.pages[i].key.removesuffix('1')}{letter}" for i in found if self.pages[i].letter == 1]
            return [i for i, page in enumerate(self.pages) if page.key in named]
        return here if here or number else found

    def _is_page(self, typed: str) -> bool:
        """Whether what is typed is the number of a page."""
        return typed[-1] in DIGITS and not self._steps(typed)

    def _room(self) -> int:
        """The lines between a title and the footer."""
        return max(self.console.height - 4, 2)

    def _lay(self, page: Page | None) -> None:
        self.over, self.chosen = page, None
        self.screenful = 0

    def _go(self, step: int) -> None:
        self._lay(None)
        self.step = min(max(step, 0), len(self.pages) - 1)

    def _turn(self, direction: int) -> None:
        """The next or previous screenful, and after the last one the next step."""
        screens = len(self.screens())
        if 0 <= self.screenful + direction < screens:
            self.screenful += direction
        elif self.over is not None:
            self._lay(None)
        elif 0 <= self.step + direction < len(self.pages):
            self._go(self.step + direction)
            self.screenful = 0 if direction > 0 else len(self.screens()) - 1
        else:
            self.said = f"this is the {'last' if direction > 0 else 'first'} page"

    def screens(self) -> list[list[Line]]:
        """The lines of the page in screenfuls that leave a row for the footer."""
        if self.chosen is not None:
            return [self._list(self.chosen)]
        lines = self.paper.page(self.over or self.pages[self.step].make())
        return screenfuls(lines, max(self.console.height - 2, 3))

    def _list(self, chosen: int) -> list[Line]:
        """The pages by their titles, as many as there is room for around the one that is chosen, which has a mark."""
        rows, wide = self._room(), len(str(len(self.pages)))
        first = min(max(chosen - rows // 2, 0), max(len(self.pages) - rows, 0))
        lines: list[Line] = [[("The pages", "title")], [("", "")]]
        for i, page in list(enumerate(self.pages))[first : first + rows]:
            text = spell(f"{'>' if i == chosen else ' '} {i + 1:>{wide}}  {page.title}", self.paper.encoding)
            lines.append(
                [(cut(text, self.paper.width, spell("…", self.paper.encoding)), "title" if i == chosen else "")]
            )
        return lines

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

    def _fits(self, left: str, keys: list[str]) -> bool:
        """Whether some words and some keys have room in the footer."""
        return cells(spell(f"{left}   {' · '.join(keys)}", self.paper.encoding)) < self.paper.width

    def footer(self, screens: int) -> str:
        """page 7/42 · letter 2 “e” · step 5, and at its right the keys that matter, or the answer to one."""
        page = self.pages[self.step]
        number, screen = f"page {self.step + 1}/{len(self.pages)}", f"screen {self.screenful + 1}/{screens}"
        place = [number, *([screen] if screens > 1 else [])]
        left = " · ".join([number, *([page.footer] if page.footer else []), *place[1:]])
        width = self.paper.width - 1
        right = self.said or (
            f"go to {'page' if self._is_page(self.typed) else 'step'} {self.typed}: Enter" if self.typed else ""
        )
        if not right:
            keys = list(CHOOSE if self.chosen is not None else OVER if self.over else FOOTER)
            # The letter and the step stand in the page's heading, too, which is in sight on its first screen.
            least = keys if self.screenful == 0 else [key for key in keys if key not in DROPPED[:SPARE]]
            if not self._fits(left, least):
                left = " · ".join(place)
            for key in DROPPED:
                if key in keys and not self._fits(left, keys):
                    keys.remove(key)
            right = " · ".join(keys)
        left, right = (spell(text, self.paper.encoding) for text in (left, right))
        gap = width - cells(left) - cells(right)
        return (
            f"{left}{' ' * gap}{right}"
            if gap > 1
            else cut(right if self.said or self.typed else f"{left} · {right}", width)
        )


def cut(text: str, width: int, end: str = "") -> str:
    """The text, or as much of it as there is room for, with a sign at its end."""
    if cells(text) <= width:
        return text
    while text and cells(text + end) > width:
        text = text[:-1]
    return text + end
