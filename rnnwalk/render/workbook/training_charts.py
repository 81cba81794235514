"""The charts of the sheet Training: the loss, and how probable the truth is, epoch by epoch."""

import math
from typing import NamedTuple

from openpyxl.chart import LineChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumData, NumRef, NumVal, StrRef
from openpyxl.chart.series import SeriesLabel

from rnnwalk.layout.addresses import TRAINING, column_letters
from rnnwalk.layout.training import ELEMENTS, FIRST, GAP, GROUPS, LOSS, TOP, Epochs
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.charts import CENTIMETRE, COLOURS, ENDED, printed, texts, title
from rnnwalk.render.workbook.epoch_summary import followed
from rnnwalk.render.workbook.paper import LEAST, PAGES
from rnnwalk.render.workbook.sheet import UNIT, Sheet

HIGH = 17  # rows that a chart takes
TALL, NARROW, WIDE = 8.2, 13.0, 24.0  # centimetres of a chart: its height, and from what to what it is wide


class Placed(NamedTuple):
    """How the sheet is printed, with its charts: the areas, and of the first one the last column and the row after its end;
    seen: the last column that is to be seen on a screen.
    """

    printed: str
    last: int
    end: int
    seen: int


def number_of(book: Book, place: int) -> str:
    """Which place it is: (2), and of several words letter and word, (2,3)."""
    step, column = book.layout.stands(place)
    return f" ({step})" if book.layout.wide == 1 else f" ({step},{column + 1})"


def draw(book: Book, sheet: Sheet, epochs: Epochs, losses: list[float], right: list[list[float]]) -> Placed:
    """The charts: beside the table where a page has room for both, under it where it is wide and short; otherwise beside
    it, printed on a page of their own.
    """
    table, end, seen = epochs.charts - 1, TOP + epochs.count, epochs.charts + GAP - 1
    across, down = (pixels / LEAST for pixels in PAGES["landscape"])
    room, charts = across - sheet.pixels(1, table), max(end, TOP + 2 * HIGH)
    lying = math.ceil(sheet.high(1, charts) / down)
    apart = 1 + math.ceil(sheet.high(1, end) * LEAST / PAGES["portrait"][1])
    wide, corners = WIDE * CENTIMETRE, [(TOP, epochs.charts), (TOP + HIGH, epochs.charts)]
    if sheet.pixels(1, table) > across:  # without the answers one by one, which stand joined beside the loss
        table = epochs.said - 1
    placed = Placed(_area(1, 1, table, end), table, end, seen)
    if room >= NARROW * CENTIMETRE and lying <= apart:
        wide = min(wide, room - UNIT)
        placed = Placed(_area(1, 1, seen, charts), seen, charts, seen)
    elif room < NARROW * CENTIMETRE and sheet.high(1, end + 1 + HIGH) <= down:
        half = sheet.pixels(1, table) / 2
        column = min(range(2, table + 1), key=lambda column: abs(sheet.pixels(1, column - 1) - half))
        wide = min(sheet.pixels(1, column - 1), sheet.pixels(column, table)) - UNIT
        corners = [(end + 1, 1), (end + 1, column)]
        placed = Placed(_area(1, 1, table, end + 1 + HIGH), table, end + 1 + HIGH, table)
    else:
        placed = placed._replace(printed=f"{placed.printed},{_area(GROUPS, epochs.charts, seen, charts)}")
    gap = 1.0 if corners[0][1] == 1 else wide / UNIT / GAP
    sheet.widths(epochs.charts, seen, gap)
    first = _lines(sheet, epochs, f"The loss, over {epochs.count} epochs", "loss", [(LOSS, losses, "loss")])
    first.legend = None
    series = [
        (FIRST + i, [row[i] for row in right], sheet.texts[ELEMENTS, FIRST + i][0]) for i in range(len(epochs.places))
    ]
    named, axis = (f"The {followed(book)}", "probability") if book.predicts else ("The loss of each answer", "loss")
    second = _lines(sheet, epochs, named, axis, series)
    second.y_axis.scaling.min = 0.0
    if book.predicts:
        second.y_axis.scaling.max = 1.0
    for chart, (row, column) in zip((first, second), corners, strict=True):
        chart.width, chart.height = (wide - UNIT) / CENTIMETRE, TALL
        sheet.ws.add_chart(chart, f"{column_letters(column)}{row}")
    return placed


def _area(top: int, first: int, last: int, end: int) -> str:
    """Cells as a range; end: the row after the last one."""
    return f"{column_letters(first)}{top}:{column_letters(last)}{end - 1}"


def _lines(sheet: Sheet, epochs: Epochs, text: str, axis: str, series: list[tuple[int, list[float], str]]) -> LineChart:
    chart = LineChart()
    last = TOP + epochs.count - 1
    for i, (column, values, name) in enumerate(series):
        line = Series(Reference(sheet.ws, column, TOP, column, last))
        line.val.numRef.numCache = _cache(values)
        line.cat = AxDataSource(
            numRef=NumRef(f"'{TRAINING}'!$A${TOP}:$A${last}", numCache=_cache(range(1, epochs.count + 1)))
        )
        head = f"'{TRAINING}'!${column_letters(column)}${ELEMENTS}"
        line.tx = SeriesLabel(strRef=StrRef(head, strCache=texts([name])))
        line.graphicalProperties.line.solidFill = COLOURS[i % len(COLOURS)]
        line.graphicalProperties.line.width = 22_000
        line.smooth = False
        chart.series.append(line)
    chart.title, chart.y_axis.title, chart.x_axis.title = title(text, 1200), title(axis, 1100), title("epoch", 1100)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = max(1, epochs.count // 10)
    chart.y_axis.number_format = "0.0" if axis == "probability" else "General"  # a loss may be of any size
    chart.legend.position = "r"
    chart.display_blanks = ENDED
    printed(chart)
    return chart


def _cache(values: "range | list[float]") -> NumData:
    return NumData(ptCount=len(values), pt=[NumVal(idx=i, v=repr(value)) for i, value in enumerate(values)])
