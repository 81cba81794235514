"""Where each value stands in the workbook: the sheets Inputs and Unrolled, as rows and columns of cells.

Nothing here writes a workbook: the terminal prints these addresses too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from rnnwalk.errors import InputError
from rnnwalk.names import Names
from rnnwalk.terms import Index, Term, unfold
from rnnwalk.trace import Node
from rnnwalk.walks import Walk

MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576  # Excel's
SPARE = 20  # columns for signs, headings and notes
MOST_CELLS = 1_000_000  # of a file that a computer in a classroom still opens

INPUTS, WALK, UNROLLED = "Inputs", "Walk", "Unrolled"
HEADS, FIRST = 2, 3  # the columns of row headings and of the first numbers
STEPS, LETTERS, NEXT, STATUS, EDITED = 5, 6, 7, 8, 9  # the rows of the word, on Inputs


@cache
def column_letters(column: int) -> str:
    """1 to A, 27 to AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Place(NamedTuple):
    """A cell: of a matrix, the one at its top left."""

    sheet: str
    row: int
    column: int

    def to(self, at: Index) -> "Place":
        """The cell of an element of the matrix that begins here."""
        return Place(self.sheet, self.row + at[0], self.column + at[1])

    @property
    def cell(self) -> str:
        return f"{column_letters(self.column)}{self.row}"

    def __str__(self) -> str:
        sheet = f"'{self.sheet}'" if " " in self.sheet else self.sheet
        return f"{sheet}!{self.cell}"


@dataclass
class Band:
    """The rows of one field on Unrolled. node: at the first letter; top: the row of its title; row: of its
    first number; weights: drawn left of it, as far as its formula uses them.
    """

    node: Node
    top: int
    row: int
    weights: dict[Node, Place] = field(default_factory=dict)


def leaves(term: Term) -> list[Node]:
    """The values that a term is made of, in the order in which they are written."""
    if term.op == "leaf":
        return [term.node] if term.node is not None and term.node.op != "constant" else []
    return list(dict.fromkeys(node for arg in term.args for node in leaves(arg)))


class Layout:
    """home: the cell where a value is given or computed; drawn: where Unrolled shows it.

    Raises InputError for a walk that no workbook can hold.
    """

    def __init__(self, walk: Walk) -> None:
        self.names: Names = walk.names
        self.length = walk.length
        self.home: dict[Node, Place] = {}
        self.drawn: dict[Node, Place] = {}
        self.bands: list[Band] = []
        self._groups: dict[str, list[Node]] = {}
        for node, name in walk.names.of.items():
            self._groups.setdefault(name.group, []).append(node)
        self._inputs()
        self._unrolled()
        self._check()

    def of(self, group: str) -> list[Node]:
        """The nodes of a group, in order."""
        return self._groups[group]

    def letter(self, step: int) -> Place:
        """The cell of the word's letter ``step``, from 1 (the last one is only a target)."""
        return Place(INPUTS, LETTERS, FIRST + step - 1)

    def _inputs(self) -> None:
        row = EDITED + 2
        for node in [*self.of("weight"), *self.of("initial")]:
            self.home[node] = Place(INPUTS, row + 2, FIRST)  # under its title and the headings of its columns
            row += 3 + node.shape[0]
        for group in ("input", "target"):
            nodes = self.of(group)
            for node in nodes:
                self.home[node] = Place(INPUTS, row + 1, FIRST + (self.names.of[node].letter or 1) - 1)
            row += 2 + max(node.shape[0] for node in nodes)
        self.vocabulary = Place(INPUTS, self.home[self.of("input")[0]].row, HEADS)
        self.inputs_end = row

    def _unrolled(self) -> None:
        names = self.names.of
        forward = self.of("forward")
        steps: dict[str, list[Node]] = {}
        for node in [*self.of("initial"), *self.of("input"), *self.of("target"), *forward]:
            if names[node].letter is not None:
                steps.setdefault(names[node].field, []).append(node)
        terms = {node: self.parts(node) for node in forward if names[node].letter == 1}
        used = {node: [part for part in parts if names[part].group == "weight"] for node, parts in terms.items()}
        self.before = FIRST + max(sum(part.shape[1] for part in weights) for weights in used.values())  # time 0
        row = 7
        for node, parts in terms.items():
            new = [part for part in parts if names[part].group in ("input", "target")]
            for part in [*new, node]:
                if any(band.node is part for band in self.bands):
                    continue
                weights = used.get(part, [])
                band = Band(part, row, row + (2 if weights else 1 if part.shape[0] > 1 else 0))
                column = FIRST
                for weight in weights:
                    band.weights[weight] = Place(UNROLLED, band.row, column)
                    column += weight.shape[1]
                for each in steps[names[part].field]:
                    self.drawn[each] = Place(UNROLLED, band.row, self.before + (names[each].letter or 0))
                self.bands.append(band)
                row = band.row + part.shape[0] + (1 if part is not self.names.node.get("p_1") else 5)
        self.whole = [node for node in forward if names[node].letter is None]
        for node in self.whole:
            self.drawn[node] = Place(UNROLLED, row, self.before + 1)
            row += 2
        for node in forward:
            self.home[node] = self.drawn[node]
        self.unrolled_end = row

    def parts(self, node: Node) -> list[Node]:
        """The named values that a value is made of."""
        return leaves(unfold(node, None, lambda other: other in self.names.of))

    @property
    def last(self) -> int:
        """The last column of Unrolled."""
        return self.before + self.length

    def _check(self) -> None:
        if self.last + SPARE > MOST_COLUMNS:
            fits = MOST_COLUMNS - self.before - SPARE + 1
            raise InputError(
                f"a workbook has {MOST_COLUMNS:,} columns, one for each step: a text of {self.length + 1:,} symbols with "
                f"these weights does not fit; take at most {max(fits, 0):,} symbols, or fewer hidden units"
            )
        if self.unrolled_end > MOST_ROWS or self.inputs_end > MOST_ROWS:
            raise InputError(
                f"a workbook has {MOST_ROWS:,} rows and this network needs "
                f"{max(self.unrolled_end, self.inputs_end):,}; take fewer hidden units or a smaller vocabulary"
            )
        # each weight is drawn on four sheets
        cells = sum(node.value.size for node in self.drawn) + 4 * sum(node.value.size for node in self.of("weight"))
        if cells > MOST_CELLS:
            raise InputError(
                f"this walk has {cells:,} numbers, more than the {MOST_CELLS:,} that a workbook is good for; "
                "take a shorter text or fewer hidden units"
            )


def addresses(walk: Walk) -> Callable[[Node, Index], str | None]:
    """Where ``rnnwalk export`` puts each number: ``Unrolled!F12``; None for all of a walk that no workbook can hold."""
    try:
        home = Layout(walk).home
    except InputError:
        home = {}

    def address(node: Node, at: Index) -> str | None:
        return str(home[node].to(at)) if node in home else None

    return address
