"""The sheet Checks: live TRUE and FALSE, and the exported values to compare with."""

from collections.abc import Iterator, Sequence

import numpy as np
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from rnnwalk.layout.addresses import CHECKS, INPUTS, TRAINING, CellRef, column_letters
from rnnwalk.layout.addresses import EDITED as EDITED_ROW
from rnnwalk.layout.backprop import Nudge
from rnnwalk.layout.training import LOSS, TOP
from rnnwalk.render.workbook import invariants
from rnnwalk.render.workbook.any_step import called
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.choices import ORIGINAL, area
from rnnwalk.render.workbook.complaints import forward
from rnnwalk.render.workbook.nudge import CHOICE, STEP, chosen, epsilon, slope
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import fit, pages
from rnnwalk.render.workbook.sheet import Sheet, span
from rnnwalk.render.workbook.style import HEADING, NUMBER, SENTENCE, SUBTITLE, TITLE, Look, OrderedFont
from rnnwalk.render.workbook.typed_over import UNKNOWN
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
    first_must = row + 1
    musts, others = invariants.edited(book, f"$B${row + 1}:$B${row + 2}"), [*invariants.computed(book, results)]
    for must in (*musts, *others):
        row += 1
        sheet.put(row, 1, must.text, SENTENCE)
        sheet.live(row, 2, f"=IFERROR({must.holds},FALSE)", True, VERDICT)
    always = f"B{first_must}:B{row}"
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
    told = [f"IF(B{each}=FALSE,{must.says}," for each, must in enumerate(musts, start=first_must)]  # the first ones
    told.append(f"IF(NOT({(must := forward(book)).holds}),{must.says},")
    if book.overflow:
        told.append(f'IF(LEFT({book.overflow},1)="✗",{book.overflow},')
    later = enumerate(others, start=first_must + len(musts))
    told += [f"IF(B{each}=FALSE,{must.says}," for each, must in later if must.says]
    sheet.live(
        STATE.row, STATE.column,
        f'={"".join(told)}'
        f'IF(NOT(AND({always})),"{WRONG}",IF({edited}>0,"{EDITED}",IF(AND(B{first}:B{row}),"{FINE}","{WRONG}"))){")" * len(told)}',
        FINE, Look(bold=True, size=12),
    )  # fmt: skip
    good, bad = PatternFill(bgColor="B7E4D5"), PatternFill(bgColor="FFC078")
    for answer, fill in (("TRUE", good), ("FALSE", bad)):
        rule = CellIsRule("equal", [answer], font=OrderedFont(b=True), fill=fill)
        sheet.ws.conditional_formatting.add(f"{always} B{first}:B{row}", rule)
    mark(sheet, STATE, 4)
    where = max(span(text) for (_, column), (text, _) in sheet.texts.items() if column == 5)
    for column, width in ((1, 62), (2, 14), (3, 16), (4, 16), (5, max(18, where + 2))):
        sheet.width(column, width)
    fit(sheet, 5, row + 1)
    pages(sheet, [*range(STATE.row, row + 1)], row + 1)
    sheet.ws.freeze_panes = "A5"
    make_room(sheet)
    book.links[CHECKS].append(("all together", STATE))


def mark(sheet: Sheet, state: CellRef, last: int) -> None:
    """Colour the overall state by its sign, as far as a column: its sentence reaches over."""
    area = f"{state.cell}:{column_letters(last)}{state.row}"
    for sign, colour in (("✓", "B7E4D5"), ("✎", "FFD28A"), ("✗", "FFC078")):
        rule = FormulaRule([f'LEFT(${state.cell},1)="{sign}"'], fill=PatternFill(bgColor=colour))
        sheet.ws.conditional_formatting.add(area, rule)


def _difference(book: Book, sheet: Sheet, nudge: Nudge) -> int:
    """The gradient of one weight in two ways; returns the next row."""
    node, at = chosen(book, nudge)
    key, gradient = book.walk.names.symbol(node, at), book.walk.gradients[book.walk.names.labels[node].field]
    loss = book.walk.names.node["loss"]
    more, less = nudge.place(loss, nudge.more), nudge.place(loss, nudge.less)
    row = CHOICE.row
    sheet.put(row - 1, 1, "One gradient, found in two ways: choose a weight from the list", HEADING)
    sheet.put(row, 1, "the weight", SENTENCE)
    sheet.put(row, 2, key, CHOOSE)
    sheet.put(row + 1, 1, "its gradient, by backpropagation through time", SENTENCE)
    formula = f"=SUMPRODUCT({nudge.weight_rows(nudge.chosen)},{nudge.weight_rows(nudge.gradient)})"
    sheet.live(row + 1, 2, formula, float(gradient.value[at]), VALUE)
    sheet.put(row + 2, 1, "its central difference: (loss at (weight + ε) − loss at (weight − ε)) / 2ε", SENTENCE)
    sheet.live(row + 2, 2, f"=({more}-{less})/(2*{STEP})", slope(book, nudge, epsilon(book, nudge)), VALUE)
    rule = DataValidation("list", formula1=f"={nudge.weight_rows(1)}", allow_blank=False, showErrorMessage=True)
    rule.errorTitle, rule.error = "Not a weight", "Choose a weight from the list."
    rule.add(CHOICE.cell)
    sheet.ws.add_data_validation(rule)
    book.links[CHECKS].append(("gradient check", CHOICE))
    return row + 4


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
            yield names.symbol(node, at), book.layout.home[node].to(at), float(node.value[at])
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
