"""What the sheet Gradient flow comes to: how long the error is at each letter, its regime, and the chart of the lengths."""

import math

from openpyxl.chart import LineChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumData, NumVal, StrRef
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils.units import cm_to_EMU, pixels_to_EMU

from rnnwalk.layout.addresses import FIRST, CellRef, column_letters
from rnnwalk.layout.gradient_flow import FLOW, QUOTIENTS, READ, SCALE, STEP, SUMMARY, VERDICT, WORDS, FlowSheet
from rnnwalk.render.workbook import charts
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.complaints import given, hold
from rnnwalk.render.workbook.formulas import Writer
from rnnwalk.render.workbook.last_letter import LastLetter
from rnnwalk.render.workbook.paper import LEAST, PAGES
from rnnwalk.render.workbook.put_in import put_in
from rnnwalk.render.workbook.sheet import NUMBERS, Sheet
from rnnwalk.render.workbook.style import FORMULA, HEAD, HEADING, KEY, NUMBERS_IN, POWERS, SENTENCE, Look, cells
from rnnwalk.tasks.gradient_flow import STEADY
from rnnwalk.trace.record import Node
from rnnwalk.walks.derivation import Derivations

COLOURS = (charts.COLOURS[5], *charts.COLOURS[:5], *charts.COLOURS[6:])
MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus", "star", "dash", "dot")
NONE = "no error arrives at all"
TEXTS = {
    "norm": "‖∂L/∂state‖: the length of the error",
    "factor": "what a step back multiplies it by",
    "left": "left of the error at the end",
}


def draw_verdict(book: Book, sheet: Sheet, flow_sheet: FlowSheet, ending: LastLetter) -> None:
    """The factor of a step, on average over the far half of the way, and the regime that it means; of each word."""
    norms = flow_sheet.nodes_of("norm")
    if len(norms) < 2:
        told = f"Of a single {book.noun} that is read there is no way back: nothing vanishes or explodes in a {book.text} so short."
        sheet.put(VERDICT, 1, told, SENTENCE)
        return
    layout, steps = book.layout, flow_sheet.middle - 1
    row, (right, down) = (VERDICT, (1, 0)) if layout.wide == 1 else (WORDS + 2, (0, 1))
    heading = f"factor per step, from {book.noun} "
    formula, text = ending.told(heading, ending.middle(), flow_sheet.middle, " back to 1")
    several = ending.while_several(formula[1:], '"factor per step"')
    if ending.changes and layout.wide > 1:  # each has its own
        several, text = "", f"factor per step, over the first half of each {book.text}"
    sheet.live(row, 1, f"={several}" if formula and several else "", text, HEADING)
    if layout.wide > 1:
        sheet.put(WORDS, 1, f"which {book.text}", SENTENCE)
        sheet.put(WORDS + 1, 1, f"its last {book.noun}", SENTENCE)
        sheet.put(row + 1, 1, "so its error is", HEADING)
    for which in range(layout.wide):
        if layout.wide > 1:
            sheet.put(WORDS, FIRST + which, which + 1, HEAD)
            sheet.live(WORDS + 1, FIRST + which, ending.counted(which), flow_sheet.length, HEAD)
        first, middle = (flow_sheet.drawn[node].to((0, which)).cell for node in (norms[0], norms[steps]))
        arrived, left = (float(node.value[0, which]) for node in (norms[0], norms[steps]))
        factor = (arrived / left) ** (1 / steps) if left else 0.0
        length, count = ending.far_half(middle, which)
        formula = ending.while_several(f"IFERROR(({first}/{length})^(1/{count}),0)", which=which)
        formula = f'=IF(ISERROR({first}),"",{formula})'
        sheet.live(row, FIRST + which, formula, factor, cells("result").but(bold=True))
        here = f"{column_letters(FIRST + which)}{row}"
        last = float(norms[-1].value[0, which])
        end = ending.end(norms[-1], flow_sheet.drawn[norms[-1]].to((0, which)).cell, which)
        regime, told = _regime((here, factor), (first, arrived), (end, last))
        single = f"of a single {book.noun} there is none" if layout.wide == 1 else "–"
        regime = ending.while_several(regime, f'"{single}"', which)
        wrong_input = "✗ an input is wrong: see Start" if layout.wide == 1 else "✗ see Start"
        regime = f'IF({hold(given(book))},{regime},"{wrong_input}")'
        formula = f'=IF(COUNT({SCALE.local})=0,"s must be a number",{regime})'
        sheet.live(
            row + down, FIRST + which + right, formula, told, Look(bold=True, size=12, align="right" if down else None)
        )


