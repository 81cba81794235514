"""The sheet Checks: live TRUE and FALSE, and the exported values to compare with."""

from collections.abc import Iterator, Sequence

import numpy as np
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from rnnwalk.layout.addresses import CHECKS, INPUTS, START, TRAINING, UNROLLED, CellRef, column_letters
from rnnwalk.layout.addresses import EDITED as EDITED_ROW
from rnnwalk.layout.backprop import BackpropSheet, Nudge
from rnnwalk.layout.one_letter import CHOICE as CHOSEN
from rnnwalk.layout.training import LOSS, TOP
from rnnwalk.render.workbook import letter_choice
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.choices import ORIGINAL, area
from rnnwalk.render.workbook.complaints import Must, forward, given, paces
from rnnwalk.render.workbook.nudge import CHOICE, CLOSE, STEP, chosen, epsilon, slope
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import fit, pages
from rnnwalk.render.workbook.row_blocks import called
from rnnwalk.render.workbook.sheet import Sheet
from rnnwalk.render.workbook.style import HEADING, NUMBER, SENTENCE, SUBTITLE, TITLE, Look, OrderedFont
from rnnwalk.render.workbook.typed_over import UNKNOWN, stand
from rnnwalk.trace.record import Node

STATE = CellRef(CHECKS, 4, 2)
FINE, EDITED, WRONG = (
    "✓ all checks hold",
    "✎ inputs edited; all other checks hold",
    "✗ a check fails: see the sheet Checks",
)
MOST_ROWS = 400  # of exported values
VERDICT = Look(bold=True, align="center", box=True, format='"TRUE";"TRUE";"FALSE";@')  # LibreOffice shows 1 for TRUE
CHOOSE = Look(bold=True, box=True, open=True, quote=True, align="right")
VALUE = Look(format=NUMBER, align="right")


def draw(
    book: Book,
    results: dict[Node, CellRef],
    losses: list[float],
    extra: Sequence[tuple[str, CellRef, float]] = (),
) -> None:
    """Every check is a formula.

    results: where Walk computes its values; losses: of the first epochs, to compare; extra: more values to compare,
    each with what it is and where.
    """
    sheet = book.sheet(CHECKS, "CC79A7", locked=True)
    sheet.put(1, 1, "Checks: is everything right?", TITLE)
    read = "an input" if book.layout.typed("input") else f"a {book.noun}"
    sheet.put(
        2,
        1,
        f"TRUE is right, FALSE is not, {UNKNOWN} is what this program cannot tell; the last part says “edited” as soon as {read} "
        "or a weight differs from the export.",
        SUBTITLE,
    )
    sheet.put(4, 1, "All together", HEADING)
    row = 6
    if book.layout.nudge is not None:
        row = _difference(book, sheet, book.layout.nudge)
    sheet.put(row, 1, "What must always hold", HEADING)
    always = [row + 1, row]
    for text, formula in _always(book, results):
        always[1] = row = row + 1
        sheet.put(row, 1, text, SENTENCE)
        sheet.live(row, 2, f"=IFERROR({formula},FALSE)", True, VERDICT)
    whole = row + 1
    kept = stand(book, _sheets(book), f"$B${always[0]}:$B${always[0] + 1}")
    for must in kept:
        always[1] = row = row + 1
        sheet.put(row, 1, must.text, SENTENCE)
        sheet.live(row, 2, f"=IFERROR({must.holds},FALSE)", True, VERDICT)
    row += 2
    sheet.put(row, 1, "How many inputs were edited since the export", HEADING)
    counts = [row + 1, row]
    for text, formula in _edits(book):
        counts[1] = row = row + 1
        sheet.put(row, 1, text, SENTENCE)
        sheet.live(row, 2, f"={formula}", 0, VERDICT.but(format="0"))
    edited = f"SUM($B${counts[0]}:$B${counts[1]})"
    row += 2
    sheet.put(row, 1, "Equal to what NumPy computed at the export", HEADING)
    for column, text in enumerate(("now", "exported", "where"), start=3):
        sheet.put(row, column, text, HEADING.but(align="right") if column < 5 else HEADING.but(indent=1))
    first = row + 1
    for what, place, value in [*_compared(book, losses), *extra]:
        row += 1
        _compare(sheet, row, what, place, value, edited)
    told = [
        f"IF(NOT(B{each}),{must.says}," for each, must in enumerate(_musts(book), start=always[0])
    ]  # the first ones
    told += [f"IF(B{each}=FALSE,{must.says}," for each, must in enumerate(kept, start=whole)]
    told.append(f"IF(NOT({(must := forward(book)).holds}),{must.says},")
    if book.overflow:
        told.append(f'IF(LEFT({book.overflow},1)="✗",{book.overflow},')
    sheet.live(
        STATE.row, STATE.column,
        f'={"".join(told)}'
        f'IF(NOT(AND(B{always[0]}:B{always[1]})),"{WRONG}",IF({edited}>0,"{EDITED}",IF(AND(B{first}:B{row}),"{FINE}","{WRONG}"))){")" * len(told)}',
        FINE, Look(bold=True, size=12),
    )  # fmt: skip
    good, bad = PatternFill(bgColor="B7E4D5"), PatternFill(bgColor="FFC078")
    for answer, fill in (("TRUE", good), ("FALSE", bad)):
        rule = CellIsRule("equal", [answer], font=OrderedFont(b=True), fill=fill)
        sheet.ws.conditional_formatting.add(f"B{always[0]}:B{always[1]} B{first}:B{row}", rule)
    mark(sheet, STATE, 4)
    for column, width in ((1, 62), (2, 14), (3, 16), (4, 16), (5, 18)):
        sheet.width(column, width)
    fit(sheet, 5, row + 1)
    pages(sheet, [*range(STATE.row, row + 1)], row + 1)
    sheet.ws.freeze_panes = "A5"
    make_room(sheet)
    book.links[CHECKS].append(("all together", STATE))


