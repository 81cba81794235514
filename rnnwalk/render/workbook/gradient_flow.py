"""The sheet Gradient flow: how the last letter's error vanishes or explodes, with the scale of the memory in one cell."""

import math
from functools import partial

from openpyxl.chart import LineChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumData, NumVal, StrRef
from openpyxl.chart.marker import Marker
from openpyxl.worksheet.datavalidation import DataValidation

from rnnwalk.engine.notes import with_axes
from rnnwalk.layout.addresses import FIRST, HEADS, STEPS, CellRef, column_letters
from rnnwalk.layout.gradient_flow import CHART, FLOW, QUOTIENTS, READ, SCALE, STEP, SUMMARY, VERDICT, WORDS, FlowSheet
from rnnwalk.render.workbook import charts
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.choices import wrong
from rnnwalk.render.workbook.complaints import given, hold
from rnnwalk.render.workbook.formulas import Writer, likeness
from rnnwalk.render.workbook.last_letter import LastLetter
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import LEAST, PAGES, fit, pages
from rnnwalk.render.workbook.put_in import put_in
from rnnwalk.render.workbook.sheet import NUMBERS, Sheet, bracket, numbers, span
from rnnwalk.render.workbook.style import (
    FORMULA,
    HEAD,
    HEADING,
    KEY,
    NUMBERS_IN,
    POWERS,
    ROWHEAD,
    SENTENCE,
    SUBTITLE,
    TITLE,
    Look,
    cells,
    symbols,
)  # fmt: skip
from rnnwalk.tasks.gradient_flow import STEADY
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import sentence
from rnnwalk.walks.derivation import Derivations

COLOURS = (charts.COLOURS[5], *charts.COLOURS[:5], *charts.COLOURS[6:])
MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus", "star", "dash", "dot")
TEXTS = {
    "norm": "‖∂L/∂state‖: the length of the error",
    "factor": "what a step back multiplies it by",
    "left": "left of the error at the end",
}