def _regime(factor: tuple[str, float], first: tuple[str, float], last: tuple[str, float]) -> tuple[str, str]:
    """The formula of ``Flow.regime``, without its =, and its text; of each number its cell and its value."""
    (here, per_step), (there, arrived), (end, left) = factor, first, last
    falling, growing = f'IF({there}>{end},"uneven","vanishing")', f'IF({there}<{end},"uneven","exploding")'
    formula = f'IF({end}=0,"{NONE}",IF({here}<1/{STEADY},{falling},IF({here}>{STEADY},{growing},"steady")))'
    if left == 0:
        return formula, NONE
    if per_step < 1 / STEADY:
        return formula, "uneven" if arrived > left else "vanishing"
    return formula, "steady" if per_step <= STEADY else "uneven" if arrived < left else "exploding"


def draw_rows(sheet: Sheet, flow_sheet: FlowSheet, writer: Writer, ending: LastLetter) -> None:
    """The length of the error at each letter, and its share of the one a step later and of the one at the last letter."""
    norms = flow_sheet.nodes_of("norm")  # of the first letter: all that is read goes into it

    def compared(which: int) -> Writer:
        return Writer(
            flow_sheet.names, writer.where, lambda leaf, at: ending.end(leaf, writer.address(leaf, at), which)
        )

    for row, (field, text) in enumerate(TEXTS.items(), start=SUMMARY):
        sheet.put(row, 1, text, SENTENCE)
        nodes = flow_sheet.nodes_of(field)
        for node in nodes:
            for column, value in enumerate(node.value[0].tolist()):
                formula = (compared(column) if field == "left" else writer).element(node, (0, column))
                if field in QUOTIENTS:  # 0/0 is 0, but what follows from an error is none
                    length = f"{flow_sheet.drawn[norms[0]].to((0, column)).local}"
                    formula = f'=IF(ISERROR({length}),"",IFERROR({formula[1:]},0))'
                    value = value if math.isfinite(value) else 0.0
                formula = ending.element(nodes, flow_sheet.names.labels[node].letter, (0, column), formula)
                sheet.live(row, flow_sheet.drawn[node].column + column, formula, value, cells("result", POWERS))


def draw_told(book: Book, sheet: Sheet, flow_sheet: FlowSheet, writer: Writer, ending: LastLetter) -> None:
    """How the numbers of the first letter were made, of the first word: with the numbers put in."""
    names, row = flow_sheet.names, flow_sheet.told
    length = flow_sheet.nodes_of("norm")[0]
    sheet.put(row, 1, f"How the numbers of {book.noun} 1 were made", HEADING)
    sheet.put(row + 1, 1, f"{Derivations(names)[length].equation}", FORMULA)

    def address(leaf: Node, at: CellRef) -> str:
        return ending.end(leaf, writer.address(leaf, at))

    for i, field in enumerate(TEXTS, start=2):
        for node in flow_sheet.nodes_of(field)[:1]:
            formula, text = put_in(names, node, (0, 0), writer.where, address)
            if field in QUOTIENTS:
                divisor = names.parts(node)[-1]
                part = f'IF(N({address(divisor, writer.where(divisor))})=0,"",{formula[1:]})'
                formula, text = f"={ending.while_several(part)}", text if math.isfinite(node.value[0, 0]) else ""
            sheet.live(row + i, 1, formula, text, NUMBERS_IN)


def chart_width(steps: int) -> float:
    """How wide the chart is, in centimetres."""
    return max(15.0, min(26.0, 7 + 2.2 * steps))


