"""The sheet Unrolled: the whole word on a page; weights left, time to the right, the pipeline downwards."""

from openpyxl.formatting.rule import ColorScaleRule

from rnnwalk.notation import ATOM, MATHS, write
from rnnwalk.places import FIRST, HEADS, INPUTS, NEXT, UNROLLED, Band, Place, column_letters
from rnnwalk.render.workbook import charts
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.formulas import Unrolled, Writer, likeness
from rnnwalk.render.workbook.sheet import NUMBERS, Sheet, bracket, numbers, span
from rnnwalk.render.workbook.style import (
    FORMULA,
    HEAD,
    HEADING,
    KEY,
    NUMBER,
    ROLES,
    ROWHEAD,
    SENTENCE,
    SUBTITLE,
    SYMBOL,
    TITLE,
    Look,
    symbols,
)  # fmt: skip
from rnnwalk.terms import Term, unfold
from rnnwalk.trace import Node

STEP, READ = 4, 5  # the rows of the headings over the columns
SUM = Look(format=NUMBER, ink="5B6673", align="right")


def draw(book: Book) -> None:
    """Every quantity of every letter, each letter a column."""
    layout, walk = book.layout, book.walk
    sheet = book.sheet(UNROLLED, "0072B2")
    sheet.put(1, 1, f"Unrolled: the whole {book.text} on a page", TITLE)
    sheet.put(
        2,
        1,
        "Weights stand left, time runs to the right, the computation runs down. The same weights serve every step.",
        SUBTITLE,
    )
    sheet.put(STEP, 1, "step", SENTENCE)
    sheet.put(READ, 1, f"{ROLES['input'].sign} the {book.noun} that it reads", SENTENCE)
    for step in range(walk.length + 1):
        sheet.put(STEP, layout.before + step, step, HEAD)
    for step in range(1, walk.length + 1):
        look = symbols("input")
        sheet.live(READ, layout.before + step, f"={layout.letter(step)}", book.letters[step - 1], look)
    for band in layout.bands:
        _band(book, sheet, band)
        if walk.names.of[band.node].field == "p":
            _prediction(book, sheet, band)
    for node in layout.whole:
        _whole(book, sheet, node)
    sheet.width(1, 34)
    sheet.width(HEADS, max(4.0, *map(span, walk.names.letters)) + 2)
    sheet.widths(FIRST, layout.last, max(NUMBERS, *[span(letter) + 4 for letter in book.letters]))
    sheet.ws.freeze_panes = "C6"
    sheet.ws.print_title_rows = f"{STEP}:{READ}"
    charts.draw(book, sheet)
    sheet.huge()


def generic(book: Book, node: Node) -> str:
    """A value's equation for any time step: hₜ = tanh(Wxh·xₜ + Whh·hₜ₋₁ + b)."""
    names = book.walk.names
    letter = names.of[node].letter or 0

    def leaf(term: Term) -> tuple[str, int]:
        if term.node is None or term.node.op == "constant":
            return f"{term.value:g}", ATOM
        return symbol(term.node, (names.of[term.node].letter or 0) - letter), ATOM

    def symbol(part: Node, distance: int) -> str:
        name = names.of[part]
        if name.note.symbol == "=":
            return write(unfold(part, None, lambda other: other in names.of), MATHS, leaf)
        return name.note.symbol.replace("ₜ", "ₜ₋₁") if distance < 0 else name.note.symbol

    right = write(unfold(node, None, lambda other: other in names.of), MATHS, leaf)
    left = symbol(node, 0)
    return right if left == right or names.of[node].group != "forward" else f"{left} = {right}"


def _band(book: Book, sheet: Sheet, band: Band) -> None:
    names, layout = book.walk.names, book.layout
    field = names.of[band.node].field
    sheet.put(band.top, 1, book.caption(band.node), HEADING)
    formula = generic(book, band.node)
    sheet.put(*((band.top + 1, 1) if band.row > band.top else (band.top, FIRST)), formula, FORMULA)
    heads = names.heads(band.node, 0)
    carried = any(name.field == field and name.group == "initial" for name in names.of.values())
    for r, head in enumerate(heads):
        sheet.put(band.row + r, HEADS, head, ROWHEAD)
        if not carried:  # nothing stands at time 0, so the headings are repeated beside the numbers
            sheet.put(band.row + r, layout.before, head, ROWHEAD)
    for weight, place in band.weights.items():
        _copy(book, sheet, weight, place)
    timed = [node for node, name in names.of.items() if name.field == field and name.letter is not None]
    first = next(node for node in timed if names.of[node].letter == 1)
    writer = Unrolled(names, lambda node: band.weights.get(node) or layout.drawn[node])
    like = None if first.op == "input" else likeness(names, first)
    rows = [] if first.op == "input" else [writer.row(first, (r, 0)) for r in range(first.shape[0])]
    for node in timed:
        place, home, look = layout.drawn[node], layout.home[node], bracket(0, 1, book.look(node))
        same = node.op != "input" and likeness(names, node) == like
        for r, (value,) in enumerate(numbers(node.value)):
            if node.op == "input":
                formula = f"={home.to((r, 0))}"
            else:
                formula = (rows[r] if same else writer.row(node, (r, 0)))(place.column)
            sheet.live(place.row + r, place.column, formula, value, look)
    _heat(book, sheet, band, first)
    book.links[UNROLLED].append(
        (
            f"{names.of[band.node].note.symbol.replace('=', generic(book, band.node))} · {names.of[band.node].note.title}",
            Place(UNROLLED, band.row, layout.before + 1),
        )
    )


