"""The sheet Gradient flow: how the last letter's error vanishes or explodes, with the scale of the memory in one cell."""

import numpy as np
from openpyxl.worksheet.datavalidation import DataValidation

from rnnwalk.engine.notes import with_axes
from rnnwalk.layout.addresses import FIRST, HEADS, CellRef, column_letters
from rnnwalk.layout.gradient_flow import FLOW, HEIGHT, READ, SCALE, STEP, SUMMARY, VERDICT, FlowSheet
from rnnwalk.render.workbook import error_lengths
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.charts import CENTIMETRE
from rnnwalk.render.workbook.choices import wrong
from rnnwalk.render.workbook.complaints import given, hold
from rnnwalk.render.workbook.formulas import MOST_CHARACTERS, Writer, likeness
from rnnwalk.render.workbook.last_letter import LastLetter
from rnnwalk.render.workbook.left_out import stays
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import LEAST, PAGES, fit, pages
from rnnwalk.render.workbook.put_in import TOLD, put_in
from rnnwalk.render.workbook.row_blocks import CARRIED
from rnnwalk.render.workbook.sheet import NUMBERS, Sheet, bracket, numbers, span
from rnnwalk.render.workbook.style import (
    FORMULA,
    HEAD,
    HEADING,
    KEY,
    NUMBERS_IN,
    ROWHEAD,
    SENTENCE,
    SUBTITLE,
    TITLE,
    cells,
    symbols,
)  # fmt: skip
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import sentence
from rnnwalk.walks.derivation import Derivations


def draw(book: Book, flow_sheet: FlowSheet) -> None:
    """The scale, the verdict, the lengths and their chart; then every block that they are made of."""
    walk, sheet = book.walk, book.sheet(FLOW, "D55E00")
    ending = LastLetter(book, flow_sheet)
    sheet.put(1, 1, "Gradient flow: does the error vanish or explode on its way back?", TITLE)
    sheet.live(2, 1, *_loss(book, ending), SUBTITLE)
    _scale(book, sheet)
    error_lengths.draw_verdict(book, sheet, flow_sheet, ending)
    _letters(book, sheet, ending)
    writer = _writer(flow_sheet, ending)
    error_lengths.draw_rows(sheet, flow_sheet, writer, ending)
    sheet.width(1, 38)
    sheet.width(HEADS, max(4.0, *map(span, book.heads)) + 2)
    last = end = FIRST + max(len(book.layout.places), walk.problem.model.hidden) - 1
    wide = max(NUMBERS + 2, *map(span, book.letters))
    sheet.widths(FIRST, end, wide)
    if sheet.pixels(1, end) > PAGES["landscape"][0] / LEAST:
        sheet.widths(FIRST, end, NUMBERS - 1)
    while sheet.pixels(1, last) < CENTIMETRE * error_lengths.chart_width(walk.length):
        last += 1
        sheet.width(last, wide)
    error_lengths.draw_chart(book, sheet, flow_sheet, ending, last)
    error_lengths.draw_told(book, sheet, flow_sheet, writer, ending)
    derivations = Derivations(flow_sheet.names)
    for top, nodes in flow_sheet.blocks:
        _block(book, sheet, flow_sheet, writer, derivations, ending, top, nodes)
    chart = flow_sheet.chart
    areas = (
        f"{column_letters(FIRST)}{VERDICT}",
        *[f"A{top}:{column_letters(end)}{bottom}" for top, bottom in ((STEP, chart - 1), (chart, flow_sheet.end))],
    )
    sheet.blank(" ".join(areas), f"NOT(AND(ISNUMBER({SCALE.local}),{hold(given(book))}))")
    if ending.changes:
        _shorten(book, sheet, flow_sheet)
    wrong(sheet, SCALE.cell, SCALE.cell)
    sheet.gap(chart - 1)
    sheet.ws.freeze_panes = f"C{SUMMARY}"
    sheet.ws.print_title_rows = f"{STEP}:{READ}"
    first = FIRST if book.layout.wide > 1 else 0  # of one word the chart needs as many letters as have room
    fit(sheet, last, flow_sheet.end, screen=chart + HEIGHT, letters=(first, STEP), wide=book.layout.wide)
    pages(sheet, [flow_sheet.told, *[top for top, _ in flow_sheet.blocks]], flow_sheet.end, repeated=(STEP, READ))
    make_room(sheet)
    book.links[FLOW] += [("the scale of the memory", SCALE), ("the lengths", CellRef(FLOW, SUMMARY, FIRST))]


def _loss(book: Book, ending: LastLetter) -> tuple[str, str]:
    """Which loss it is whose error is followed: the formula of the sentence, and the sentence."""
    alone = " alone" if book.walk.problem.model.task.at == "every" else ""
    runs = f"{alone}; its error runs from right to left. {TOLD}"
    if ending.changes and book.layout.wide > 1:
        return "", f"L is the loss at the last {book.noun} of each {book.text}{runs}"
    return ending.told(f"L is the loss at {book.noun} ", ending.number(), book.walk.length, runs)


def extra(flow_sheet: FlowSheet) -> list[tuple[str, CellRef, float]]:
    """What Checks compares with NumPy: the lengths of the error, into which all goes that is computed on the sheet."""
    return [
        (f"{FLOW}: {flow_sheet.names.symbol(node, (0, which))}", flow_sheet.drawn[node].to((0, which)), value)
        for node in flow_sheet.nodes_of("norm")
        for which, value in enumerate(node.value[0].tolist())
    ]


