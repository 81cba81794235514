"""The sheet One letter: equations in bands under each other, as many side by side as a page is wide."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from rnnwalk.layout.addresses import CellRef, drawn_shape, placed
from rnnwalk.trace.record import Node

ONE = "One letter"
CHOICE = CellRef(ONE, 2, 6)  # where the reader chooses the letter
TOP, LEFT = 4, 1  # the row of the first band, the first column


class Drawn(NamedTuple):
    """An equation on the sheet. row: of its title; top: of its first numbers; whole: whether all of its parts are drawn, or
    the result alone; places: the first number of each part of the band so far, which the result is made of or not.
    """

    row: int
    top: int
    whole: bool
    places: dict[Node, CellRef]


class Packed(NamedTuple):
    """The equations in their order; the row after the last band; the last column; whether the end of a page cuts one."""

    drawn: list[Drawn]
    end: int
    last: int
    cut: bool


def pack(
    equations: list[list[Node]],
    widest: int,
    page: int,
    beside: Callable[[Node], int],
    headed: Callable[[Node], bool],
    over: Callable[[Node], int],
    alone: Collection[Node],
    begins: Node | None,
) -> Packed:
    """Where each equation stands, which is given as its parts, the result last.

    widest: columns of a band, but for an equation that is wider alone; page: columns of a page, at whose end no equation
    is cut that has room behind it; beside: the columns left of a part, for the sign before it and for its row headings;
    headed: whether names stand over a part's columns; over: the columns that the text over a result takes that is drawn
    without what it is made of: all of alone, and those whose band shows what they are made of already; begins: a result
    that begins a band of its own.
    """

    def wide(parts: list[Node]) -> int:
        return sum(beside(part) + drawn_shape(part)[1] for part in parts)

    def columns(parts: list[Node], whole: bool) -> int:
        return wide(parts) if whole else max(wide(parts[-1:]), over(parts[-1]))

    bands: list[list[tuple[list[Node], bool, int]]] = []
    column, last, cut, here = LEFT, LEFT, False, set[Node]()
    for parts in equations:
        apart = parts[-1] in alone
        whole = not apart and not here.issuperset(parts[:-1])
        column -= not whole and not apart
        needed = columns(parts, whole)
        if column < LEFT + page < column + needed <= LEFT + widest:
            column = LEFT + page
        if not bands or parts[-1] is begins or column + needed > LEFT + widest:
            whole, column, here = not apart, LEFT, set()
            bands.append([])
        shown = parts if whole else parts[-1:]
        bands[-1].append((shown, whole, column))
        here.update(shown)
        end = column + columns(parts, whole)
        cut = cut or column < LEFT + page < end
        last, column = max(last, end - 1), end + 1
    drawn: list[Drawn] = []
    row = TOP
    for band in bands:
        inside = [part for shown, _, _ in band for part in shown]
        top = row + 2 + any(map(headed, inside))  # under the titles, the symbols and the headings
        places: dict[Node, CellRef] = {}
        for shown, whole, column in band:
            for part in shown:
                places[part] = placed(part, CellRef(ONE, top, column + beside(part)))
                column += wide([part])
            drawn.append(Drawn(row, top, whole, dict(places)))
        row = top + max(drawn_shape(part)[0] for part in inside) + 1
    return Packed(drawn, row - 1, last, cut)
