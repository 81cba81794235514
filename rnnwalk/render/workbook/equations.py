"""Equations as they are drawn on Walk: their signs and matrices, and the columns in which these stand."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from rnnwalk.layout.addresses import WIDE, drawn_shape
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.paper import LEAST, PAGES
from rnnwalk.render.workbook.sheet import NARROW, NUMBERS, UNIT, Sheet
from rnnwalk.trace.record import Node

START = 2  # the column where drawings begin
NUMBER = NUMBERS - 1  # the width of a column of numbers
TITLES = 3  # columns of the first matrices, at least: titles stand over them


@dataclass
class Equation:
    """A value's equation as it is drawn: signs[i] stands before parts[i], the last part is the result."""

    signs: list[str]
    parts: list[Node]

    @property
    def terms(self) -> list[list[int]]:
        """The parts that stay together when an equation takes several lines, which begin with +, − or =."""
        found: list[list[int]] = []
        for i, sign in enumerate(self.signs):
            if not i or sign.lstrip(")] ")[:1] in "+−=":
                found.append([])
            found[-1].append(i)
        return found


def equation(book: Book, node: Node) -> Equation:
    """The signs and matrices of a value's equation."""
    signs, parts = [""], []
    for piece in book.derivations[node].drawing:
        if isinstance(piece, str):
            signs[-1] = piece.strip()
        else:
            parts.append(piece)
            signs.append("")
    return Equation(signs[:-1], parts)


class Columns:
    """Where the parts of equations stand, so that they stand under each other and on a page's width.

    slots: columns that each part of a line takes; heads: how wide their row headings are; wide: whether all columns are
    of one width, for matrices that need many; last: the last column. Upright pages hold most; where a term is wider than
    one, they lie on their side.
    """

    def __init__(self, sheet: Sheet, equations: list[Equation], headed: Callable[[Node], float]) -> None:
        """headed: how wide the row headings of a part are."""
        self.sheet, self.headed = sheet, headed
        self.wide = max(drawn_shape(part)[1] for each in equations for part in each.parts) > WIDE
        self.sheet.width(1, 2.5)
        for side in ("portrait", "landscape"):
            self.room = PAGES[side][0] / LEAST - self.sheet.pixels(1, 1)
            for self.most in range(max(len(each.parts) for each in equations), 1, -1):
                lines = [[each.parts[i] for i in line] for each in equations for line in self.lines(each)]
                count = max(map(len, lines))
                self.slots = [max(drawn_shape(line[i])[1] for line in lines if i < len(line)) for i in range(count)]
                self.slots[0] = max(self.slots[0], TITLES)
                self.heads = [max(self.headed(line[i]) for line in lines if i < len(line)) for i in range(count)]
                self._widths(max(map(self._end, equations)))
                if self.sheet.pixels(START, self.last) <= self.room:
                    break
            else:
                continue
            break
        while (
            self.sheet.pixels(START, self.last) + UNIT * NUMBER <= self.room
        ):  # titles and names stand over the drawing
            self.last += 1
            self.sheet.width(self.last, NUMBER)

    def lines(self, drawn: Equation) -> list[list[int]]:
        """The parts of each line of an equation: as many terms as have room."""
        lines: list[list[int]] = []
        for term in drawn.terms:
            line = [*(lines[-1] if lines else []), *term]
            if lines and (sum(self._needed(drawn.parts[i]) for i in line) > self.room or len(line) > self.most):
                lines.append(term)
            else:
                lines[-1:] = [line]
        return lines

    def _needed(self, part: Node) -> float:
        """The pixels of a part with its sign and its row headings."""
        columns = drawn_shape(part)[1]
        if self.wide:
            return UNIT * NUMBER * (1 + self._beside(part) + columns)
        return UNIT * (NARROW + self.headed(part) + NUMBER * columns)

    def _beside(self, part: Node) -> int:
        """How many columns the row headings of a part take where all are of one width."""
        return math.ceil(self.headed(part) / NUMBER) if self.wide else 1

    def of(self, parts: list[Node]) -> list[tuple[int, int, int]]:
        """For each part of a line: the columns of its sign, of its row headings, and of its first number."""
        found, column = [], START
        for i, part in enumerate(parts):
            columns = drawn_shape(part)[1]
            room = columns if self.wide else max(self.slots[i], columns)
            beside = 1 + self._beside(part)
            first = column + beside + (room - columns if i == 0 else 0)  # the first matrix ends where the others do
            found.append((first - beside, first - 1, first))
            column += beside + room
        return found

    def _end(self, drawn: Equation) -> int:
        """The last column of an equation."""
        lines = [[drawn.parts[i] for i in line] for line in self.lines(drawn)]
        return max(self.of(line)[-1][2] + drawn_shape(line[-1])[1] - 1 for line in lines)

    def _widths(self, last: int) -> None:
        self.last = last
        self.sheet.widths(START, last, NUMBER)
        if self.wide:
            return
        column = START
        for i, room in enumerate(self.slots):
            self.sheet.width(column, NARROW + 2 * (i == 0))
            self.sheet.width(column + 1, self.heads[i])
            column += 2 + room
