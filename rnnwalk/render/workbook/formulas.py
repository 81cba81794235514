"""Excel formulas, read off the trace: an expression printed in the spreadsheet notation, its leaves as addresses."""

import re
from collections.abc import Callable

from rnnwalk.errors import InputError
from rnnwalk.layout.addresses import CellRef, column_letters
from rnnwalk.render.workbook.left_out import instead
from rnnwalk.trace.expression import Expr, Index
from rnnwalk.trace.notation import ATOM, CALL, SPREADSHEET, Notation, Rule, call, write
from rnnwalk.trace.record import Node
from rnnwalk.walks.names import Names

MOST_CHARACTERS = 8_192  # of a formula in Excel
MOST_ARGUMENTS = 255  # of a function
EXPLICIT = 8  # a sum of more products is written over ranges

# Single cells, and the ranges that long sums run over; SUM(MMULT()) is a row by a column.
CELLS: Notation = SPREADSHEET | {
    "range": Rule(ATOM, (ATOM,), "{0}:{1}"),
    "sum": call("SUM"),
    "sumproduct": call("SUMPRODUCT"),
    "sumsq": call("SUMSQ"),
    "rowbycolumn": Rule(CALL, (0,), "SUM(MMULT({0}, {1}))"),
}

# For sheets that repeat a formula down a column. Where a hundred cells or more do, LibreOffice (7.4 at least) leaves
# the first SUM, MAX or SUMSQ of a range as it was before an edit; SUMPRODUCT and single cells are right.
STACKED: Notation = CELLS | {
    "sum": call("SUMPRODUCT"),
    "sumsq": Rule(CALL, (0,), "SUMPRODUCT({0},{0})"),
}

Where = Callable[[Node], CellRef]
Address = Callable[[Node, CellRef], str]
"""Writes the address of a cell, with the node whose value it holds."""
Blank = Callable[[int, int], str]
"""The condition that a shortened word does not have a step; of words side by side, the one of a column."""


class Writer:
    """Writes elements as formulas. where: the cell of each value that has a name; blank: where that holds, a value is what
    stands for it in a shortened word.
    """

    def __init__(
        self, names: Names, where: Where, address: Address, notation: Notation = CELLS, blank: Blank | None = None
    ) -> None:
        self.names = names
        self.notation = notation
        self.where = where
        self.address = address
        self.blank = blank

    def element(self, node: Node, at: Index) -> str:
        """The formula of one element; raises InputError where Excel could not hold it."""
        expr = self.names.expr(node, at, live=True)
        text = "=" + write(self._ranges(expr), self.notation, self._leaf)
        text = re.sub(r"(\w+!)([^:!()]+):\1", r"\1\2:", text)  # Inputs!C3:Inputs!C9
        other = instead(self.names, node) if self.blank else None
        if self.blank and other:
            carried = "0" if other.source is None else self.address(other.source, self.where(other.source).to(at))
            text = f"=IF({self.blank(other.letter, at[1])},{carried},{text[1:]})"
        if len(text) > MOST_CHARACTERS:
            raise InputError(
                f"the formula of {self.names.key(node, at)} has {len(text):,} characters and Excel takes "
                f"{MOST_CHARACTERS:,}; take {self.names.problem.shorter}, fewer hidden units or a smaller vocabulary"
            )
        return text

    def _place(self, leaf: Expr) -> CellRef:
        assert leaf.node is not None
        return self.where(leaf.node).to(leaf.at or (0, 0))

    def _leaf(self, leaf: Expr) -> tuple[str, int]:
        assert leaf.node is not None
        return self.address(leaf.node, self._place(leaf)), ATOM

    def _ranges(self, expr: Expr) -> Expr:
        """The expression with sums over neighbouring cells written as ranges."""
        args = expr.args
        if expr.op in ("series", "total", "max") and all(_cell(arg) for arg in args):
            line = self._line(args, MOST_ARGUMENTS if expr.op == "max" else EXPLICIT)
            return Expr("max" if expr.op == "max" else "sum", (line,)) if line else expr
        if expr.op == "series" and all(arg.op == "square" and _cell(arg.args[0]) for arg in args):
            line = self._line(tuple(arg.args[0] for arg in args))
            return Expr("sumsq", (line,)) if line else expr
        products = all(arg.op == "multiply" and all(_cell(part) for part in arg.args) for arg in args)
        if expr.op in ("dot", "series") and len(args) > EXPLICIT and products:
            lines = [self._range(tuple(arg.args[side] for arg in args)) for side in (0, 1)]
            left, right = lines
            if left and right:
                flat = [self._flat(line) for line in (left, right)]
                if flat[0] == flat[1]:
                    return Expr("sumproduct", (left, right))
                return Expr("rowbycolumn", (left, right) if flat[0] else (right, left))
        return Expr(expr.op, tuple(self._ranges(arg) for arg in args), expr.node, expr.at, expr.value)

    def _line(self, cells: tuple[Expr, ...], most: int = EXPLICIT) -> Expr | None:
        """The range of neighbouring cells in any order; None on a stacked sheet for so few that they are written out."""
        if self.notation is STACKED and len(cells) <= most:
            return None
        return self._range(cells) or self._range(cells[::-1])  # of letters: the last one comes first

    def _range(self, cells: tuple[Expr, ...]) -> Expr | None:
        """The range of cells that stand in one line, in order."""
        places = [self._place(cell) for cell in cells]
        if len(places) < 2:
            return None
        step = (places[1].row - places[0].row, places[1].column - places[0].column)
        if step not in ((0, 1), (1, 0)):
            return None
        first = places[0]
        if all(place == first.to((i * step[0], i * step[1])) for i, place in enumerate(places)):
            return Expr("range", (cells[0], cells[-1]))
        return None

    def _flat(self, line: Expr) -> bool:
        first, last = (self._place(cell) for cell in line.args)
        return first.row == last.row