def draw(book: Book, flow_sheet: FlowSheet) -> None:
    """The scale, the verdict, the lengths and their chart; then every block that they are made of."""
    walk, sheet = book.walk, book.sheet(FLOW, "D55E00")
    names = ", ".join(with_axes(type(walk.problem.model.weights), "nn"))
    alone = " alone" if walk.problem.model.task.at == "every" else ""
    sheet.put(1, 1, "Gradient flow: does the error vanish or explode on its way back?", TITLE)
    told, runs = f"L is the loss at {book.noun} ", f"{alone}; its error runs from right to left."
    ending = LastLetter(flow_sheet) if book.layout.shortens and walk.length > 1 else None
    if ending:
        sheet.live(2, 1, f'="{told}"&{ending.number}&"{runs}"', f"{told}{walk.length}{runs}", SUBTITLE)
    else:
        sheet.put(2, 1, f"{told}{walk.length}{runs}", SUBTITLE)
    sheet.put(SCALE.row, 1, f"✎ s: multiplies {names}", HEADING)
    book.settings[SCALE] = 1.0
    sheet.put(SCALE.row, SCALE.column, 1.0, cells("weight").but(box=True, open=True, bold=True))
    sheet.put(SCALE.row, SCALE.column + 1, "change it: 0, 0.5, 2, 4, 8 …", KEY)
    rule = DataValidation("decimal", operator="between", formula1="-1E+6", formula2="1E+6", showErrorMessage=True)
    rule.errorTitle, rule.error = "Not a number", "The scale is a number, such as 2."
    rule.add(SCALE.cell)
    sheet.ws.add_data_validation(rule)
    _verdict(book, sheet, flow_sheet, ending)
    sheet.put(STEP, 1, "step", SENTENCE)
    sheet.put(READ, 1, book.read, SENTENCE)
    for place in book.layout.places:
        read, step = f'{book.layout.letter(place)}&""', book.layout.stands(place)[0]
        if ending:
            here = f"{column_letters(FIRST + place - 1)}{STEP}"
            steps = book.layout.letter(place)._replace(row=STEPS)
            sheet.live(STEP, FIRST + place - 1, f'=IF({book.layout.known(place + 1)}="","",{steps})', step, HEAD)
            read = f'IF({here}="","",{read})'  # what the chart's axis names
        else:
            sheet.put(STEP, FIRST + place - 1, step, HEAD)
        sheet.live(READ, FIRST + place - 1, f"={read}", book.letters[place - 1], symbols("input"))
    writer = Writer(flow_sheet.names, flow_sheet.drawn.__getitem__, partial(_address, flow_sheet))
    norms = flow_sheet.nodes_of("norm")  # of the first letter: all that is read goes into it
    compared = writer
    if ending:  # with the length at the letter that is the last one now
        at_last = ending.norm(ending.number)
        compared = Writer(
            flow_sheet.names,
            flow_sheet.drawn.__getitem__,
            lambda leaf, at: at_last if leaf is norms[-1] else _address(flow_sheet, leaf, at),
        )
    for row, (field, text) in enumerate(TEXTS.items(), start=SUMMARY):
        sheet.put(row, 1, text, SENTENCE)
        for node in flow_sheet.nodes_of(field):
            for column, value in enumerate(node.value[0].tolist()):
                formula = (compared if field == "left" else writer).element(node, (0, column))
                if field in QUOTIENTS:  # 0/0 is 0, but what follows from an error is none
                    lengths = f"{flow_sheet.drawn[norms[0]].to((0, column)).local}"
                    formula = f'=IF(ISERROR({lengths}),"",IFERROR({formula[1:]},0))'
                    value = value if math.isfinite(value) else 0.0
                if ending:
                    letter = flow_sheet.names.labels[node].letter or 0
                    formula = ending.element(flow_sheet.nodes_of(field), letter, (0, column), formula)
                sheet.live(row, flow_sheet.drawn[node].column + column, formula, value, cells("result", POWERS))
    sheet.width(1, 38)
    sheet.width(HEADS, max(4.0, *map(span, book.heads)) + 2)
    last = end = FIRST + max(len(book.layout.places), walk.problem.model.hidden) - 1
    wide = max(NUMBERS + 2, *map(span, book.letters))
    sheet.widths(FIRST, end, wide)
    while sheet.pixels(1, last) < charts.CENTIMETRE * _width(walk.length):
        last += 1
        sheet.width(last, wide)
    _chart(book, sheet, flow_sheet, last)
    derivations = Derivations(flow_sheet.names)
    for top, nodes in flow_sheet.blocks:
        _block(book, sheet, flow_sheet, writer, derivations, top, nodes, ending)
    number = f"ISNUMBER({SCALE.local})"
    areas = (
        f"{column_letters(FIRST)}{VERDICT}",
        *[f"A{top}:{column_letters(end)}{bottom}" for top, bottom in ((STEP, CHART - 1), (CHART, flow_sheet.end))],
    )
    shown = f"AND({number},{hold(given(book))})"
    sheet.blank(" ".join(areas), f"NOT({shown})")
    if ending:
        _shorten(sheet, flow_sheet)
    wrong(sheet, SCALE.cell, SCALE.cell)
    sheet.ws.freeze_panes = f"C{SUMMARY}"
    sheet.ws.print_title_rows = f"{STEP}:{READ}"
    fit(sheet, last, flow_sheet.end, letters=(0, STEP))
    pages(sheet, [top for top, _ in flow_sheet.blocks], flow_sheet.end, repeated=(STEP, READ))
    make_room(sheet)
    book.links[FLOW] += [("the scale of the memory", SCALE), ("the lengths", CellRef(FLOW, SUMMARY, FIRST))]


def _address(flow_sheet: FlowSheet, leaf: Node, at: CellRef) -> str:
    """A cell as if its formula were copied along the row: what has no time keeps its column."""
    cell = at.cell if flow_sheet.names.labels[leaf].letter is not None else f"${at.cell}"
    return cell if at.sheet == FLOW else f"{at.sheet}!{cell}"


def _shorten(sheet: Sheet, flow_sheet: FlowSheet) -> None:
    """Leave blank what belongs to letters that are gone, or to a last letter where another one is."""
    first, last = column_letters(FIRST), column_letters(FIRST + flow_sheet.length - 1)
    rows = [(READ, CHART - 1)]
    for top, nodes in flow_sheet.blocks:
        if flow_sheet.names.labels[nodes[0]].letter:
            rows.append((top + 3, top + 2 + max(node.shape[0] for node in nodes)))
    areas = " ".join(f"{first}{top}:{last}{end}" for top, end in rows)
    sheet.blank(areas, f'IF({first}${STEP}="",TRUE,{first}{READ}="")')


