"""The screen: a console of the right width and colours, and pages printed on it."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import IO

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment

from rnnwalk.render.glyphs import signs
from rnnwalk.render.terminal.matrix import Line
from rnnwalk.render.terminal.paper import Paper
from rnnwalk.render.terminal.style import plain, segments
from rnnwalk.views.page import Page

PIPED = 80  # columns when the output is not a terminal


class Printed:
    """Laid-out lines, by rich's own protocol: one segment a piece, nothing is measured again."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if console.color_system is None:
            yield Segment(plain(self.lines))
        else:
            yield from segments(self.lines, few=console.color_system in ("standard", "windows"))


class Screen(Console):
    """A console that leaves it to the command line to end quietly when its reader has gone."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def make_console(file: IO[str] | None = None) -> Console:
    """The console for results: plain and 80 columns wide off a terminal (COLUMNS decides otherwise)."""
    file = file or sys.stdout
    terminal = file.isatty()
    columns = os.environ.get("COLUMNS")  # a number from 1, or none: the command line has seen to that
    width = int(columns) if columns else None
    plain = not terminal and not os.environ.get("FORCE_COLOR")
    return Screen(
        file=file,
        width=width if width or terminal else PIPED,
        color_system=None if plain or os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
        legacy_windows=False,
    )


def can_be_redrawn(console: Console) -> bool:
    """Whether there is somebody at the keys, and a screen that can be cleared."""
    return sys.stdin.isatty() and console.file.isatty() and not console.is_dumb_terminal


def encoding_of(file: IO[str]) -> str:
    """The encoding of an output, as its pages are to be spelled."""
    return getattr(file, "encoding", None) or "utf-8"


def paper_for(console: Console) -> Paper:
    """Pages laid out for a console."""
    encoding = encoding_of(console.file)
    return Paper(console.width, encoding, signs(encoding))


def fits(console: Console, lines: int) -> Callable[[Page], bool]:
    """Whether a page takes at most so many lines of a console, with the blank one after it."""
    paper = paper_for(console)
    return lambda page: len(paper.page(page)) < lines


def show(pages: Iterable[Page], console: Console) -> None:
    """Print pages as they are made, a blank line after each."""
    paper = paper_for(console)
    for page in pages:
        console.print(Printed([*paper.page(page), [("", "")]]), end="")