def _musts(book: Book) -> list[Must]:
    """What must hold of all that may be edited."""
    moved = [
        Must(f"{place} is a number", f"COUNT({place})=1", f'"✗ {place} holds no number"') for place in book.settings
    ]
    moved.append(
        Must(
            f"{CHOSEN} is the number of a {book.noun}",
            letter_choice.chosen(book, str(CHOSEN)),
            f'"✗ no {book.noun} is chosen: see {CHOSEN}"',
        )
    )
    if book.layout.nudge is not None:
        one = f"SUM({book.layout.nudge.weight_rows(book.layout.nudge.chosen)})=1"
        moved.append(Must(f"{CHOICE} is the name of a weight", one, f'"✗ no weight is chosen: see {CHOICE}"'))
    return [*given(book), *paces(book), *moved]


def mark(sheet: Sheet, state: CellRef, last: int) -> None:
    """Colour the overall state by its sign, as far as a column: its sentence reaches over."""
    area = f"{state.cell}:{column_letters(last)}{state.row}"
    for sign, colour in (("✓", "B7E4D5"), ("✎", "FFD28A"), ("✗", "FFC078")):
        rule = FormulaRule([f'LEFT(${state.cell},1)="{sign}"'], fill=PatternFill(bgColor=colour))
        sheet.ws.conditional_formatting.add(area, rule)


def _always(book: Book, results: dict[Node, CellRef]) -> Iterator[tuple[str, str]]:
    layout = book.layout
    for must in _musts(book):
        yield must.text, must.holds
    if book.predicts:
        last = book.walk.at("p", book.walk.length)
        p = layout.unrolled.drawn[book.walk.names.node.get("p_1", last)]
        row = p.row + last.shape[0]
        sums = f"{UNROLLED}!{p._replace(row=row).cell}:{column_letters(layout.unrolled.last)}{row}"
        yield f"The probabilities after each {book.noun} sum to 1", f"AND(MIN({sums})>=1-1E-12,MAX({sums})<=1+1E-12)"
    if layout.backprop is not None:
        yield from _learning(book, layout.backprop)
    for sheet in sorted(_sheets(book), key=lambda sheet: sheet != TRAINING):
        cells = f"'{sheet}'!{book.errors.get(sheet) or book.file[sheet].calculate_dimension()}"
        yield f"No cell on {sheet} is an error", f"NOT(ISERROR(SUM({cells})))"
    agree: dict[str, list[str]] = {}
    for node, place in results.items():
        here, there = _area(place, place, node.shape), _area(layout.home[node], layout.home[node], node.shape)
        near = f"SUMPRODUCT({here}-{there},{here}-{there})<=1E-18*(1+SUMSQ({there}))"
        # the square of 1E200 is too large for a sheet
        either = f"IFERROR({near},ABS(SUM({here})-SUM({there}))<=1E-9*ABS(SUM({there})))"
        agree.setdefault(called(book, node), []).append(either)
    for symbol, terms in agree.items():
        yield f"Walk and Unrolled agree on {symbol}", f"AND({','.join(terms)})"


def _sheets(book: Book) -> list[str]:
    """All sheets but those of which one shows what the other says."""
    return [sheet for sheet in book.file.sheetnames if sheet not in (START, CHECKS)]


