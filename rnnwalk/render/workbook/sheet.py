"""One worksheet, drawn cell by cell."""

import itertools
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

from rnnwalk.layout.addresses import HEADS, READ, CellRef, column_letters
from rnnwalk.model.symbols import width
from rnnwalk.render.workbook.package import Live, Value
from rnnwalk.render.workbook.style import (
    GENERAL,
    HUGE,
    LINK,
    NUMBER,
    PLAIN,
    POWERS,
    SHORT,
    Look,
    OrderedFont,
    Styles,
)

PAGES = {"landscape": (1030, 672), "portrait": (705, 1000)}  # pixels of A4 inside its margins, with a little to spare
LEAST = 8 / 11  # what print may shrink to: text of 11 points is then printed in 8
UNIT = 7.4  # pixels of a unit of column widths, in LibreOffice, where columns are widest
DIGIT = 8.0  # pixels of a digit of 11 points on a screen
CHARACTER = 6.4  # pixels of a character of 11 points, on average
WRAPPED = 6.6  # likewise where lines break: in numbers put in, which are mostly digits
LINE = 15.0  # points of a row
SCREEN = (1280, 520)  # pixels of the cells in a window on 1366 × 768
LEAST_ZOOM = 60  # percent
SCANT = 0.25  # of a page, which is to hold more than that
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
            self.height(row, 1.35 * look.size)

    def _measure(self, row: int, column: int, look: Look) -> None:
        """Remember what room a number needs."""
        if look.format == GENERAL:
            self.counts.add((row, column))
        elif look.format == POWERS:
            self.powers.append((row, column, look))
        elif look.format in (NUMBER, SHORT):
            size, count = self.decimals.get(column, (0.0, 0))
            self.decimals[column] = max(size, look.size), max(count, len(look.format) - 2)

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
        """Show large numbers with fewer decimals, and huge ones in powers of ten, also after an edit: for six decimals a column
        is too narrow.

        Not as a number format with conditions: LibreOffice shows those without their minus sign.
        """
        for row, column, look in self.powers:
            code = powers(min(5, self.digits - 5))
            self.ws._cells[row, column]._style = self.styles.of(look.but(format=code))
        if self.counts:  # numbers of steps keep their format
            own = Rule(type="expression", formula=["TRUE"], stopIfTrue=True)
            own.dxf = DifferentialStyle(numFmt=NumberFormat(numFmtId=0, formatCode=GENERAL))
            self.ws.conditional_formatting.add(" ".join(rectangles(self.counts)), own)
        for least, look in self.grades:
            rule = Rule(type="expression", formula=[f"ABS(A1)>={least}"], stopIfTrue=False)
            rule.dxf = DifferentialStyle(numFmt=look)
            self.ws.conditional_formatting.add(self.ws.calculate_dimension(), rule)

    @property
    def digits(self) -> int:
        """How many digits, beside a minus and a point, the narrowest column has room for that holds decimals."""
        return min(
            (
                int((self.pixels(column, column) - 4 - 9 * size / 11) / (DIGIT * size / 11))
                for column, (size, _) in self.decimals.items()
            ),
            default=10,
        )

    @property
    def grades(self) -> list[tuple[str, NumberFormat]]:
        """From which size on numbers are shown how, the largest first."""
        digits, most = self.digits, max((count for _, count in self.decimals.values()), default=0)
        codes = [(least, powers(digits - room)) for least, room in (("1E+99", 6), (f"{HUGE:.0f}", 5))]
        for whole in (5, 4, 3, 2):
            if digits - whole < most:
                count = max(0, digits - whole)
                least = f"{10 ** (whole - 1) - 0.5 * 10.0**-most:.{most + 1}f}"  # 9.9999995 would be shown as 10.000000
                codes.append((least, f"0.{'0' * count}".rstrip(".")))
        return [
            (least, NumberFormat(numFmtId=210 + len(code) + 20 * ("E" in code), formatCode=code))
            for least, code in codes
        ]

    def fit(
        self,
        last: int,
        end: int,
        screen: bool = False,
        smallest: float = 11,
        seen: int = 0,
        charts: int = 0,
        begin: tuple[int, int] = (0, 0),
        letters: tuple[int, int] = (0, 1),
        table: int = 0,
    ) -> None:
        """Fit the columns up to ``last`` to a screen and, with the smallest text no smaller than 8 points, to A4's width.

        end: the row after the last one; what needs several pages lies upright where its columns leave room, and what is
        wider than a page is continued on further ones, which repeat the row headings; screen: the rows, too, fit on a
        screen; smallest: the points of its smallest text;
        seen: the last column that is to be seen, where it is not printed beside the others; charts: the first column of
        those that stand beside the table, which texts must not run under; begin: the column and the row of what begins a
        page rather than what is right of it; letters: likewise the first of the columns that
        pages share evenly, 0 for none; table: the row after those that go on there, where others follow that do not.
        """
        ws, width = self.ws, self.pixels(1, last)
        least = 8 / smallest
        across = self._across(last, PAGES["landscape"][0] / least, begin[0], letters[0])
        continued = len(across) > 1 + (begin[0] in across)  # what begins there has headings of its own
        self._wrap(across, last, charts, letters[1] if continued and letters[1] > 1 else 0)
        self.settle()
        areas = not ws.print_area
        if areas:  # a long text beyond the last column is no page of its own
            self.table = table if continued and table < end else 0
            under = (self.table or end) - 1
            tops = [1, *[begin[1] if column == begin[0] else letters[1] for column in across[1:]]]
            ends = [*[column - 1 for column in across[1:]], last]
            ws.print_area = ",".join(
                f"{column_letters(first)}{top}:{column_letters(last)}{max(1, under)}"
                for first, top, last in zip(across, tops, ends, strict=True)
            ) + (f",A{self.table}:{column_letters(last)}{end - 1}" if self.table else "")
        if seen:
            width = max(width, self.pixels(last + 1, seen))
        high = self.high(1, end)
        zoom = 100 * SCREEN[0] / self.pixels(1, max(last, seen))
        if screen:
            zoom = min(zoom, 100 * SCREEN[1] / high)
        ws.sheet_view.zoomScale = ws.sheet_view.zoomScaleNormal = max(LEAST_ZOOM, min(100, int(zoom) // 5 * 5))
        scales = {side: max(least, min(1.0, page[0] / width, page[1] / high)) for side, page in PAGES.items()}
        pages = {side: -(-high * scales[side] // PAGES[side][1]) for side in PAGES}
        upright = PAGES["portrait"][0] >= least * width and pages["portrait"] <= pages["landscape"]
        side = ws.page_setup.orientation = "portrait" if upright else "landscape"
        ws.page_setup.scale = max(math.ceil(100 * least), int(100 * scales[side]))
        self.page = PAGES[side][1] * 100 / ws.page_setup.scale
        if continued:
            ws.print_title_cols = "A:B"
        if len(across) > 1 and not areas:
            ws.page_setup.pageOrder = "overThenDown"
            for column in across[1:]:
                ws.col_breaks.append(Break(id=column - 1))

    def spare(self) -> None:
        """Shrink a little more where print stays readable, for programs differ in how large text and cells are; after ``fit``."""
        setup = self.ws.page_setup
        setup.scale = max(round(100 * LEAST + 0.5), setup.scale - 5)

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

    def _across(self, last: int, room: float, begin: int, letters: int) -> list[int]:
        """The columns that begin a page of so many pixels: more than the first if the sheet is wider."""
        found = self._starts(last, room, begin, letters, last)
        end = begin if begin in found else last + 1
        most = math.ceil((end - letters) / len(found))
        while letters and len(found) > 1 + (begin in found):
            even = self._starts(last, room, begin, letters, most)
            if len(even) == len(found):
                return even
            most += 1
        return found

    def _starts(self, last: int, room: float, begin: int, letters: int, most: int) -> list[int]:
        """Likewise, with so many letters on a page at most."""
        wide = list(itertools.accumulate((self.pixels(column, column) for column in range(1, last + 1)), initial=0.0))
        repeated, found = wide[HEADS], [1]
        for column in range(HEADS + 1, last + 1):
            page, end = found[-1], begin or last + 1
            full = wide[column] - wide[page - 1] > room - repeated * (len(found) > 1)
            shared = letters and column < end and column - max(page, letters) >= most
            if (full or shared) and column > page:
                found.append(begin if page < begin < column else column)
        return found

    def pages(self, starts: list[int], end: int, repeated: tuple[int, int] | None = None) -> None:
        """Begin a printed page where a block would be cut; after ``fit``.

        starts: the rows where a page may begin; end: the row after the last block; repeated: the first and the last of
        the rows that each further page repeats.
        """
        high = list(itertools.accumulate((self.high(row, row + 1) for row in range(1, end)), initial=0.0))
        begin, room, breaks = 1, self.page, list[int]()
        for row, after in zip(starts, [*starts[1:], end], strict=True):
            if row > begin and (high[after - 1] - high[begin - 1] > room or row == self.table):
                begin, room = row, self.page - (self.high(repeated[0], repeated[1] + 1) if repeated else 0)
                breaks.append(row)
        for i, (row, after) in enumerate(zip(breaks, [*breaks[1:], end], strict=False)):
            before = breaks[i - 1] if i else 1
            if after in (self.table, end) and row != self.table:  # the last page: not almost empty
                for earlier in reversed([each for each in starts if before < each < row]):
                    scant = high[after - 1] - high[breaks[i] - 1] < SCANT * self.page
                    if scant and high[after - 1] - high[earlier - 1] <= min(room, high[earlier - 1] - high[before - 1]):
                        breaks[i] = earlier
        for row in breaks:
            self.ws.row_breaks.append(Break(id=row - 1))

    def _wrap(self, across: list[int], last: int, charts: int, labels: int) -> None:
        """Let each text that is longer than its room take more lines: up to what stands right of it, charts (which leave
        the sheet's head free), or the page's end; labels: the row from which on those beside rows are repeated, or 0."""
        ends = [*[column - 1 for column in across[1:]], last]
        rows: dict[int, list[int]] = {}
        for (row, column), cell in self.ws._cells.items():
            if cell._value is not None and column <= last:
                rows.setdefault(row, []).append(column)
        for row, columns in rows.items():
            columns.sort()
            for column, after in zip(columns, [*columns[1:], last + 1], strict=True):
                text, look = self.texts.get((row, column), ("", PLAIN))
                if not text or look.mono or look.align:
                    continue
                end = min(after - 1, next(each for each in ends if each >= column))
                if column < charts and row > READ:
                    end = min(end, charts - 1)
                if column == 1 and 0 < labels <= row:
                    end = min(end, HEADS)
                room = self.pixels(column, end) - 9 * look.indent
                needed = CHARACTER * width(text) * look.size / 11
                if needed > room:
                    self.ws._cells[row, column]._style = self.styles.of(look.but(wrap=True))
                    self.height(row, LINE * look.size / 11 * lines(text, room * 11 / look.size))
                    if end > column:
                        self.ws.merged_cells.add(f"{column_letters(column)}{row}:{column_letters(end)}{row}")

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


def powers(decimals: int) -> str:
    """The format of powers of ten with so many decimals, at most five."""
    count = max(0, min(5, decimals))
    return f"0{'.' * bool(count)}{'0' * count}E+00"


def rectangles(cells: set[tuple[int, int]]) -> list[str]:
    """Cells as ranges: rows of neighbours, and such rows under each other."""
    rows: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        rows.setdefault(row, []).append(column)
    runs: dict[tuple[int, int], list[int]] = {}
    for row, columns in rows.items():
        first = columns[0]
        for column, after in zip(columns, [*columns[1:], 0], strict=True):
            if after != column + 1:
                runs.setdefault((first, column), []).append(row)
                first = after
    found = []
    for (first, last), found_in in runs.items():
        top = found_in[0]
        for row, after in zip(found_in, [*found_in[1:], 0], strict=True):
            if after != row + 1:
                found.append(f"{column_letters(first)}{top}:{column_letters(last)}{row}")
                top = after
    return found


def lines(text: str, room: float) -> int:
    """How many lines a text of 11 points takes in so many pixels: broken at blanks, as its words are wide."""
    count, used = 1, 0.0
    for word in text.split():
        wide = WRAPPED * (width(word) + 1)  # with a blank, which is narrower and leaves some to spare
        if used and used + wide > room:
            count, used = count + 1, 0.0
        count += math.ceil(wide / room) - 1
        used += wide
    return count


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
