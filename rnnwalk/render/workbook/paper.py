"""How a sheet stands on paper and on a screen: its scale, and where pages end."""

import itertools
import math
from collections.abc import Sequence

from openpyxl.worksheet.pagebreak import Break

from rnnwalk.layout.addresses import HEADS, READ, column_letters
from rnnwalk.model.symbols import width
from rnnwalk.render.workbook.sheet import CHARACTER, LINE, Sheet
from rnnwalk.render.workbook.style import PLAIN

PAGES = {"landscape": (1030, 672), "portrait": (705, 1000)}  # pixels of A4 inside its margins, with a little to spare
LEAST = 8 / 11  # what print may shrink to: text of 11 points is then printed in 8
# Pixels of a character where lines break: in numbers put in, which are mostly digits, on a screen, where columns are narrow.
WRAPPED = 7.0
SCREEN = (1280, 520)  # pixels of the cells in a window on 1366 × 768
LEAST_ZOOM = 60  # percent
SCANT = 0.25  # of a page, which is to hold more than that


def fit(
    sheet: Sheet,
    last: int,
    end: int,
    screen: int = 0,
    smallest: float = 11,
    seen: int = 0,
    charts: int = 0,
    begin: tuple[int, int] = (0, 0),
    letters: tuple[int, int] = (0, 1),
    table: int = 0,
    alone: int = 0,
    wide: int = 1,
) -> None:
    """Fit the columns up to ``last`` to a screen and, with the smallest text no smaller than 8 points, to A4's width.

    What needs several pages lies upright where its columns leave room, and what is wider than a page is continued on
    further ones, which repeat the row headings.

    end: the row after the last one; screen: the row after those that fit on a screen, too; smallest: the points of its smallest text;
    seen: the last column that is to be seen, where it is not printed beside the others; charts: the first column of
    those that stand beside the table, which texts must not run under; begin: the column and the row of what begins a
    page rather than what is right of it; letters: likewise the first of the columns that pages share evenly, 0 for
    none; wide: how many of these belong together, each for a word; table: the row after those that are continued, where others follow that are not;
    alone: the row after those that have something left of the letters, where none stands on the first page.
    """
    ws, needed = sheet.ws, sheet.pixels(1, last)
    least = 8 / smallest
    strips = {side: _across(sheet, last, page[0] / least, begin[0], letters[0], wide) for side, page in PAGES.items()}
    slim = strips["portrait"] == strips["landscape"] == [1, begin[0]]  # two halves have room on longer pages
    across = strips["portrait" if slim else "landscape"]
    continued = len(across) > 1 + (begin[0] in across)  # what begins there has headings of its own
    _wrap(sheet, across, last, charts, letters[1] if continued and letters[1] > 1 else 0)
    sheet.settle()
    areas = not ws.print_area
    if areas:  # a long text beyond the last column is no page of its own
        sheet.table = table if continued and table < end else 0
        under = (sheet.table or end) - 1
        lows = [under] * len(across)
        if continued and alone:
            lows[0] = alone - 1
        tops = [1, *[begin[1] if column == begin[0] else letters[1] for column in across[1:]]]
        ends = [*[column - 1 for column in across[1:]], last]
        ws.print_area = ",".join(
            f"{column_letters(first)}{top}:{column_letters(last)}{max(1, low)}"
            for first, top, last, low in zip(across, tops, ends, lows, strict=True)
        )
        if sheet.table:  # what is under it needs one page
            room = min(last, sheet.column_at(PAGES["landscape"][0] / least) - 1)
            ws.print_area += f",A{sheet.table}:{column_letters(room)}{end - 1}"
    if seen:
        needed = max(needed, sheet.pixels(last + 1, seen))
    high = sheet.high(1, end)
    zoom = 100 * SCREEN[0] / sheet.pixels(1, max(last, seen))
    if screen:
        zoom = min(zoom, 100 * SCREEN[1] / sheet.high(1, screen))
    ws.sheet_view.zoomScale = ws.sheet_view.zoomScaleNormal = max(LEAST_ZOOM, min(100, int(zoom) // 5 * 5))
    scales = {side: max(least, min(1.0, page[0] / needed, page[1] / high)) for side, page in PAGES.items()}
    pages = {side: -(-high * scales[side] // PAGES[side][1]) for side in PAGES}
    upright = slim or (PAGES["portrait"][0] >= least * needed and pages["portrait"] <= pages["landscape"])
    side = ws.page_setup.orientation = "portrait" if upright else "landscape"
    ws.page_setup.scale = max(math.ceil(100 * least), int(100 * scales[side]))
    _footer(sheet)
    sheet.page = PAGES[side][1] * 100 / ws.page_setup.scale
    if continued:
        ws.print_title_cols = "A:B"
    if len(across) > 1 and not areas:
        ws.page_setup.pageOrder = "overThenDown"
        for column in across[1:]:
            ws.col_breaks.append(Break(id=column - 1))


def spare(sheet: Sheet) -> None:
    """Shrink a little more where print stays readable, for programs differ in how large text and cells are; after ``fit``."""
    setup = sheet.ws.page_setup
    setup.scale = max(round(100 * LEAST + 0.5), setup.scale - 5)
    _footer(sheet)


def _footer(sheet: Sheet) -> None:
    """Let the footer, which shrinks with the sheet, be printed in 8 points or more."""
    footer, scale = sheet.ws.oddFooter, sheet.ws.page_setup.scale
    footer.left.size = footer.right.size = max(10, math.ceil(800 / scale))


def _across(sheet: Sheet, last: int, room: float, begin: int, letters: int, wide: int) -> list[int]:
    """The columns that begin a page of so many pixels: more than the first if the sheet is wider."""
    found = _starts(sheet, last, room, begin, letters, last, wide)
    if len(found) > 1 and begin and max(sheet.pixels(1, begin - 1), sheet.pixels(begin, last)) <= room:
        return [1, begin]  # which repeat no row headings
    end = begin if begin in found else last + 1
    most = math.ceil((end - letters) / len(found))
    while letters and len(found) > 1 + (begin in found):
        even = _starts(sheet, last, room, begin, letters, most, wide)
        if len(even) == len(found):
            return even
        most += 1
    return found


def _starts(sheet: Sheet, last: int, room: float, begin: int, letters: int, most: int, wide: int) -> list[int]:
    """Likewise, with so many letters on a page at most; the columns of one letter stay together where they have room."""
    right = list(itertools.accumulate((sheet.pixels(column, column) for column in range(1, last + 1)), initial=0.0))
    repeated, found = right[HEADS], [1]
    for column in range(HEADS + 1, last + 1):
        page, end = found[-1], begin or last + 1
        full = right[column] - right[page - 1] > room - repeated * (len(found) > 1)
        shared = letters and column < end and column - max(page, letters) >= most
        if (full or shared) and column > page:
            whole = column - (column - letters) % wide if letters and letters <= column < end else column
            if whole == letters and page < letters - wide > HEADS:
                whole -= wide  # the initial memory stands beside what is made of it
            found.append(begin if page < begin < column else whole if whole > page else column)
    return found


def pages(
    sheet: Sheet, starts: list[int], end: int, repeated: tuple[int, int] | None = None, inside: Sequence[int] = ()
) -> list[int]:
    """Begin a printed page where a block would be cut, and return the rows that begin one; after ``fit``.

    starts: the rows where a page may begin; end: the row after the last block; repeated: the first and the last of
    the rows that each further page repeats; inside: where a page may begin in a block that is longer than one.
    """
    high = list(itertools.accumulate((sheet.high(row, row + 1) for row in range(1, end)), initial=0.0))
    again = sheet.high(repeated[0], repeated[1] + 1) if repeated else 0
    long = [
        (row, after)
        for row, after in itertools.pairwise([*starts, end])
        if high[after - 1] - high[row - 1] > sheet.page - again
    ]
    starts = sorted([*starts, *(each for each in inside if any(row < each < after for row, after in long))])
    begin, room, breaks = 1, sheet.page, list[int]()
    for row, after in zip(starts, [*starts[1:], end], strict=True):
        if row > begin and (high[after - 1] - high[begin - 1] > room or row == sheet.table):
            begin, room = row, sheet.page - again
            breaks.append(row)
    for i, (row, after) in enumerate(zip(breaks, [*breaks[1:], end], strict=False)):
        before = breaks[i - 1] if i else 1
        if after in (sheet.table, end) and row != sheet.table:  # the last page: not almost empty
            for earlier in reversed([each for each in starts if before < each < row]):
                scant = high[after - 1] - high[breaks[i] - 1] < SCANT * sheet.page
                if scant and high[after - 1] - high[earlier - 1] <= min(room, high[earlier - 1] - high[before - 1]):
                    breaks[i] = earlier
    for row in breaks:
        sheet.ws.row_breaks.append(Break(id=row - 1))
    return breaks


def _wrap(sheet: Sheet, across: list[int], last: int, charts: int, labels: int) -> None:
    """Let each text that is longer than its room take more lines: up to what stands right of it, charts (which leave
    the sheet's head free), or the page's end; labels: the row from which on those beside rows are repeated, or 0.
    A heading that others stand beside has the room of its column.
    """
    ends = [*[column - 1 for column in across[1:]], last]
    rows: dict[int, list[int]] = {}
    for (row, column), cell in sheet.ws._cells.items():
        if cell._value is not None and column <= last:
            rows.setdefault(row, []).append(column)
    for row, columns in rows.items():
        columns.sort()
        _wrap_headings(sheet, row, columns)
        for column, after in zip(columns, [*columns[1:], last + 1], strict=True):
            text, look = sheet.texts.get((row, column), ("", PLAIN))
            if not text or look.mono or look.align:
                continue
            end = min(after - 1, next(each for each in ends if each >= column))
            if column < charts and row > READ:
                end = min(end, charts - 1)
            if column == 1 and 0 < labels <= row:
                end = min(end, HEADS)
            room = sheet.pixels(column, end) - 9 * look.indent
            needed = CHARACTER * width(text) * look.size / 11
            if needed > room:
                sheet.ws._cells[row, column]._style = sheet.styles.of(look.but(wrap=True))
                sheet.height(row, LINE * look.size / 11 * lines(text, room * 11 / look.size))
                if end > column:
                    sheet.ws.merged_cells.add(f"{column_letters(column)}{row}:{column_letters(end)}{row}")


def _wrap_headings(sheet: Sheet, row: int, columns: list[int]) -> None:
    """Break the headings of a row where one is longer than its column, which is as wide as numbers need: all of them, for
    by an edit each may become as long.
    """
    filled = {*columns}
    heads = {c: sheet.texts[row, c] for c in columns if (row, c) in sheet.texts and filled & {c - 1, c + 1}}
    heads = {column: (text, look) for column, (text, look) in heads.items() if look.align == "center"}
    needed = {column: CHARACTER * width(text) * look.size / 11 for column, (text, look) in heads.items()}
    if not any(needed[column] > sheet.pixels(column, column) for column in heads):
        return
    for column, (text, look) in heads.items():
        sheet.ws._cells[row, column]._style = sheet.styles.of(look.but(wrap=True))
        large = look.size / 11
        sheet.height(row, LINE * large * lines(text, sheet.pixels(column, column) / large))


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