def _difference(book: Book, sheet: Sheet, nudge: Nudge) -> int:
    """The gradient of one weight in two ways; returns the next row."""
    node, at = chosen(book, nudge)
    key, gradient = book.walk.names.key(node, at), book.walk.gradients[book.walk.names.labels[node].field]
    loss = book.walk.names.node["loss"]
    more, less = nudge.place(loss, nudge.more), nudge.place(loss, nudge.less)
    row = CHOICE.row
    sheet.put(row - 1, 1, "One gradient, found in two ways: choose a weight from the list", HEADING)
    sheet.put(row, 1, "the weight", SENTENCE)
    sheet.put(row, 2, key, CHOOSE)
    sheet.put(row + 1, 1, "its gradient, by backpropagation through time", SENTENCE)
    formula = f"=SUMPRODUCT({nudge.weight_rows(nudge.chosen)},{nudge.weight_rows(nudge.gradient)})"
    sheet.live(row + 1, 2, formula, float(gradient.value[at]), VALUE)
    sheet.put(row + 2, 1, "its central difference: (loss at weight + ε − loss at weight − ε) / 2ε", SENTENCE)
    sheet.live(row + 2, 2, f"=({more}-{less})/(2*{STEP})", slope(book, nudge, epsilon(book, nudge)), VALUE)
    rule = DataValidation("list", formula1=f"={nudge.weight_rows(1)}", allow_blank=False, showErrorMessage=True)
    rule.errorTitle, rule.error = "Not a weight", "Choose a weight from the list."
    rule.add(CHOICE.cell)
    sheet.ws.add_data_validation(rule)
    book.links[CHECKS].append(("gradient check", CHOICE))
    return row + 4


def _learning(book: Book, backprop: BackpropSheet) -> Iterator[tuple[str, str]]:
    """What must hold of the way back, whatever the inputs are."""
    assert book.layout.nudge is not None
    choice, loss = CHOICE.row, book.layout.home[book.walk.names.node["loss"]]
    yield (
        "Backpropagation and the central difference agree on the chosen weight",
        f"AND(SUM({book.layout.nudge.weight_rows(book.layout.nudge.chosen)})=1,"
        f"ABS(B{choice + 1}-B{choice + 2})<={CLOSE:G}*(1+ABS(B{choice + 1}))+1E-9*{loss})",
    )
    for block in backprop.weight_rows:
        total, size = block.columns[0], block.weight.value.size
        here = _rows(backprop.drawn[total], backprop.drawn[total], size)
        there = _rows(backprop.drawn[block.shares[0]], backprop.drawn[block.shares[-1]], size)
        yield (
            f"{book.walk.names.symbol(total)} is the sum of what the {book.noun}s add",
            f"ABS(SUM({here})-SUM({there}))<=1E-9*MAX(MAX({there}),-MIN({there}))",
        )


def _rows(first: CellRef, last: CellRef, size: int) -> str:
    return f"{first.sheet}!{first.cell}:{last._replace(row=last.row + size - 1).cell}"


def _edits(book: Book) -> Iterator[tuple[str, str]]:
    if book.layout.choices:
        first, last = book.layout.letter(1), book.layout.letter(len(book.letters))
        word = f"{first._replace(row=EDITED_ROW).cell}:{last._replace(row=EDITED_ROW).cell}"
        what = f"{book.noun}s of the {book.text}"
        yield what if book.layout.shortens else "what is chosen from a list", f"SUM({INPUTS}!{word})"
    for nodes in book.layout.given:
        cells, names = area(book, nodes), book.walk.names
        yield (
            f"numbers of {names.symbol(nodes[0]) if len(nodes) == 1 else called(book, nodes[0])}",
            f"IFERROR(SUMPRODUCT(--({INPUTS}!{cells}<>{ORIGINAL}!{cells})),1)",
        )
    for place, value in book.settings.items():
        yield f"the number in {place}", f"IFERROR(IF({place}={value:g},0,1),1)"


def _compared(book: Book, losses: list[float]) -> Iterator[tuple[str, CellRef, float]]:
    """What, where, and the value: losses, memory and probabilities, what was learned, as many as are good to read."""
    names = book.walk.names
    forward = [node for node, label in names.labels.items() if label.group == "forward"]
    whole = [node for node in forward if names.labels[node].field == "loss"]
    answer = "p" if book.predicts else "y"
    letters = [node for node in forward if book.role(node) == "memory" or names.labels[node].field == answer]
    learned = [*book.walk.gradients.values(), *book.walk.updated.values()] if book.walk.backward else []
    for nodes in (whole[::-1][:1], whole[:-1], letters, learned):
        elements = [(node, (int(r), int(c))) for node in nodes for r, c in np.ndindex(*node.shape)]
        for node, at in elements[:MOST_ROWS]:
            yield names.key(node, at), book.layout.home[node].to(at), float(node.value[at])
    for epoch, loss in enumerate(losses[:MOST_ROWS]):
        yield f"loss of epoch {epoch + 1}", CellRef(TRAINING, TOP + epoch, LOSS), loss


def _compare(sheet: Sheet, row: int, what: str, place: CellRef, value: float, edited: str) -> None:
    sheet.put(row, 1, what, SENTENCE)
    sheet.live(
        row, 2, f'=IF({edited}>0,"edited",IFERROR(ABS(C{row}-D{row})<=1E-12+1E-9*ABS(D{row}),FALSE))', True, VERDICT
    )
    sheet.live(row, 3, f'=IFERROR({place},"–")', value, VALUE)
    sheet.put(row, 4, value, VALUE)
    sheet.link(row, 5, str(place), place)


def _area(first: CellRef, last: CellRef, shape: tuple[int, ...]) -> str:
    end = last.to((shape[0] - 1, shape[1] - 1))
    return f"{first.sheet}!{first.cell}:{end.cell}"