def _scale(book: Book, sheet: Sheet) -> None:
    """The number that multiplies the matrices of the memory."""
    names = ", ".join(with_axes(type(book.walk.problem.model.weights), "nn"))
    sheet.put(SCALE.row, 1, f"✎ s: multiplies {names}", HEADING)
    book.settings[SCALE] = 1.0
    sheet.put(SCALE.row, SCALE.column, 1.0, cells("weight").but(box=True, open=True, bold=True))
    sheet.put(SCALE.row, SCALE.column + 1, "change it: 0, 0.5, 2, 4, 8 …", KEY)
    rule = DataValidation("decimal", operator="between", formula1="-1E+6", formula2="1E+6", showErrorMessage=True)
    rule.errorTitle, rule.error = "Not a number", "The scale is a number, such as 2."
    rule.add(SCALE.cell)
    sheet.ws.add_data_validation(rule)


def _letters(book: Book, sheet: Sheet, ending: LastLetter) -> None:
    """The number of each letter, and what it reads."""
    sheet.put(STEP, 1, "step", SENTENCE)
    sheet.put(READ, 1, book.read, SENTENCE)
    for place, letter in enumerate(book.letters[: len(book.layout.places)], start=1):
        column = FIRST + place - 1
        sheet.live(STEP, column, ending.step(place), book.layout.stands(place)[0], HEAD)
        gone = f'"{CARRIED}"' if book.layout.carries else '""'
        read = ending.while_read(place, f'{book.layout.letter(place)}&""', gone)  # what the chart's axis names
        sheet.live(READ, column, f"={read}", letter, symbols("input"))


def _block(
    book: Book,
    sheet: Sheet,
    flow_sheet: FlowSheet,
    writer: Writer,
    derivations: Derivations,
    ending: LastLetter,
    top: int,
    nodes: list[Node],
) -> None:
    """One field: its title, its formula at the first letter that computes it, and a column for each letter."""
    names = flow_sheet.names
    computed = [node for node in nodes if node.op != "input"] or nodes
    made, usual = computed[0], computed[:2][-1]  # of a first letter a sentence may say what holds for it alone
    sheet.put(top, 1, book.caption(made, names), HEADING)
    sheet.put(top, FIRST, sentence(names, usual), KEY)
    ways = {
        likeness(names, node): node for node in [*reversed(computed), usual]
    }  # of the last letter it is another one
    equations = [derivations[node].equation for node in dict.fromkeys(ways[likeness(names, node)] for node in computed)]
    if made.op != "input":
        told = ";   ".join(equations)
        formula = ending.equations(computed, equations)
        if ending.changes and not (formula or book.layout.carries) and usual is not made:
            formula = f'=IF({ending.gone(2)},"{derivations[made].equation}","{told}")'
        sheet.live(top + 1, 1, formula, told, FORMULA)
    if usual.op != "input":
        address = ending.there(writer.address) if ending.alone(nodes) else writer.address
        (alone, _), (formula, text) = (put_in(names, node, (0, 0), writer.where, address) for node in (made, usual))
        formula = ending.while_so(nodes, usual, formula, (made, alone))
        if len(formula) <= MOST_CHARACTERS:  # of a large vocabulary the loss has longer ones
            sheet.live(top + 2, 1, formula, text, NUMBERS_IN)
    for r, head in enumerate(names.heads(made, 0)):
        sheet.put(top + 3 + r, HEADS, head, ROWHEAD)
    for node in nodes:
        look, place = book.look(node, names), flow_sheet.drawn[node]
        book.roles.add(book.role(node, names))
        for r, row in enumerate(numbers(node.value)):
            for c, value in enumerate(row):
                at, formula = place.to((r, c)), ""
                if node.op != "input":  # what arrives from beyond the last letter is a constant: 0
                    own = writer.element(node, (r, c))
                    formula = ending.element(nodes, names.labels[node].letter, (r, c), own)
                sheet.live(at.row, at.column, formula, value, bracket(c, len(row), look))
    look = bracket(0, 1, book.look(nodes[-1], names))
    for letter in ending.only_at_the_end(nodes):
        for r, which in np.ndindex(*nodes[-1].shape):
            column = FIRST + book.layout.place(letter, which) - 1
            sheet.live(top + 3 + r, column, ending.element(nodes, letter, (r, which), ""), "", look)


def _writer(flow_sheet: FlowSheet, ending: LastLetter) -> Writer:
    """Writes formulas as if they were copied along the row: what has no time keeps its column."""

    def address(leaf: Node, at: CellRef) -> str:
        cell = at.cell if flow_sheet.names.labels[leaf].letter is not None else f"${at.cell}"
        return cell if at.sheet == FLOW else f"{at.sheet}!{cell}"

    blank = ending.gone if ending.layout.carries else None
    return Writer(flow_sheet.names, flow_sheet.drawn.__getitem__, address, blank=blank)


def _shorten(book: Book, sheet: Sheet, flow_sheet: FlowSheet) -> None:
    """Leave blank what belongs to letters that are gone, or to a last letter where another one is; not what is carried on
    where they are gone, and what comes of it.
    """
    carries = book.layout.carries
    first, last = (column_letters(FIRST + place - 1) for place in (1, book.layout.places[-1]))
    rows = [(READ + carries, flow_sheet.chart - 1)]
    for top, nodes in flow_sheet.blocks:
        if flow_sheet.names.labels[nodes[0]].letter and not (carries and stays(flow_sheet.names, nodes[0])):
            rows.append((top + 3, top + 2 + max(node.shape[0] for node in nodes)))
    areas = " ".join(f"{first}{top}:{last}{end}" for top, end in rows)
    corner = f"{first}{rows[0][0]}"  # a rule is written for the first cell of its areas
    sheet.blank(areas, f'IF({first}${STEP}="",TRUE,{corner}="")')