def _verdict(book: Book, sheet: Sheet, flow_sheet: FlowSheet, ending: LastLetter | None) -> None:
    """The factor of a step, on average over the far half of the way, and the regime that it means; of each word."""
    norms = flow_sheet.nodes_of("norm")
    if len(norms) < 2:
        return
    layout, steps = book.layout, flow_sheet.middle - 1
    far, near = norms[0], norms[steps]
    row, (right, down) = (VERDICT, (1, 0)) if layout.wide == 1 else (WORDS + 1, (0, 1))
    text = [f"factor per step, from {book.noun} ", " back to 1"]
    if ending:
        heading = f'="{text[0]}"&{ending.middle}&"{text[1]}"'
        sheet.live(row, 1, heading, str(flow_sheet.middle).join(text), HEADING)
    else:
        sheet.put(row, 1, str(flow_sheet.middle).join(text), HEADING)
    if layout.wide > 1:
        sheet.put(WORDS, 1, f"which {book.text}", SENTENCE)
        sheet.put(row + 1, 1, "so its error is", HEADING)
    for which in range(layout.wide):
        if layout.wide > 1:
            sheet.put(WORDS, FIRST + which, which + 1, HEAD)
        ends = [flow_sheet.drawn[node].to((0, which)).cell for node in (far, near)]
        values = [float(node.value[0, which]) for node in (far, near)]
        factor = (values[0] / values[1]) ** (1 / steps) if values[1] else 0.0
        formula = f'=IF(ISERROR({ends[0]}),"",IFERROR(({ends[0]}/{ends[1]})^(1/{steps}),0))'
        if ending:
            apart = f"({ends[0]}/{ending.norm(ending.middle)})^(1/({ending.middle}-1))"
            formula = f'=IF(ISERROR({ends[0]}),"",IF({ending.gone(2)},"",IFERROR({apart},0)))'
        sheet.live(row, FIRST + which, formula, factor, cells("result").but(bold=True))
        here = f"{column_letters(FIRST + which)}{row}"
        told = "vanishing" if factor < 1 / STEADY else "exploding" if factor > STEADY else "steady"
        regime = f'IF({here}<1/{STEADY},"vanishing",IF({here}>{STEADY},"exploding","steady"))'
        if ending:
            regime = f'IF({ending.gone(2)},"of a single {book.noun} there is none",{regime})'
        wrong_input = "✗ an input is wrong: see Start" if layout.wide == 1 else "✗ see Start"
        regime = f'IF({hold(given(book))},{regime},"{wrong_input}")'
        formula = f'=IF(COUNT({SCALE.local})=0,"s must be a number",{regime})'
        sheet.live(
            row + down, FIRST + which + right, formula, told, Look(bold=True, size=12, align="right" if down else None)
        )


def _width(steps: int) -> float:
    """How wide the chart is, in centimetres."""
    return max(15.0, min(26.0, 7 + 2.2 * steps))


def _chart(book: Book, sheet: Sheet, flow_sheet: FlowSheet, last: int) -> None:
    """The lengths on a logarithmic axis; last: the last column of the sheet that is printed."""
    norms = flow_sheet.nodes_of("norm")
    wide = book.layout.wide
    apart = book.layout.shortens or wide > 1
    first = _drawn_apart(book, sheet, flow_sheet, norms, last + 2) if apart else FIRST
    heads_from, told = (FIRST, book.letters) if wide == 1 else (first, [str(i) for i in range(1, len(norms) + 1)])
    heads = f"'{FLOW}'!${column_letters(heads_from)}${READ}:${column_letters(heads_from + len(norms) - 1)}${READ}"
    chart = LineChart()
    for which in range(wide):
        row = SUMMARY + which
        name = "‖∂L/∂state‖" if wide == 1 else f"{book.text} {which + 1}"
        series = Series(Reference(sheet.ws, first, row, first + len(norms) - 1, row), title=name)
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
    charts.printed(chart)
    chart.width, chart.height = _width(len(norms)), 9.5
    goes_on = sheet.pixels(1, last) > PAGES["landscape"][0] / LEAST  # and each page repeats the first columns
    sheet.ws.add_chart(chart, f"{column_letters(FIRST if goes_on else 1)}{CHART}")


