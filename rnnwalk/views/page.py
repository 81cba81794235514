"""A page and the blocks that it is made of: what a renderer draws, and nothing of how."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from rnnwalk.engine.notes import Array
from rnnwalk.marked import Marked
from rnnwalk.trace.expression import Index


class Prose(NamedTuple):
    """A paragraph. dated: it tells of the recorded run, in words that cannot follow when a number is changed."""

    text: str
    dated: bool = False


class Formula(NamedTuple):
    """An equation in symbols (and in LaTeX), with the same in shapes; key: of the value that it makes."""

    text: str
    latex: str
    shapes: str
    key: str = ""


class Matrix(NamedTuple):
    """A matrix to be drawn in brackets. digits: decimals of its numbers; role: what kind of quantity it is;
    lit: the places of the element that is followed and of what it is made of; row, column: those that are pointed at;
    key: what a value of the walk is called, such as h_2; picked: rows and columns that are shown in any case, as far
    as there is room: those that matter most come first.
    """

    label: str
    values: Array  # (rows, columns)
    row_heads: list[str]
    column_heads: list[str]
    digits: int
    role: str = ""
    lit: frozenset[tuple[int, int]] = frozenset()
    row: int | None = None
    column: int | None = None
    key: str = ""
    picked: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


class Equation(NamedTuple):
    """Matrices side by side with the signs between them: [W]·[x] = [result]."""

    parts: list[Matrix | str]


class Matrices(NamedTuple):
    """Matrices that stand for themselves, side by side as far as there is room."""

    matrices: list[Matrix]


class Track(NamedTuple):
    """A quantity over time. most: the size that has the strongest shade; of: which element of a value each number is."""

    name: str
    role: str
    values: list[float]
    most: float
    of: tuple[tuple[str, Index], ...] = ()


class Strip(NamedTuple):
    """Quantities over time, a row each, under the symbols that are read; numbers are shaded by their size. name: what it
    shows, for those who only hear it.
    """

    heads: Sequence[str]
    tracks: list[Track]
    digits: int
    whole: bool = False  # drawn in several bands where it does not fit, instead of losing its middle
    name: str = ""


SHADES = 4


def shade(value: float, most: float) -> int:
    """How strong a number's shade is: 0 to SHADES."""
    return min(SHADES, round(SHADES * min(abs(value) / most, 1))) if isfinite(value) else 0


class Lines(NamedTuple):
    """Lines of arithmetic, one element each: symbol = numbers put in = result; it is the one that is followed.

    of: which element each line tells of, where it is one of the walk's: the value's key and the place; chosen: how it was
    chosen, where that follows from numbers: a name of ``FOLLOWED`` in render/page/follow.js, and what that is asked for.
    """

    lines: list[str]
    of: tuple[tuple[str, Index] | None, ...] = ()
    chosen: tuple[str | int, ...] = ()


class Commands(NamedTuple):
    """Commands to try, to be copied as they are."""

    lines: list[str]


class Table(NamedTuple):
    """headings and rows of texts; numeric columns are aligned right. bars: the column of numbers (0 … 1) drawn as bars,
    with a role each, "probability quiet" for what is neither said nor true; roles: what kind of quantity each column has;
    lists: columns of several numbers, two blanks between, whose last ones may be left out where there is no room;
    of: which element of a value a cell (row, column) shows: the value's key and the place; dated: see ``Prose``;
    ranked: of many answers the likeliest have a row: after which letter, in which column, and which answers these are;
    shares: of which steps the bars tell, where each is a step's share of what moved the answer most; name: what it shows,
    for those who only hear it.
    """

    headings: list[str]
    rows: list[list[str]]
    numeric: frozenset[int] = frozenset()
    bars: list[float] | None = None
    bar_roles: list[str] | None = None
    roles: tuple[str, ...] = ()
    lists: frozenset[int] = frozenset()
    of: Mapping[Index, tuple[str, Index]] = MappingProxyType({})
    dated: bool = False
    ranked: tuple[int, int, tuple[int, ...]] | None = None
    shares: tuple[int, ...] = ()
    name: str = ""

    def without(self, columns: Collection[int]) -> "Table":
        """The table without some columns; one without bars."""
        kept = [column for column in range(len(self.headings)) if column not in columns]
        return Table(
            [self.headings[column] for column in kept],
            [[row[column] for column in kept] for row in self.rows],
            frozenset(at for at, column in enumerate(kept) if column in self.numeric),
            roles=tuple(self.roles[column] for column in kept),
            lists=frozenset(at for at, column in enumerate(kept) if column in self.lists),
            dated=self.dated,
            name=self.name,
        )


class Question(NamedTuple):
    """A reader's question, answered where it arises. dated: see ``Prose``."""

    question: str
    answer: str
    dated: bool = False


class Drawing(NamedTuple):
    """Lines of text whose columns matter. name: what they show, for those who only hear it."""

    lines: list[str]
    name: str = ""


class Fitted(NamedTuple):
    """A drawing that is made for its paper. draw: its lines, from the columns there are and how a text is spelled;
    dated: see ``Prose``, here where another symbol is read or true; name: what it shows, for those who only hear it.
    """

    draw: Callable[[int, Callable[[str], str]], list[str]]
    dated: bool = False
    name: str = ""


class Picture(NamedTuple):
    """A drawing in signs of one column, with names in brackets. roles: what each name is, such as "forget gate" for f;
    name: what it shows, for those who only hear it.
    """

    lines: list[str]
    roles: dict[str, str]
    name: str = ""

    @property
    def marked(self) -> list[Marked]:
        """The lines, whose names in brackets know what they are."""
        lines = [re.split(r"(\[[^]]*\])", line) for line in self.lines]
        return [
            Marked((text, self.roles.get(text.strip("[]"), "") if i % 2 else "") for i, text in enumerate(line))
            for line in lines
        ]


class Tree(NamedTuple):
    """Lines with their depth below the root: a tree, each line followed by what it was made from."""

    lines: list[tuple[int, str]]


Block: TypeAlias = (
    Prose
    | Formula
    | Equation
    | Matrices
    | Strip
    | Lines
    | Commands
    | Table
    | Question
    | Drawing
    | Fitted
    | Picture
    | Tree
)


class Page(NamedTuple):
    """One step of a walk. title: with its number; key: the quantity it makes, if any; letter: its time step."""

    title: str
    blocks: list[Block]
    key: str = ""
    letter: int | None = None


class LazyPage(NamedTuple):
    """A page that is yet to be made. title, letter, step, key: to list and to find it by; footer: in few words."""

    title: str
    make: Callable[[], Page]
    letter: int | None = None
    step: str = ""
    key: str = ""
    footer: str = ""


def what_next(commands: Sequence[str]) -> list[Page]:
    """A page with the commands to try next, if there are any."""
    return [Page("What next?", [Commands([*commands])])] if commands else []
