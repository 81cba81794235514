"""One worksheet, drawn cell by cell."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import FormulaRule, Rule
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from rnnwalk.layout.addresses import CellRef, column_letters
from rnnwalk.model.symbols import width
from rnnwalk.render.workbook.package import Live, Value
from rnnwalk.render.workbook.style import HUGE, LINK, POWERS, SUBTITLE, Look, OrderedFont, Styles

PAGES = {"landscape": (1030, 665), "portrait": (705, 990)}  # pixels of A4 inside its margins, with a little to spare
LEAST = 8 / 11  # what print may shrink to: text of 11 points is then printed in 8
SCREEN, LEAST_ZOOM = (1280, 520), 60  # pixels of the cells in a window on 1366 × 768; percent
ROW = 20  # pixels
NARROW, NUMBERS = 3.0, 11.5  # column widths: of signs, and of six decimals with a minus


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
        self.styles = styles
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
        if look.size > 12:  # LibreOffice does not fit the height of a row that has none
            self.height(row, 1.35 * look.size)

    def live(self, row: int, column: int, formula: str, value: Value, look: Look) -> None:
        """A formula, with the value that it has."""
        self.put(row, column, Live(formula, value), look)

    def link(self, row: int, column: int, text: str, target: CellRef) -> None:
        """A text that leads to a cell."""
        self.put(row, column, text, LINK)
        ref = f"{column_letters(column)}{row}"
        self.ws._cells[row, column]._hyperlink = Hyperlink(ref=ref, location=str(target), display=text)

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
        self.ws.row_dimensions[row].height = 8

    def width(self, column: int, width: float) -> None:
        self.ws.column_dimensions[column_letters(column)].width = width

    def blank(self, area: str, condition: str) -> None:
        """Show nothing in an area where a condition holds; before other rules of its cells."""
        white = Side("thin", color="FFFFFF")
        rule = FormulaRule(
            [condition],
            font=OrderedFont(color="FFFFFF"),
            fill=PatternFill(bgColor="FFFFFF"),
            border=Border(left=white, right=white, top=white, bottom=white),
            stopIfTrue=True,
        )
        rule.dxf.numFmt = NumberFormat(numFmtId=201, formatCode=";;;")  # under a colour scale, too
        self.ws.conditional_formatting.add(area, rule)

    def huge(self) -> None:
        """Show numbers of six digits and more in powers of ten, also after an edit: a column is too narrow for them.

        Not as a number format with conditions: LibreOffice shows those without their minus sign.
        """
        for least, code, number in (("1E+99", "0.000E+00", 202), (f"{HUGE:.0f}", POWERS, 200)):
            rule = Rule(type="expression", formula=[f"ABS(A1)>={least}"], stopIfTrue=False)
            rule.dxf = DifferentialStyle(numFmt=NumberFormat(numFmtId=number, formatCode=code))
            self.ws.conditional_formatting.add(self.ws.calculate_dimension(), rule)

    def fit(self, last: int, end: int, screen: bool = False) -> None:
        """Fit the columns up to ``last`` to a screen and, no smaller than 8 points, to the width of A4.

        end: the row after the last one; what needs several pages lies upright where its columns leave room; screen: the
        rows, too, fit on a screen.
        """
        ws, width = self.ws, self.pixels(last)
        for row in (2, 3):
            self.wrap(row, last)
        if not ws.print_area:
            ws.print_area = f"A1:{column_letters(last)}{max(1, end - 1)}"  # a long text beyond is no page of its own
        zoom = int(100 * min(SCREEN[0] / width, SCREEN[1] / self._height(1, end) if screen else 1)) // 5 * 5
        ws.sheet_view.zoomScale = ws.sheet_view.zoomScaleNormal = max(LEAST_ZOOM, min(100, zoom))
        high = self._height(1, end)
        scales = {side: max(LEAST, min(1.0, page[0] / width, page[1] / high)) for side, page in PAGES.items()}
        pages = {side: -(-high * scales[side] // PAGES[side][1]) for side in PAGES}
        upright = PAGES["portrait"][0] >= LEAST * width and pages["portrait"] <= pages["landscape"]
        side = ws.page_setup.orientation = "portrait" if upright else "landscape"
        ws.page_setup.scale = max(math.ceil(100 * LEAST), int(100 * scales[side]))
        self.page = PAGES[side][1] * 100 / ws.page_setup.scale

    def pages(self, starts: list[int], end: int, repeated: tuple[int, int] | None = None) -> None:
        """Begin a printed page where a block would be cut; after ``fit``.

        starts: the rows where a page may begin; end: the row after the last block; repeated: the first and the last of
        the rows that each further page repeats.
        """
        begin, room = 1, self.page
        for row, after in zip(starts, [*starts[1:], end], strict=True):
            if row > begin and self._height(begin, after) > room:
                self.ws.row_breaks.append(Break(id=row - 1))
                begin, room = row, self.page - (self._height(repeated[0], repeated[1] + 1) if repeated else 0)

    def wrap(self, row: int, last: int) -> None:
        """Let a sentence at the top that is longer than the table take two lines."""
        cell, width = self.ws._cells.get((row, 1)), self.pixels(last)
        if last > 1 and cell is not None and isinstance(cell._value, str) and 6.5 * span(cell._value) > width:
            self.put(row, 1, cell._value, SUBTITLE.but(wrap=True))
            self.ws.merged_cells.add(f"A{row}:{column_letters(last)}{row}")
            self.height(row, 15.0 * math.ceil(6.5 * span(cell._value) / width))

    def pixels(self, last: int) -> float:
        """How wide the columns are."""
        letters = [column_letters(column) for column in range(1, last + 1)]
        return sum(
            (self.ws.column_dimensions[each].width if each in self.ws.column_dimensions else 8.43) * 7 + 5
            for each in letters
        )

    def _height(self, first: int, end: int) -> float:
        """How high the rows are, in pixels."""
        rows = self.ws.row_dimensions
        return sum((rows[row].height or 15) * 4 / 3 if row in rows else ROW for row in range(first, end))

    def texts(self, column: int) -> list[str]:
        """The texts of a column."""
        return [cell._value for (_, c), cell in self.ws._cells.items() if c == column and isinstance(cell._value, str)]

    def widths(self, first: int, last: int, width: float) -> None:
        for column in range(first, last + 1):
            self.width(column, width)


def bracket(column: int, columns: int, look: Look) -> Look:
    """The look of a cell of a matrix, with its brackets: lines left and right."""
    return look.but(edges="l" * (column == 0) + "r" * (column == columns - 1))


def span(text: str) -> float:
    """How wide a text is, in digits of a column's width."""
    return 1.05 * width(text)


def numbers(array: Any) -> list[list[float]]:
    """The exact Python floats of a matrix, row by row."""
    rows: list[list[float]] = np.asarray(array, dtype=np.float64).tolist()
    return rows