def _drawn_apart(book: Book, sheet: Sheet, flow_sheet: FlowSheet, norms: list[Node], first: int) -> int:
    """What the chart draws where that is not the row of the lengths; from a column on, which is returned.

    Where a word may be shortened #N/A, which a line leaves out, stands for letters that are gone; of several words each has a row.
    """
    layout = book.layout
    rows = f"nothing for a {book.noun} that is gone" if layout.shortens else f"a row for each {book.text}"
    told = f"what the chart draws: {rows}"
    sheet.put(READ if layout.wide == 1 else STEP, first, told, KEY.but(indent=0))
    sheet.widths(first, first + len(norms) - 1, NUMBERS + 2)
    for i, node in enumerate(norms):
        if layout.wide > 1:
            sheet.put(READ, first + i, i + 1, HEAD)
        for which, value in enumerate(node.value[0].tolist()):
            here = flow_sheet.drawn[node].to((0, which)).cell
            formula = f"={here}"
            if layout.shortens and len(norms) > 1:
                formula = f'=IF({column_letters(FIRST + i)}{STEP}="",NA(),{here})'
            sheet.live(SUMMARY + which, first + i, formula, value, cells("result", POWERS))
    if layout.shortens:
        corner = f"{column_letters(first)}{SUMMARY}"
        sheet.blank(f"{corner}:{column_letters(first + len(norms) - 1)}{SUMMARY}", f"ISERROR({corner})")
        book.errors[FLOW] = f"A1:{column_letters(first - 2)}{flow_sheet.end}"
    return first


def _block(
    book: Book,
    sheet: Sheet,
    flow_sheet: FlowSheet,
    writer: Writer,
    derivations: Derivations,
    top: int,
    nodes: list[Node],
    ending: LastLetter | None,
) -> None:
    """One field: its title, its formula at the first letter that computes it, and a column for each letter."""
    names = flow_sheet.names
    computed = [node for node in nodes if node.op != "input"] or nodes
    made, usual = computed[0], computed[:2][-1]  # of a first letter a sentence may say what holds for it alone
    sheet.put(top, 1, book.caption(made, names), HEADING)
    sheet.put(top, FIRST, sentence(names, usual), KEY)
    ways = {likeness(names, node): node for node in reversed(computed)}  # of the last letter it is another one
    equations = [derivations[node].equation for node in dict.fromkeys(ways[likeness(names, node)] for node in computed)]
    lettered = ending is not None and names.labels[made].letter is not None
    if made.op != "input":
        text = ";   ".join(equations)
        if ending and lettered and (formula := ending.equations(computed, equations)):
            sheet.live(top + 1, 1, formula, text, FORMULA)
        else:
            sheet.put(top + 1, 1, text, FORMULA)
    shown = computed[:2][-1]
    if shown.op != "input":
        formula, text = put_in(names, shown, (0, 0), writer.where, writer.address)
        sheet.live(
            top + 2, 1, ending.while_so(nodes, shown, formula) if ending and lettered else formula, text, NUMBERS_IN
        )
    for r, head in enumerate(names.heads(made, 0)):
        sheet.put(top + 3 + r, HEADS, head, ROWHEAD)
    for node in nodes:
        look, place = book.look(node, names), flow_sheet.drawn[node]
        book.roles.add(book.role(node, names))
        for r, row in enumerate(numbers(node.value)):
            for c, value in enumerate(row):
                at, edged = place.to((r, c)), bracket(c, len(row), look)
                if node.op == "input":  # nothing arrives from beyond the last letter
                    sheet.put(at.row, at.column, value, edged)
                    continue
                formula = writer.element(node, (r, c))
                if ending and lettered:
                    formula = ending.element(nodes, names.labels[node].letter or 0, (r, c), formula)
                sheet.live(at.row, at.column, formula, value, edged)
    if not (ending and lettered):
        return
    here = {names.labels[node].letter for node in nodes}
    look = bracket(0, 1, book.look(nodes[-1], names))
    for letter in range(1, flow_sheet.length):
        if letter not in here:  # it has one if it becomes the last one
            for r in range(nodes[-1].shape[0]):
                sheet.live(top + 3 + r, FIRST + letter - 1, ending.element(nodes, letter, (r, 0), ""), "", look)
