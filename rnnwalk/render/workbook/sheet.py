"""One worksheet, drawn cell by cell."""

from collections.abc import Callable
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.hyperlink import Hyperlink

from rnnwalk.layout.addresses import HEADS, CellRef, column_letters
from rnnwalk.model.symbols import width
from rnnwalk.render.workbook.package import Live, Value
from rnnwalk.render.workbook.style import (
    DECIMALS,
    GENERAL,
    LINK,
    POWERS,
    Look,
    OrderedFont,
    Styles,
)

UNIT = 7.4  # pixels of a unit of column widths, in LibreOffice, where columns are widest
CHARACTER = 6.4  # pixels of a character of 11 points, on average
LINE, GAP = 15.0, 8.0  # points of a row, and of one between blocks
HIGH = 1.35  # of a row, for each point of its text
LABELS = 250  # pixels of the widest labels beside rows that are repeated on each page; longer ones take two lines
NARROW, NUMBERS = 3.0, 11.5  # column widths: of signs, and of six decimals with a minus
STANDARD = 8.67  # of a column that has none


class Sheet:
    """A worksheet of a workbook; ``title`` is the name on its tab, ``say`` puts the symbols of a text into the notation."""

    def __init__(
        self,
        book: Workbook,
        styles: Styles,
        title: str,
        colour: str,
        locked: bool = False,
        say: Callable[[str], str] = str,
    ) -> None:
        self.ws = book.create_sheet(title)
        self.say = say
        self.title = title
        self.page = 0.0  # pixels of the rows of a printed page
        self.table = 0  # the row after a table that goes on on further pages, where others follow that do not
        self.styles = styles
        self.texts: dict[tuple[int, int], tuple[str, Look]] = {}
        self.decimals: dict[int, tuple[float, int]] = {}  # of columns with decimals: how large, and how many
        self.powers: list[tuple[int, int, Look]] = []  # cells of powers of ten
        self.counts = set[tuple[int, int]]()  # cells of numbers as they are
        ws = self.ws
        ws.sheet_view.showGridLines = False
        ws.sheet_properties.tabColor = colour
        ws.page_setup.paperSize = ws.PAPERSIZE_A4
        ws.page_margins.left = ws.page_margins.right = ws.page_margins.top = 0.4
        ws.page_margins.bottom, ws.page_margins.header, ws.page_margins.footer = 0.7, 0.2, 0.3
        ws.oddFooter.left.text = "rnnwalk · &A"
        ws.oddFooter.right.text = "&P / &N"
        if locked:
            ws.protection.sheet = True
            ws.protection.formatCells = ws.protection.formatColumns = ws.protection.formatRows = False

    def put(self, row: int, column: int, value: Value | Live | None, look: Look) -> None:
        """A cell: a text stays text, whatever it begins with; a formula is a ``Live``."""
        if isinstance(value, str) and not look.mono:  # a drawing is said as a whole, so that its columns stay
            value = self.say(value)
        cell = Cell(self.ws, row, column)
        cell._value = value
        cell.data_type = "f" if isinstance(value, Live) else "s" if isinstance(value, str) else "n"
        cell._style = self.styles.of(look)
        self.ws._cells[row, column] = cell
        number = value.value if isinstance(value, Live) else value
        if isinstance(number, int | float) and not isinstance(number, bool):
            self._measure(row, column, look)
        if text := said(value):
            self.texts[row, column] = text, look
        if look.size > 11:  # LibreOffice does not fit the height of a row that has none
            self.height(row, HIGH * look.size)

    def _measure(self, row: int, column: int, look: Look) -> None:
        """Remember what room a number needs."""
        if look.format == GENERAL:
            self.counts.add((row, column))
        elif look.format == POWERS:
            self.powers.append((row, column, look))
        elif look.format in DECIMALS:
            size, count = self.decimals.get(column, (0.0, 0))
            self.decimals[column] = max(size, look.size), max(count, DECIMALS[look.format])

    def live(self, row: int, column: int, formula: str, value: Value, look: Look) -> None:
        """A formula, with the value that it has; "" for none, where the value stands alone."""
        self.put(row, column, Live(formula, value) if formula else value, look)

    def link(self, row: int, column: int, text: str, target: CellRef) -> None:
        """A text that leads to a cell."""
        self.put(row, column, text, LINK)
        ref = f"{column_letters(column)}{row}"
        self.ws._cells[row, column]._hyperlink = Hyperlink(ref=ref, location=str(target), display=text)

    def move(self, row: int, column: int, to: int, to_row: int = 0) -> None:
        """Move a text to another column, and row if one is given; if there is one."""
        if column != to and (row, column) in self.texts:
            value, (_, look) = self.ws._cells[row, column]._value, self.texts[row, column]
            self.clear(row, column)
            self.put(to_row or row, to, value, look)

    def clear(self, row: int, column: int) -> None:
        """Take a text away again, if there is one."""
        if self.texts.pop((row, column), None):
            del self.ws._cells[row, column]

    def fill(self, row: int, first: int, last: int, look: Look) -> None:
        """The same look for cells that hold nothing."""
        for column in range(first, last + 1):
            if (row, column) not in self.ws._cells:
                self.put(row, column, None, look)

    def height(self, row: int, points: float) -> None:
        """At least so high."""
        dimension = self.ws.row_dimensions[row]
        dimension.height = max(dimension.height or 0.0, points)

    def gap(self, row: int) -> None:
        """A row between blocks: lower than others."""
        self.ws.row_dimensions[row].height = GAP

    def width(self, column: int, width: float) -> None:
        self.ws.column_dimensions[column_letters(column)].width = width

    def blank(self, area: str, condition: str) -> None:
        """Show nothing in an area where a condition holds; before other rules of its cells."""
        none = Side()  # not a white one, which is black once LibreOffice has saved the workbook
        rule = FormulaRule(
            [condition],
            font=OrderedFont(color="FFFFFF"),
            fill=PatternFill(bgColor="FFFFFF"),
            border=Border(left=none, right=none, top=none, bottom=none),
            stopIfTrue=True,
        )
        rule.dxf.numFmt = NumberFormat(numFmtId=201, formatCode=";;;")  # under a colour scale, too
        self.ws.conditional_formatting.add(area, rule)

    def settle(self) -> None:
        """Give each row that is used a height: else every program takes its own."""
        for row in {row for row, _ in self.ws._cells}:
            self.height(row, LINE)

    def label(self, top: int) -> None:
        """Give the columns that further pages repeat room for the labels from a row on."""
        labels = [each for (row, column), each in self.texts.items() if column == 1 and row >= top]
        longest = max(CHARACTER * width(text) * look.size / 11 for text, look in labels)
        room = min(LABELS, longest) - self.pixels(1, 1)
        self.width(HEADS, max(room, self.pixels(HEADS, HEADS)) / UNIT)

    def pixels(self, first: int, last: int) -> float:
        """How wide columns are."""
        widths = self.ws.column_dimensions
        letters = [column_letters(column) for column in range(first, last + 1)]
        return sum(UNIT * (widths[each].width if each in widths else STANDARD) for each in letters)

    def column_at(self, pixels: float) -> int:
        """The column that lies so far from the left edge."""
        column = 1
        while self.pixels(1, column) < pixels:
            column += 1
        return column

    def high(self, first: int, end: int) -> float:
        """How high the rows are, in pixels."""
        rows = self.ws.row_dimensions
        return sum((rows[row].height or LINE) * 4 / 3 if row in rows else LINE * 4 / 3 for row in range(first, end))

    def widths(self, first: int, last: int, width: float) -> None:
        for column in range(first, last + 1):
            self.width(column, width)


def bracket(column: int, columns: int, look: Look) -> Look:
    """The look of a cell of a matrix, with its brackets: lines left and right."""
    return look.but(edges="l" * (column == 0) + "r" * (column == columns - 1))


def said(value: object) -> str:
    """The text that a cell shows, empty for a number."""
    shown = value.value if isinstance(value, Live) else value
    return shown if isinstance(shown, str) else ""


def span(text: str) -> float:
    """How wide a text is, in digits of a column's width."""
    return 1.05 * width(text)


def numbers(array: Any) -> list[list[float]]:
    """The exact Python floats of a matrix, row by row."""
    rows: list[list[float]] = np.asarray(array, dtype=np.float64).tolist()
    return rows
