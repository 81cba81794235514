"""The sheet Nudge: the loss twice more, with one weight a little larger and a little smaller.

(loss more − loss less) / 2ε is the central difference, which the sheet Checks shows beside the gradient.
"""

import numpy as np

from rnnwalk.layout.addresses import CHECKS, NUDGE, CellRef, column_letters
from rnnwalk.layout.backprop import Nudge
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.formulas import Writer
from rnnwalk.render.workbook.number_room import make_room
from rnnwalk.render.workbook.paper import fit, pages
from rnnwalk.render.workbook.sheet import NUMBERS, Sheet, numbers
from rnnwalk.render.workbook.style import HEAD, ROWHEAD, SENTENCE, SUBTITLE, TITLE, Look
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node, replay

# The error of the difference: ε² from the curve, 1e-16/ε from rounding, at first both about 1e-10; smaller where errors explode.
EPSILONS = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
STEP = CellRef(NUDGE, 4, Nudge.more)
CHOICE = CellRef(CHECKS, 7, 2)  # where the reader chooses a weight
CLOSE = 1e-6  # how near the two must be, as a share of 1 and the gradient
SMALL = Look(format="0.00E+00", align="right")


def chosen(book: Book, nudge: Nudge) -> tuple[Node, Index]:
    """The number that is chosen at the export: a recurrent one, whose gradient has come through time."""
    names = book.walk.names.labels
    return next((node for node in nudge.weights if names[node].note.axes == "nn"), nudge.weights[0]), (0, 0)


def slope(book: Book, nudge: Nudge, epsilon: float) -> float:
    """The central difference of the number that is chosen at the export."""
    node, at = chosen(book, nudge)
    one = np.zeros(node.shape)
    one[at] = epsilon
    loss = book.walk.names.node["loss"]
    more, less = (replay(book.walk.trace, {node.path: node.value + sign * one})[loss][0, 0] for sign in (1, -1))
    return float((more - less) / (2 * epsilon))


def epsilon(book: Book, nudge: Nudge) -> float:
    """How far a weight is moved: the largest step with which the difference is near the gradient, or else the best one."""
    node, at = chosen(book, nudge)
    gradient = float(book.walk.gradients[book.walk.names.labels[node].field].value[at])
    apart: dict[float, float] = {}
    for each in EPSILONS:
        apart[each] = abs(slope(book, nudge, each) - gradient) / (1 + abs(gradient))
        if apart[each] <= CLOSE / 4:
            return each
    return min(apart, key=apart.__getitem__)


def draw(book: Book, nudge: Nudge) -> None:
    """Both passes, a number a row: the weights with the one that is moved, then all that follows from them."""
    names, layout, trace = book.walk.names, book.layout, book.walk.trace
    sheet = book.sheet(NUDGE, "999999")
    sheet.put(
        1,
        1,
        f"Nudge: the same {'word' if book.noun == 'letter' else 'text'} read twice more, with one weight moved",
        TITLE,
    )
    sheet.put(2, 1, f"It serves the central difference on {CHECKS}, where the weight is chosen.", SUBTITLE)
    sheet.put(STEP.row, 1, "ε: how far it is moved", SENTENCE)
    step = epsilon(book, nudge)
    sheet.put(STEP.row, STEP.column, step, SMALL)
    for column, text in enumerate(("number", "chosen", "weight + ε", "weight − ε", "gradient"), start=1):
        sheet.put(nudge.top - 1, column, text, ROWHEAD if column == 1 else HEAD)
    moved, at = chosen(book, nudge)
    gradients = {book.walk.names.node[name]: node for name, node in book.walk.gradients.items()}
    for node in nudge.weights:
        _choice(book, sheet, nudge, node, gradients[node], (node is moved, at))
    for column, sign in ((nudge.more, "+"), (nudge.less, "-")):
        change = np.zeros(moved.shape)
        change[at] = step if sign == "+" else -step
        values = replay(trace, {moved.path: moved.value + change})
        letter = column_letters(column)
        for node in nudge.weights:
            for r, c in np.ndindex(*node.shape):
                place = nudge.place(node, column).to((r, c))
                formula = f"={layout.home[node].to((r, c)).fixed}{sign}$B{place.row}*{STEP.local}"
                sheet.live(place.row, column, formula, float(values[node][r, c]), book.look(node))
        writer = Writer(
            names,
            lambda node: nudge.place(node, nudge.more) if node in nudge.row else layout.home[node],
            lambda node, place, letter=letter: f"{letter}{place.row}" if node in nudge.row else place.fixed,  # type: ignore[misc]
            blank=book.gone if layout.shortens else None,
        )
        for node in nudge.forward:
            look = book.look(node)
            for r, row in enumerate(numbers(values[node])):
                for c, value in enumerate(row):
                    place = nudge.place(node, column).to((r, c))
                    sheet.live(place.row, column, writer.element(node, (r, c)), value, look)
                    sheet.put(place.row, 1, names.symbol(node, (r, c)), ROWHEAD)
    sheet.width(1, 24)
    sheet.widths(2, 5, NUMBERS + 2)
    sheet.ws.print_title_rows = f"{nudge.top - 1}:{nudge.top - 1}"
    fit(sheet, 5, nudge.end)
    pages(sheet, [*range(nudge.top, nudge.end)], nudge.end, repeated=(nudge.top - 1, nudge.top - 1))
    sheet.ws.freeze_panes = f"B{nudge.top}"
    make_room(sheet)


def _choice(book: Book, sheet: Sheet, nudge: Nudge, node: Node, gradient: Node, moved: tuple[bool, Index]) -> None:
    """The names of a weight's numbers, whether each is the chosen one, and its gradient."""
    for r, c in np.ndindex(*node.shape):
        row = nudge.place(node, nudge.chosen).to((r, c)).row
        sheet.put(row, 1, book.walk.names.symbol(node, (r, c)), ROWHEAD)
        here = 1 if moved == (True, (r, c)) else 0
        sheet.live(row, nudge.chosen, f"=IF(EXACT({CHOICE.fixed},$A{row}),1,0)", here, HEAD)
        value = float(gradient.value[r, c])
        sheet.live(row, nudge.gradient, f"={book.layout.home[gradient].to((r, c))}", value, book.look(gradient))
