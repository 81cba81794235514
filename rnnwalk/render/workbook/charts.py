"""Bar charts on Unrolled: what the network expects after each letter, and its memory over time."""

import math

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumData, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, Paragraph, RegularTextRun

from rnnwalk.layout.addresses import READ, RowBlock, column_letters
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.package import escaped
from rnnwalk.render.workbook.row_blocks import heads_column
from rnnwalk.render.workbook.sheet import Sheet
from rnnwalk.views.sentences import title as heading

MOST_LETTERS, MOST_ROWS = 12, 12  # that a chart stays readable with
HEIGHT = 20  # rows of a chart
MOST_HEIGHT = 80  # rows of a table that is printed on one page
# Okabe and Ito's colours, then darker ones, for people with colour blindness.
COLOURS = "0072B2 E69F00 009E73 CC79A7 56B4E9 D55E00 F0E442 555555 004D79 9A6A00 00664B 8A4A6E".split()


def draw(book: Book, sheet: Sheet) -> list[int]:
    """The charts, which read the table's cells and so follow every edit.

    They stand beside the table where the whole word fits on a page; else under it: then returns their rows.
    """
    shown = min(book.walk.length, MOST_LETTERS)
    beside = book.walk.length <= MOST_LETTERS and book.layout.unrolled_end <= MOST_HEIGHT
    row, left = (READ + 2, column_letters(book.layout.last + 2)) if beside else (book.layout.unrolled_end + 2, "A")
    rows: list[int] = []
    for row_block in book.layout.row_blocks:
        role = book.role(row_block.node)
        if role == "probability":
            text, axis, low, high = f"What it expects next (p) after each {book.noun}", "probability", 0.0, None
        elif role == "memory":
            label = book.walk.names.labels[row_block.node]
            text, axis, low, high = (
                f"{heading(book.walk.names, row_block.node)} ({label.field}) over time",
                "value",
                None,
                None,
            )
        else:
            continue
        if book.walk.names.labels[row_block.node].letter != 1:  # not read after every step
            continue
        notes = []
        if shown < book.walk.length:
            notes.append(f"first {shown} {book.noun}s")
        if row_block.node.shape[0] > MOST_ROWS:
            notes.append(f"first {MOST_ROWS} rows")
        chart = _bars(book, row_block, shown)
        chart.title = title(text + (f" ({', '.join(notes)})" if notes else ""), 1200)
        chart.y_axis.title = title(axis, 1100)
        chart.y_axis.scaling.min, chart.y_axis.scaling.max = low, high
        chart.width, chart.height = max(15.0, min(26.0, 7 + 2.2 * shown)), 9.5
        sheet.ws.add_chart(chart, f"{left}{row}")
        rows.append(row)
        row += HEIGHT
    if beside:  # printed on a page of their own
        right = column_letters(book.layout.last + 2 + math.ceil(chart.width / 1.6))
        sheet.ws.print_area = f"{sheet.ws.print_area.replace('$', '').split('!')[-1]},{left}{rows[0]}:{right}{row}"
    return [] if beside else rows


def _bars(book: Book, row_block: RowBlock, shown: int) -> BarChart:
    chart = BarChart()
    chart.type, chart.grouping = "col", "clustered"
    chart.gapWidth = 60
    first = book.layout.before + 1
    names = book.walk.names
    head_letters = column_letters(heads_column(book, row_block, book.layout.before))
    field, heads = names.labels[row_block.node].field, names.heads(row_block.node, 0)
    for r in range(min(row_block.node.shape[0], MOST_ROWS)):
        values = Reference(sheet_of(book), first, row_block.row + r, first + shown - 1, row_block.row + r)
        series = Series(values)
        shows = [float(book.walk.at(field, t).value[r, 0]) for t in range(1, shown + 1)]
        series.val.numRef.numCache = NumData(ptCount=shown, pt=[NumVal(idx=i, v=repr(v)) for i, v in enumerate(shows)])
        if heads:
            name = f"'{book.layout.unrolled}'!${head_letters}${row_block.row + r}"
            series.tx = SeriesLabel(strRef=StrRef(name, strCache=texts([heads[r]])))
        series.graphicalProperties.solidFill = COLOURS[r % len(COLOURS)]
        series.invertIfNegative = False
        chart.series.append(series)
    letters = f"'{book.layout.unrolled}'!${column_letters(first)}$5:${column_letters(first + shown - 1)}$5"
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
    return chart


def texts(texts: list[str]) -> StrData:
    """Texts as a chart remembers them, for viewers that do not look into the cells."""
    return StrData(ptCount=len(texts), pt=[StrVal(idx=i, v=escaped(text)) for i, text in enumerate(texts)])


def title(text: str, size: int) -> Title:
    """A title in hundredths of a point, never over the bars."""
    run = RegularTextRun(rPr=CharacterProperties(sz=size, b=size > 1000), t=text)
    return Title(tx=Text(rich=RichText(p=[Paragraph(r=[run])])), overlay=False)


def sheet_of(book: Book) -> object:
    return book.file[book.layout.unrolled]
