"""Bar charts on Unrolled: what the network expects after each letter, and its memory over time."""

import math
from typing import NamedTuple

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumData, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

from rnnwalk.layout.addresses import HEADS, READ, STEP, RowBlock, column_letters
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.package import escaped
from rnnwalk.render.workbook.paper import LEAST, PAGES
from rnnwalk.render.workbook.row_blocks import heads_column
from rnnwalk.render.workbook.sheet import NUMBERS, STANDARD, UNIT, Sheet
from rnnwalk.render.workbook.style import HEAD, KEY
from rnnwalk.views.sentences import title as heading

MOST_LETTERS, MOST_ROWS = 12, 12  # that a chart stays readable with
HEIGHT = 18  # rows of a chart
CENTIMETRE = 37.8  # pixels
LEAST_WIDE, MOST_WIDE, HIGH = 11.0, 24.0, 8.6  # centimetres
ENDED = "span"  # how a line leaves out what it lacks at its end: the usual "gap" is a 0 in what LibreOffice has saved
# Okabe and Ito's colours, then darker ones, for people with colour blindness.
COLOURS = "0072B2 E69F00 009E73 CC79A7 56B4E9 D55E00 F0E442 555555 004D79 9A6A00 00664B 8A4A6E".split()


class Placed(NamedTuple):
    """The charts on the sheet. last: its last column; end: the row after the last one; spans: the rows of each chart;
    first: their first column where they stand beside the table, otherwise 0.
    """

    last: int
    end: int
    spans: list[range]
    first: int = 0


def draw(book: Book, sheet: Sheet) -> Placed:
    """The charts, which read the table's cells and so follow every edit.

    They stand beside the table, each where what it draws begins, unless that takes a wider or one more page: then under it.
    """
    layout, unrolled = book.layout, book.layout.unrolled
    shown = min(len(layout.places), MOST_LETTERS)
    found = [row_block for row_block in unrolled.row_blocks if _is_drawn(book, row_block)]
    if not found:
        return Placed(unrolled.last, unrolled.end, [])
    sheet.settle()
    wide, high = sheet.pixels(1, unrolled.last + 1), sheet.high(1, unrolled.end)
    (across, down), (narrow, long) = ([pixels / LEAST for pixels in PAGES[side]] for side in ("landscape", "portrait"))
    room = across - wide - UNIT * STANDARD  # of the last column they may take a part
    under = room < LEAST_WIDE * CENTIMETRE or math.ceil((high + HIGH * CENTIMETRE) / long) < math.ceil(high / down)
    width = max(LEAST_WIDE, min(MOST_WIDE, 7 + 2.2 * shown, MOST_WIDE if under else room / CENTIMETRE))
    page = narrow if wide <= narrow else across
    half = (page / 2 - UNIT * NUMBERS) / CENTIMETRE  # two side by side, each up to the end of a column
    if under and len(found) > 1 and page == across:
        width = min(width, half)
    row, column, last = READ + 2, unrolled.last + 2, unrolled.last
    if under:
        row, column = unrolled.end + 2, 1
    places: list[tuple[int, int]] = []
    for row_block in found:
        if not under and places:
            free = max(places[-1][0] + HEIGHT, row_block.top)
            row = min(
                (each.top for each in unrolled.row_blocks if each.top >= free), default=free
            )  # where a page may begin
        end = sheet.column_at(sheet.pixels(1, column - 1) + width * CENTIMETRE)
        if under and column > 1 and sheet.pixels(1, end) > page:
            row, column = row + HEIGHT, 1
            end = sheet.column_at(width * CENTIMETRE)
        places.append((row, column))
        last = max(last, end)
        if under:
            column = end + 1
    numbers = _shortened(book, sheet, found, shown, last + 2) if layout.shortens else unrolled.before + layout.wide
    for row_block, (row, column) in zip(found, places, strict=True):
        chart = _bars(book, sheet, row_block, shown, numbers)
        chart.width, chart.height = width, HIGH
        sheet.ws.add_chart(chart, f"{column_letters(column)}{row}")
    spans = [range(row, row + HEIGHT) for row, _ in places]
    return Placed(last, max(unrolled.end, spans[-1].stop), spans, 0 if under else unrolled.last + 2)


def _is_drawn(book: Book, row_block: RowBlock) -> bool:
    """Whether a quantity has a chart: one that is there after every step."""
    drawn = book.role(row_block.node) in ("probability", "memory")
    return drawn and book.walk.names.labels[row_block.node].letter == 1


