"""How large the numbers on One letter are, and the room that its steps take then."""

import math
from dataclasses import dataclass

from rnnwalk.layout.addresses import wide
from rnnwalk.layout.one_letter import Packed
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.letter_choice import LARGE
from rnnwalk.render.workbook.paper import LEAST_ZOOM, PAGES, SCREEN, lines
from rnnwalk.render.workbook.sheet import GAP, LINE, UNIT, span
from rnnwalk.trace.record import Node

SMALL = 12  # points of titles and long texts, beside LARGE
WIDE = 9.6 / LARGE  # of a column, for each point: four decimals with a minus
LOW = 1.25  # of a row, for each point: hardly more than its text, so that a screen holds more steps
UNDER = 3  # rows for the answer
BOLD = 1.1  # how much wider bold letters are


@dataclass(frozen=True)
class Size:
    """How many points numbers have, and what follows from that."""

    book: Book
    points: int

    @property
    def wide(self) -> float:
        """The width of every column."""
        return WIDE * self.points

    @property
    def row(self) -> float:
        """The points of a row."""
        return LOW * self.points

    @property
    def page(self) -> int:
        """How many columns a page has room for, with the smallest text in 8 points."""
        return int(PAGES["landscape"][0] * SMALL / 8 / (UNIT * self.wide))

    @property
    def screen(self) -> int:
        """How many columns a screen has room for."""
        return int(100 * SCREEN[0] / LEAST_ZOOM / (UNIT * self.wide))

    def columns(self, width: float) -> int:
        """How many columns are so wide."""
        return math.ceil(width / self.wide)

    def beside(self, part: Node) -> int:
        """The columns left of a part as it is drawn, for the sign before it and for its row headings."""
        heads = self.book.walk.names.heads(part, 1 if wide(*part.shape) else 0)
        return max([1, *[self.columns(self._head(text)) for text in heads]])

    def over(self, part: Node) -> int:
        """The points of the headings over a part: those of titles where they are to be broken."""
        return SMALL if any(self._head(text) > self.wide for text in over(self.book, part)) else self.points

    def fits(self, packed: Packed) -> bool:
        """Whether all steps have room on a screen, and the end of a page cuts none."""
        return self.high(packed) <= 100 * SCREEN[1] / LEAST_ZOOM and packed.last <= self.screen and not packed.cut

    def high(self, packed: Packed) -> float:
        """The pixels of all rows, those of the answer with them."""
        more = {each.top: 0.0 for each in packed.drawn}
        for each in packed.drawn:
            more[each.top] = max([more[each.top], *map(self._higher, each.places)])
        return 4 / 3 * ((packed.end + UNDER) * self.row - len(more) * (self.row - GAP) + sum(more.values()))

    def _head(self, text: str) -> float:
        """How wide a heading is."""
        return 1.2 * self.points / LARGE * span(text)

    def _higher(self, part: Node) -> float:
        """How many points the headings over a part take beyond a row."""
        points = self.over(part)
        count = max([1, *[lines(text, self.wide * UNIT * 11 / points) for text in over(self.book, part)]])
        return (count - 1) * LINE * points / 11


def over(book: Book, part: Node) -> list[str]:
    """The headings over the columns of a value as it is drawn."""
    return book.walk.names.heads(part, 0 if wide(*part.shape) else 1)


def measured(text: str, points: int) -> float:
    """How wide a bold text is, in digits of a column's width; slim are brackets, blanks and dots."""
    return BOLD * (span(text) - sum(text.count(each) for each in "⟨⟩() ·") / 3) * points / 11