def draw_chart(book: Book, sheet: Sheet, flow_sheet: FlowSheet, ending: LastLetter, last: int) -> None:
    """The lengths on a logarithmic axis; last: the last column of the sheet that is printed."""
    norms = flow_sheet.nodes_of("norm")
    wide = book.layout.wide
    apart = book.layout.shortens or wide > 1
    first = _drawn_apart(book, sheet, flow_sheet, ending, last + 2) if apart else FIRST
    heads_from, told = (FIRST, book.letters) if wide == 1 else (first, [str(i) for i in range(1, len(norms) + 1)])
    heads = f"'{FLOW}'!${column_letters(heads_from)}${READ}:${column_letters(heads_from + len(norms) - 1)}${READ}"
    chart = LineChart()
    for which in range(wide):
        row = SUMMARY + which
        series = Series(Reference(sheet.ws, first, row, first + len(norms) - 1, row))
        name, at = (TEXTS["norm"], 1) if wide == 1 else (f"{book.text} {which + 1}", first - 1)
        cell = f"'{FLOW}'!${column_letters(at)}${row}"  # else LibreOffice saves the letters as one under the other
        series.tx = SeriesLabel(strRef=StrRef(cell, strCache=charts.texts([name])))
        points = [NumVal(idx=i, v=repr(float(node.value[0, which]))) for i, node in enumerate(norms)]
        series.val.numRef.numCache = NumData(ptCount=len(norms), pt=points)
        series.cat = AxDataSource(strRef=StrRef(heads, strCache=charts.texts(told[: len(norms)])))
        series.graphicalProperties.line.solidFill = COLOURS[which % len(COLOURS)]
        series.marker = Marker(MARKERS[which % len(MARKERS)], size=7)
        series.smooth = False
        chart.series.append(series)
    chart.title = charts.title(f"The length of the error at each {book.noun} (logarithmic)", 1200)
    chart.y_axis.scaling.logBase = 10
    chart.y_axis.number_format = "0E+0"
    chart.y_axis.title = charts.title("‖∂L/∂state‖", 1100)
    chart.x_axis.title = charts.title(f"{book.noun}; the error comes from the right", 1100)
    chart.x_axis.crosses, chart.x_axis.tickLblPos = "min", "low"
    chart.x_axis.delete = chart.y_axis.delete = False
    if wide == 1:
        chart.legend = None
    chart.display_blanks = charts.ENDED
    charts.printed(chart)
    chart.width, chart.height = chart_width(len(norms)), charts.HIGH
    goes_on = sheet.pixels(1, last) > PAGES["landscape"][0] / LEAST  # and each page repeats the first columns
    if goes_on:  # and would repeat the chart's edge
        corner = AnchorMarker(col=FIRST - 1, colOff=pixels_to_EMU(3), row=flow_sheet.chart - 1)
        size = XDRPositiveSize2D(cm_to_EMU(chart.width), cm_to_EMU(chart.height))
        chart.anchor = OneCellAnchor(_from=corner, ext=size)
        sheet.ws.add_chart(chart)
    else:
        sheet.ws.add_chart(chart, f"A{flow_sheet.chart}")


def _drawn_apart(book: Book, sheet: Sheet, flow_sheet: FlowSheet, ending: LastLetter, first: int) -> int:
    """What the chart draws where that is not the row of the lengths; from a column on, which is returned.

    Where a word may be shortened #N/A, which a line leaves out, stands for letters that are gone; of several words each has a row.
    """
    layout, norms = book.layout, flow_sheet.nodes_of("norm")
    holds = f"nothing for a {book.noun} that is gone" if layout.shortens else f"a row for each {book.text}"
    told = f"what the chart draws: {holds}"
    sheet.put(READ if layout.wide == 1 else STEP, first, told, KEY.but(indent=0))
    sheet.widths(first, first + len(norms) - 1, NUMBERS + 2)
    for which in range(layout.wide if layout.wide > 1 else 0):
        sheet.put(SUMMARY + which, first - 1, f"{book.text} {which + 1}", HEAD)
    for i, node in enumerate(norms):
        if layout.wide > 1:
            sheet.put(READ, first + i, i + 1, HEAD)
        for which, value in enumerate(node.value[0].tolist()):
            place = layout.place(i + 1, which)
            formula = f"={ending.while_read(place, flow_sheet.drawn[node].to((0, which)).cell, gone='NA()')}"
            sheet.live(SUMMARY + which, first + i, formula, value, cells("result", POWERS))
    if layout.shortens:
        corner = f"{column_letters(first)}{SUMMARY}"
        end = f"{column_letters(first + len(norms) - 1)}{SUMMARY + layout.wide - 1}"
        sheet.blank(f"{corner}:{end}", f"ISERROR({corner})")
        book.errors[FLOW] = f"A1:{column_letters(first - 2)}{flow_sheet.end}"
    return first