def _shortened(book: Book, sheet: Sheet, found: list[RowBlock], shown: int, column: int) -> int:
    """What the charts draw where a word may be shortened: the table without the letters that are gone, from a column on,
    which is returned. An empty text has no bar in any program.
    """
    sheet.put(READ - 1, column, f"what the charts draw: nothing for a {book.noun} that is gone", KEY.but(indent=0))
    layout = book.layout
    for place in range(1, shown + 1):
        here, there = column + place - 1, column_letters(layout.unrolled.before + layout.wide - 1 + place)
        step, which = layout.stands(place)
        sheet.width(here, NUMBERS)
        sheet.live(READ, here, f'=IF({there}${STEP}="","",{there}${READ})', book.letters[place - 1], HEAD)
        for row_block in found:
            value, look = (
                book.walk.at(book.walk.names.labels[row_block.node].field, step).value,
                book.look(row_block.node),
            )
            for r in range(min(row_block.node.shape[0], MOST_ROWS)):
                row = row_block.row + r
                sheet.live(row, here, f'=IF({there}${STEP}="","",{there}{row})', float(value[r, which]), look)
    return column


def _bars(book: Book, sheet: Sheet, row_block: RowBlock, shown: int, first: int) -> BarChart:
    """The chart of a quantity; first: the column of its numbers at the first letter."""
    label = book.walk.names.labels[row_block.node]
    notes = [f"first {shown} {book.noun}s"] * (shown < len(book.layout.places))
    notes += [f"first {MOST_ROWS} rows"] * (row_block.node.shape[0] > MOST_ROWS)
    if book.role(row_block.node) == "probability":
        does = "expects next" if book.walk.problem.given is None else "answers"
        text, axis, low, high = f"What it {does} (p) after each {book.noun}", "probability", 0.0, None
    else:
        text, axis, low, high = (
            f"{heading(book.walk.names, row_block.node)} ({label.field}) over time",
            "value",
            None,
            None,
        )
    chart = BarChart()
    chart.title = title(sheet.say(text) + (f" ({', '.join(notes)})" if notes else ""), 1200)
    chart.y_axis.title = title(axis, 1100)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = low, high
    chart.type, chart.grouping = "col", "clustered"
    chart.gapWidth = 60
    names, unrolled = book.walk.names, book.layout.unrolled
    continued = (row_block.row, HEADS) in sheet.texts
    head_letters = column_letters(HEADS if continued else heads_column(book, row_block, unrolled.before))
    field, heads = names.labels[row_block.node].field, names.heads(row_block.node, 0)
    for r in range(min(row_block.node.shape[0], MOST_ROWS)):
        values = Reference(sheet.ws, first, row_block.row + r, first + shown - 1, row_block.row + r)
        series = Series(values)
        stands = [book.layout.stands(place) for place in range(1, shown + 1)]
        shows = [float(book.walk.at(field, step).value[r, column]) for step, column in stands]
        series.val.numRef.numCache = NumData(ptCount=shown, pt=[NumVal(idx=i, v=repr(v)) for i, v in enumerate(shows)])
        if heads:
            name = f"'{unrolled.title}'!${head_letters}${row_block.row + r}"
            series.tx = SeriesLabel(strRef=StrRef(name, strCache=texts([heads[r]])))
        series.graphicalProperties.solidFill = COLOURS[r % len(COLOURS)]
        series.invertIfNegative = False
        chart.series.append(series)
    letters = f"'{unrolled.title}'!${column_letters(first)}${READ}:${column_letters(first + shown - 1)}${READ}"
    for series in chart.series:
        series.cat = AxDataSource(strRef=StrRef(letters, strCache=texts(book.letters[:shown])))
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.title = title(f"after reading this {book.noun}", 1100)
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.number_format = "0.0"
    if heads:
        chart.legend.position = "r"
    else:
        chart.legend = None
    printed(chart)
    return chart


def printed(chart: BarChart | LineChart) -> None:
    """Let the texts of the axes and the legend be as large as those of cells: no smaller than 8 points on paper."""
    look = CharacterProperties(sz=1100)
    for part in filter(None, (chart.x_axis, chart.y_axis, chart.legend)):
        part.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])


def texts(texts: list[str]) -> StrData:
    """Texts as a chart remembers them, for viewers that do not look into the cells."""
    return StrData(ptCount=len(texts), pt=[StrVal(idx=i, v=escaped(text)) for i, text in enumerate(texts)])


def title(text: str, size: int) -> Title:
    """A title in hundredths of a point, never over the bars."""
    run = RegularTextRun(rPr=CharacterProperties(sz=size, b=size > 1000), t=text)
    return Title(tx=Text(rich=RichText(p=[Paragraph(r=[run])])), overlay=False)