def _cell(expr: Expr) -> bool:
    return expr.op == "leaf"


class Unrolled:
    """Formulas of a sheet whose columns are letters: written for one letter, then moved to the others as if copied.

    What has a time is written as a distance in columns; what has none keeps its column: $C12.
    """

    def __init__(self, names: Names, where: Where, steps: int | None) -> None:
        """steps: the row of the numbers of the steps, each empty where the word was shortened; None where none can be."""
        self.names = names
        self.where = where
        self.steps = steps

    def row(self, node: Node, at: Index) -> Callable[[int], str]:
        """The formula of an element as a function of its column."""
        here, letter = self.where(node).column, self.names.labels[node].letter or 0
        wide = len(self.names.problem.sequences)

        def address(leaf: Node, place: CellRef) -> str:
            away = place.sheet != self.where(node).sheet
            if self.names.labels[leaf].letter is not None:
                return f"{f'{place.sheet}!' if away else ''}<{place.column - here}>{place.row}"
            return place.fixed if away else f"${place.cell}"

        def blank(step: int, _: int) -> str:
            return f'<{(step - letter) * wide}>${self.steps}=""'

        text = Writer(self.names, self.where, address, blank=blank if self.steps else None).element(node, at)
        fixed, *moving = re.split("<(-?[0-9]+)>", text)
        distances, rests = [int(distance) for distance in moving[::2]], moving[1::2]

        def moved(column: int) -> str:
            parts = [column_letters(column + distance) + rest for distance, rest in zip(distances, rests, strict=True)]
            return fixed + "".join(parts)

        return moved


def likeness(names: Names, node: Node) -> object:
    """What a value's equation is made of, and what stands for it where a letter was left out, times counted from its own
    letter: equal for every letter of a field.
    """
    letter, other = names.labels[node].letter or 0, instead(names, node)

    def leaf(part: Node) -> object:
        label = names.labels[part]
        return (label.field, None if label.letter is None else label.letter - letter, part.shape)

    def key(expr: Expr) -> object:
        if expr.op != "leaf" or expr.node is None:
            return (expr.op, expr.value if expr.op == "constant" else None, *map(key, expr.args))
        return leaf(expr.node)

    return key(names.expr(node)), leaf(other.source) if other and other.source else None
