"""The charts of the sheet Training: the loss, and how probable the truth is, epoch by epoch."""

from openpyxl.chart import LineChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumData, NumRef, NumVal, StrRef
from openpyxl.chart.series import SeriesLabel

from rnnwalk.layout.addresses import TRAINING, column_letters
from rnnwalk.layout.training import ELEMENTS, FIRST, LOSS, TOP, Epochs
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.charts import COLOURS, ENDED, printed, texts, title
from rnnwalk.render.workbook.epoch_summary import followed
from rnnwalk.render.workbook.sheet import Sheet

HIGH = 20  # rows that a chart takes


def number_of(book: Book, place: int) -> str:
    """Which place it is: (2), and of several words letter and word, (2,3)."""
    step, column = book.layout.stands(place)
    return f" ({step})" if book.layout.wide == 1 else f" ({step},{column + 1})"


def draw(book: Book, sheet: Sheet, epochs: Epochs, losses: list[float], right: list[list[float]]) -> None:
    letters = column_letters(epochs.charts)
    first = _lines(sheet, epochs, f"The loss, over {epochs.count} epochs", "loss", [(LOSS, losses, "loss")])
    first.legend = None
    sheet.ws.add_chart(first, f"{letters}{TOP}")
    series = [
        (FIRST + i, [row[i] for row in right], f"{book.letters[place - 1]}{number_of(book, place)}")
        for i, place in enumerate(epochs.places)
    ]
    named, axis = (f"The {followed(book)}", "probability") if book.predicts else ("The loss of each answer", "loss")
    second = _lines(sheet, epochs, named, axis, series)
    second.y_axis.scaling.min = 0.0
    if book.predicts:
        second.y_axis.scaling.max = 1.0
    sheet.ws.add_chart(second, f"{letters}{TOP + HIGH}")


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
    chart.width, chart.height = 24.0, 9.5
    return chart


def _cache(values: "range | list[float]") -> NumData:
    return NumData(ptCount=len(values), pt=[NumVal(idx=i, v=repr(value)) for i, value in enumerate(values)])
