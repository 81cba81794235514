"""The cells of a workbook: which sheets there are, and how an element of a matrix finds its cell."""

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node

MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576  # Excel's
SPARE = 20  # columns for signs, headings and notes
MOST_CELLS = 1_000_000  # of a file that a computer in a classroom still opens

START, INPUTS, WALK, UNROLLED, CHECKS = "Start", "Inputs", "Walk", "Unrolled", "Checks"
BACKPROP, TRAINING, NUDGE = "Backprop", "Training", "Nudge"
HEADS, FIRST = 2, 3  # the columns of row headings and of the first numbers
STEP, READ = 4, 5  # the rows of the headings over the columns of Unrolled and Backprop
STEPS, LETTERS, NEXT, STATUS, EDITED = 5, 6, 7, 8, 9  # the rows of the word, on Inputs
WIDE = 8  # columns that stand on a page together with what is made of them


@cache
def column_letters(column: int) -> str:
    """1 to A, 27 to AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class CellRef(NamedTuple):
    """A cell: of a matrix, the one of its first element.

    down, right: how many rows and columns further the next row and the next column of the matrix begin,
    so that a matrix can also stand transposed, or unrolled into one column or one row of cells.
    """

    sheet: str
    row: int
    column: int
    down: Index = (1, 0)
    right: Index = (0, 1)

    def to(self, at: Index) -> "CellRef":
        """The cell of an element of the matrix that begins here."""
        (a, b), (c, d) = self.down, self.right
        return CellRef(self.sheet, self.row + at[0] * a + at[1] * c, self.column + at[0] * b + at[1] * d)

    @property
    def cell(self) -> str:
        return f"{column_letters(self.column)}{self.row}"

    @property
    def local(self) -> str:
        """The cell on its own sheet, as it stays when a formula is copied: $C$13."""
        return f"${column_letters(self.column)}${self.row}"

    @property
    def fixed(self) -> str:
        """The same for any other sheet: Inputs!$C$13."""
        return f"{self.sheet}!{self.local}"

    def __str__(self) -> str:
        sheet = f"'{self.sheet}'" if " " in self.sheet else self.sheet
        return f"{sheet}!{self.cell}"


def wide(rows: int, columns: int) -> bool:
    """Whether a matrix is drawn turned, its columns as rows: beside a column of as many numbers that costs no height."""
    return columns > max(rows, WIDE)


def drawn_shape(node: Node) -> tuple[int, int]:
    """The rows and columns of cells that a value takes where it is drawn turned if it is wide."""
    rows, columns = node.shape
    return (columns, rows) if wide(rows, columns) else (rows, columns)


def placed(node: Node, place: CellRef) -> CellRef:
    """The cells of such a value that begin at a place."""
    return place._replace(down=(0, 1), right=(1, 0)) if wide(*node.shape) else place


@dataclass
class RowBlock:
    """The rows of one field on Unrolled or Backprop. node: at the first letter; top: the row of its title; row: of its
    first number; weights: drawn left of it, as far as its formula uses them.
    """

    node: Node
    top: int
    row: int
    weights: dict[Node, CellRef] = field(default_factory=dict)


def headings(weights: bool) -> int:
    """The rows that such a block begins with: its caption, and its formula or the symbols and headings of its weights."""
    return 3 if weights else 1
