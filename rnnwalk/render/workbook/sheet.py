"""One worksheet, drawn cell by cell."""

from collections.abc import Callable
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from rnnwalk.layout.addresses import CellRef, column_letters
from rnnwalk.model.symbols import width
from rnnwalk.render.workbook.package import Live, Value
from rnnwalk.render.workbook.style import HUGE, LINK, POWERS, Look, Styles

PAGE = (1030, 650)  # pixels of A4 landscape inside its margins, with a little to spare
ROW = 20  # pixels
NARROW, NUMBERS = 5.0, 11.5  # column widths: of signs, and of six decimals with a minus


class Sheet:
    """A worksheet of a workbook; ``title`` is the name on its tab, ``say`` puts the symbols of a text into the notation."""

    def __init__(
        self, book: Workbook, styles: Styles, title: str, colour: str, say: Callable[[str], str] = str
    ) -> None:
        self.ws = book.create_sheet(title)
        self.say = say
        self.title = title
        self.styles = styles
        ws = self.ws
        ws.sheet_view.showGridLines = False
        ws.sheet_properties.tabColor = colour
        ws.sheet_properties.pageSetUpPr.fitToPage = True
        ws.page_setup.orientation = "landscape"
        ws.page_setup.paperSize = ws.PAPERSIZE_A4
        ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
        ws.page_margins.left = ws.page_margins.right = 0.4
        ws.page_margins.top = ws.page_margins.bottom = 0.5
        ws.oddFooter.left.text = "rnnwalk · &A"
        ws.oddFooter.right.text = "&P / &N"
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

    def width(self, column: int, width: float) -> None:
        self.ws.column_dimensions[column_letters(column)].width = width

    def huge(self) -> None:
        """Show numbers of six digits and more in powers of ten, also after an edit: a column is too narrow for them.

        Not as a number format with conditions: LibreOffice shows those without their minus sign.
        """
        rule = Rule(type="expression", formula=[f"ABS(A1)>={HUGE:.0f}"])
        rule.dxf = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=POWERS))
        self.ws.conditional_formatting.add(self.ws.calculate_dimension(), rule)

    def rows_a_page(self) -> int:
        """How many rows A4 landscape holds when the columns are fitted to its width."""
        pixels = sum(each.width * 7 + 5 for each in self.ws.column_dimensions.values())
        return int(PAGE[1] / ROW * max(1.0, pixels / PAGE[0]))

    def pages(self, starts: list[tuple[int, bool]], end: int, repeated: int = 0) -> None:
        """Begin a printed page where a block would be cut.

        starts: the rows where a page may begin, and whether one must; end: the row after the last block;
        repeated: rows that each further page repeats.
        """
        begin, most = 1, self.rows_a_page()
        ends = [row for row, _ in starts[1:]] + [end]
        for (row, must), after in zip(starts, ends, strict=True):
            if row > 4 and (must or after - begin > most):
                self.ws.row_breaks.append(Break(id=row - 1))
                begin = row - repeated

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
