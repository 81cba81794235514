"""The sheet One letter: equations side by side and in bands under each other, as many as a screen is wide."""

from typing import NamedTuple

from rnnwalk.layout.addresses import CellRef
from rnnwalk.trace.record import Node

ONE = "One letter"
CHOICE = CellRef(ONE, 2, 6)  # where the reader chooses the letter
TOP, LEFT = 4, 1  # the row of the first band, the first column
WIDEST, WIDER = 18, 24  # columns of a band, but for an equation that is wider alone; of a cell with many equations
MOST_ROWS = 30  # that a screen shows of the narrower ones
HEADINGS = 3  # rows over the numbers: title, symbols, columns


class Drawn(NamedTuple):
    """An equation on the sheet. row: of its title; places: the first number of each of its parts, in order."""

    row: int
    places: list[CellRef]


def pack(equations: list[list[Node]]) -> tuple[list[Drawn], int, int]:
    """Where each equation stands, which is given as its parts; then the row after the last band, and the last column.

    Each part has one column left of it: for the sign before it and for its row headings.
    """
    packed = _packed(equations, WIDEST)
    return packed if packed[1] <= MOST_ROWS else _packed(equations, WIDER)


def _packed(equations: list[list[Node]], widest: int) -> tuple[list[Drawn], int, int]:
    drawn: list[Drawn] = []
    row, column, high, last = TOP, LEFT, 0, LEFT
    for parts in equations:
        wide = sum(1 + part.shape[1] for part in parts)
        if column > LEFT and column + wide > LEFT + widest:
            row, column, high = row + HEADINGS + high + 1, LEFT, 0
        tall = max(part.shape[0] for part in parts)
        places = []
        for part in parts:
            places.append(CellRef(ONE, row + HEADINGS, column + 1))
            column += 1 + part.shape[1]
        drawn.append(Drawn(row, places))
        high, last, column = max(high, tall), max(last, column - 1), column + 1
    return drawn, row + HEADINGS + high, last