def _copy(book: Book, sheet: Sheet, weight: Node, place: Place) -> None:
    """A weight beside the rows that it makes, each cell a reference to Inputs."""
    names, home = book.walk.names, book.layout.home[weight]
    heads = names.heads(weight, 1)
    sheet.put(place.row - 2 if heads else place.row - 1, place.column, names.symbol(weight), SYMBOL)
    for c, head in enumerate(heads):
        sheet.put(place.row - 1, place.column + c, head, HEAD)
    look = book.look(weight)
    for r, row in enumerate(numbers(weight.value)):
        for c, value in enumerate(row):
            edges = bracket(c, weight.shape[1], look)
            sheet.live(place.row + r, place.column + c, f"={home.to((r, c))}", value, edges)


def _prediction(book: Book, sheet: Sheet, band: Band) -> None:
    """Under the probabilities: their sum, the letter with the largest, the truth, and whether they agree."""
    count = band.node.shape[0]
    first, last = band.row, band.row + count - 1
    row = band.row + count
    heads = f"$B${first}:$B${last}"
    for offset, text in enumerate(
        ("Σ together they make 1", f"★ the {book.noun} that it names", f"◎ the true next {book.noun}")
    ):
        sheet.put(row + offset, 1, text, SENTENCE)
    for step in range(1, book.walk.length + 1):
        column = book.layout.before + step
        letters = column_letters(column)
        p = f"{letters}{first}:{letters}{last}"
        total = float(book.walk.at("p", step).value.sum())
        said, true = book.predicted(step), book.letters[step]
        sheet.live(row, column, f"=SUM({p})", total, SUM)
        sheet.live(row + 1, column, f"=INDEX({heads},MATCH(MAX({p}),{p},0))", said, symbols("probability"))
        target = f"={INPUTS}!{column_letters(book.layout.letter(step).column)}{NEXT}"
        sheet.live(row + 2, column, target, true, symbols("target"))
        verdict = f'=IF(EXACT({letters}{row + 1},{letters}{row + 2}),"✓","✗")'
        sheet.live(row + 3, column, verdict, "✓" if said == true else "✗", HEAD)
    sheet.put(row + 3, 1, "right?", SENTENCE)


def _whole(book: Book, sheet: Sheet, node: Node) -> None:
    place, names = book.layout.drawn[node], book.walk.names
    note = names.of[node].note
    sheet.put(place.row, 1, book.caption(node), HEADING)
    writer = Writer(names, lambda other: book.layout.drawn[other], lambda _, at: at.cell)
    look = bracket(0, 1, book.look(node)).but(bold=True)
    sheet.live(place.row, place.column, writer.element(node, (0, 0)), float(node.value[0, 0]), look)
    sheet.put(place.row, place.column + 1, note.text, KEY)
    book.links[UNROLLED].append((f"{note.symbol} · {note.title}", place))


def _heat(book: Book, sheet: Sheet, band: Band, first: Node) -> None:
    """Colours that follow the numbers: from blue over white to orange, or from white to green."""
    columns = (book.layout.before, book.layout.last)
    ref = f"{column_letters(columns[0])}{band.row}:{column_letters(columns[1])}{band.row + first.shape[0] - 1}"
    if book.role(first) == "memory":
        rule = ColorScaleRule("num", -1, "6BAED6", "num", 0, "FFFFFF", "num", 1, "F5A55A")
    elif book.role(first) == "probability":
        rule = ColorScaleRule("num", 0, "FFFFFF", end_type="num", end_value=1, end_color="3DB38A")
    else:
        return
    sheet.ws.conditional_formatting.add(ref, rule)
